import EventLog
import RuleEngine
public import Scene

/// Why a rule did not fire for a track at a moment: the first condition that failed, by how much, and the nearest setting
/// under which it would have fired, found by judging the recording again with it.
public struct WhyNot {
  /// What was asked.
  public struct Question: Sendable {
    public var rule: String
    /// Nil: the rule tells of no track.
    public var track: TrackID?
    /// `12:03:05`, `93.5s`, `1:30` or a point in time.
    public var at: String
    /// How far from that moment the answer may lie.
    public var within: MediaInterval

    public init(rule: String, track: TrackID?, at: String, within: MediaInterval) {
      self.rule = rule; self.track = track; self.at = at; self.within = within
    }
  }

  enum Answer {
    /// It did, or it had before and is not through.
    case fired(ToldEvent)
    /// The tracker never believed in the track meanwhile: rules were not shown it.
    case doubted(Doubt)
    case failed(Failure)
  }

  struct Doubt {
    var track: Track
    var at: MediaTime
    /// Score from which the tracker believes.
    var threshold: Double
    /// On how many keyframes up to then it was detected.
    var detections: Int

    var isScoreTooLow: Bool { track.medianScore < threshold }
  }

  struct Failure {
    /// The keyframe on which it came nearest.
    var point: TrackTrail.Point
    var condition: Condition
    /// Settings that together would have fired; empty: none was found.
    var remedy: [SettingChange]
    /// What was told with them.
    var told: ToldEvent?
  }

  let question: Question
  let at: MediaTime
  let context: StreamContext
  let size: PictureSize
  let answer: Answer

  public init(_ question: Question, from source: RecordingSource, stop: StopFlag, tell: (String) -> Void) throws {
    let whole = try source.open(stop: stop, tell: tell)
    try Self.check(question, whole.plan.rules)
    let times = whole.times
    let at = try TimeText.time(question.at, in: whole.context, first: times.first ?? .zero)
    guard let first = times.first, let last = times.last, at + question.within >= first, at - question.within <= last else {
      throw WorkerError(.usage, "--at \(question.at): the recording reaches from \(TimeText.text(times.first ?? .zero, in: whole.context)) to \(TimeText.text(times.last ?? .zero, in: whole.context))")
    }
    // What comes a minute later decides nothing here.
    let search = WhyNotSearch(question: question, at: at, rejudging: whole.upTo(at + question.within + .seconds(60)))
    self.question = question; self.at = at; context = whole.context; size = whole.size
    answer = try search.answer()
  }

  private static func check(_ question: Question, _ rules: RuleSet) throws {
    guard rules.ruleIDs.contains(question.rule) else {
      throw WorkerError(.usage, "--rule \(question.rule): \(rules.file ?? "the standard rules") has no such rule: there is \(rules.ruleIDs.joined(separator: ", "))")
    }
  }
}
