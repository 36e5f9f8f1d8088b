import EventLog
import RuleEngine
import Scene
import VideoInput

/// What made an event: the rule and its settings, what had to hold, the detections that started each timer, and how often
/// and over which gaps the stream was looked at meanwhile.
public struct Explanation {
  let told: ToldEvent
  let rule: RuleSet.Summary
  let decided: MediaTime
  /// How things stood on the deciding keyframe; nil where the event is about no track, or its track was gone.
  let standing: Conditions?
  let marks: [TrackTrail.Mark]
  let sampling: Sampling
  let size: PictureSize

  struct Sampling {
    var from: MediaTime
    var to: MediaTime
    var keyframes = 0
    var detected = 0
    var carried = 0
    /// Between keyframes; nil where there are fewer than two.
    var interval: MediaInterval?
    var longest: MediaInterval?
    var gaps: [(from: MediaTime, to: MediaTime, why: String)] = []
  }

  /// - Parameters:
  ///   - id: of the event, or its beginning.
  ///   - log: the log it stands in.
  /// - Throws: `WorkerError` where the log has no such event, or the recording doesn't give it under these rules.
  public init(of id: String, log: String, from source: RecordingSource, stop: StopFlag, tell: (String) -> Void) throws {
    let logged = try LoggedEventSearch.event(id, in: log)
    guard let rule = logged.event.event.rule?.id else {
      throw WorkerError(.usage, "\(log): event \(logged.id) is \(logged.event.event.type.rawValue): no rule made it, the stream told it itself")
    }
    try Self.check(logged.event.event, source.settings)
    let rejudging = try source.open(stop: stop, tell: tell)
    guard let summary = rejudging.plan.rules.summary(of: rule) else {
      throw WorkerError(.badData, "\(rejudging.plan.rules.file ?? "the standard rules"): no rule '\(rule)', which made event \(logged.id); give its rule file, --rules FILE")
    }
    var trail = TrackTrail(rule: rule, track: logged.event.event.object?.track)
    var found: (told: ToldEvent, time: MediaTime, standing: Conditions?)?
    var all = try rejudging.run { step in
      trail.add(step)
      guard found == nil, let told = step.told.first(where: { $0.id == logged.id }) else { return }
      found = (told, step.engine.lastTime ?? told.event.mediaTime, step.engine.conditions(of: trail.track, rule: rule))
    }
    if found == nil, let told = all.first(where: { $0.id == logged.id }) { found = (told, rejudging.times.last ?? told.event.mediaTime, nil) }
    guard let found else {
      all.removeAll { $0.event.rule?.id != rule }
      throw Self.notFound(logged, all, rejudging)
    }
    told = found.told; decided = found.time; standing = found.standing; self.rule = summary; size = rejudging.size
    let isEnd = told.event.phase == .end || told.event.reason != nil
    marks = trail.marks(upTo: decided, ending: isEnd)
    sampling = Self.sampling(rejudging, trail, from: Self.beginning(told.event, marks, standing), to: decided)
  }

  /// When what led to the event began.
  private static func beginning(_ event: Event, _ marks: [TrackTrail.Mark], _ standing: Conditions?) -> MediaTime {
    let timers = (standing?.toFire ?? []).compactMap(\.since)
    return min(timers.min() ?? event.mediaTime, event.mediaTime)
  }

  private static func sampling(_ rejudging: Rejudging, _ trail: TrackTrail, from: MediaTime, to: MediaTime) -> Sampling {
    let all = rejudging.times
    // The keyframe before the beginning is one end of the path on which it lies.
    let first = all.lastIndex { $0 <= from } ?? 0
    let times = all[first...].prefix { $0 <= to }
    let start = times.first ?? from
    let points = trail.points.filter { $0.time >= start && $0.time <= to }
    var sampling = Sampling(from: start, to: to, keyframes: times.count)
    sampling.detected = points.count { $0.standing.sight?.isDetected ?? false }
    sampling.carried = points.count - sampling.detected
    let steps = zip(times, times.dropFirst()).map { $1 - $0 }.sorted()
    if !steps.isEmpty { sampling.interval = steps[steps.count / 2]; sampling.longest = steps.last }
    sampling.gaps = trail.gaps.filter { $0.to > sampling.from && $0.from < to }.map { ($0.from, $0.to, $0.reason.rawValue) }
    return sampling
  }

  private static func check(_ event: Event, _ settings: StreamSettings) throws {
    guard settings.rules == nil, let rule = event.rule, rule.kind != RuleKind.objectAppeared.rawValue else { return }
    throw WorkerError(.usage, "rule '\(rule.id)' made this event, a \(rule.kind) rule: say in which file it stands, --rules FILE")
  }

  /// Why the recording doesn't give the event, as far as that can be told.
  private static func notFound(_ logged: (event: LoggedEvent, id: String), _ told: [ToldEvent], _ rejudging: Rejudging) -> WorkerError {
    let event = logged.event.event
    var words = "this recording does not give event \(logged.id) under these rules"
    if rejudging.context.stream != logged.event.context.stream {
      words += ": it is of stream '\(rejudging.context.stream)', the event of '\(logged.event.context.stream)' (--stream)"
    } else if let near = told.min(by: { distance($0.event, event) < distance($1.event, event) }) {
      words += ": nearest is \(near.event.type.rawValue) at \(TimeText.seconds(near.event.mediaTime))\(near.event.object.map { " of track \($0.track)" } ?? ""), "
        + "in the log it is at \(TimeText.seconds(event.mediaTime))\(event.object.map { " of track \($0.track)" } ?? "")"
    } else {
      words += ": the rule tells nothing"
    }
    return WorkerError(.badData, words + "; give the recording and the rule file that the log was written with")
  }

  private static func distance(_ a: Event, _ b: Event) -> Double {
    abs((a.mediaTime - b.mediaTime).seconds) + (a.object?.track == b.object?.track ? 0 : 60) + (a.type == b.type ? 0 : 30)
  }
}
