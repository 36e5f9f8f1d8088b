public import EventLog
import RuleEngine
import Scene

/// An event as it would stand in a log.
public struct ToldEvent: Sendable, Equatable {
  public var event: Event
  public var context: StreamContext
  /// Of the line in the log.
  public var id: String

  init(_ event: Event, _ context: StreamContext) {
    self.event = event; self.context = context
    id = EventEncoder.id(of: event, in: context)
  }
}

/// A recording that can be judged any number of times, under any rules.
struct Rejudging {
  let plan: StreamPlan
  let size: PictureSize
  let context: StreamContext
  private(set) var observations: [Observation]

  /// - Parameter thresholds: by query, in place of the recording's; they concern recorded detections alone.
  init(_ recorded: RecordedStream, settings: StreamSettings, source: String, thresholds: [Double]? = nil) throws {
    var (plan, context) = try recorded.plan(settings, source: source)
    if let thresholds { plan.thresholds = thresholds }
    self.plan = plan; self.context = context
    size = recorded.header.size
    var replay = TrackReplay(plan: plan, size: size, session: context.session)
    observations = recorded.lines.compactMap { replay.observation(of: $0) }
  }

  /// What was told on one keyframe or gap, and the engine right after it.
  struct Step {
    var observation: Observation
    var told: [ToldEvent]
    var engine: RuleEngine
    var context: StreamContext
  }

  /// Judges all of it. The last step's events, those of the end, come with no step.
  @discardableResult
  func run(rules: RuleSet? = nil, visit: (Step) throws -> Void = { _ in }) throws -> [ToldEvent] {
    var plan = plan
    if let rules { plan.rules = rules }
    let sink = Gathering()
    let judge = Judge(plan: plan, context: context, size: size, sink: sink, statistics: RunStatistics())
    var seen = 0
    for observation in observations {
      try judge.observe(observation)
      let all = sink.told
      try visit(Step(observation: observation, told: Array(all[seen...]), engine: judge.engine, context: judge.context))
      seen = all.count
    }
    try judge.finish(reason: .endOfStream)
    return sink.told
  }

  /// The same, over after a media time.
  func upTo(_ end: MediaTime) -> Rejudging {
    var shorter = self
    if let index = observations.firstIndex(where: { if case .keyframe(let seen) = $0 { seen.time > end } else { false } }) {
      shorter.observations.removeSubrange(index...)
    }
    return shorter
  }

  /// Media times of all keyframes.
  var times: [MediaTime] { observations.compactMap { if case .keyframe(let seen) = $0 { seen.time } else { nil } } }
}

/// Keeps what is told. Used by one thread.
private final class Gathering: EventSink, @unchecked Sendable {
  private(set) var told: [ToldEvent] = []
  func append(_ events: [Event], in context: StreamContext) { told += events.map { ToldEvent($0, context) } }
}
