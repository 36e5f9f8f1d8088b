import EventLog
import RuleEngine
import Scene
import VideoInput

/// Takes events in order: the log itself, or one input's place in a queue for it.
protocol EventSink: Sendable {
  func append(_ events: [Event], in context: StreamContext) throws
}

/// The judging half of a stream: tracks → rules → events → log. Used by one thread at a time.
final class Judge {
  private let plan: StreamPlan
  private let sink: any EventSink
  private let statistics: RunStatistics
  private let recorder: Recorder?
  private let snapshots: SnapshotWriter?
  private(set) var context: StreamContext
  private var size: PictureSize
  private(set) var engine: RuleEngine
  private(set) var lastTime = MediaTime.zero
  private(set) var lastPTS: Int64?
  private let tellsUpAndDown: Bool
  /// What people want to know now.
  private let say: WatchJob.Tell?

  var session: Int { context.session }

  init(plan: StreamPlan, context: StreamContext, size: PictureSize, sink: any EventSink, statistics: RunStatistics,
       recorder: Recorder? = nil, snapshots: SnapshotWriter? = nil, live: Bool = false, tell: WatchJob.Tell? = nil) {
    self.plan = plan; self.context = context; self.size = size; self.sink = sink; self.statistics = statistics
    self.recorder = recorder; self.snapshots = snapshots; tellsUpAndDown = live; say = tell
    engine = RuleEngine(rules: plan.rules, context: Self.ruleContext(plan, context, size))
  }

  private static func ruleContext(_ plan: StreamPlan, _ context: StreamContext, _ size: PictureSize) -> RuleContext {
    RuleContext(queries: plan.queries, size: size, stream: context.stream, session: context.session, epoch: context.epoch)
  }

  /// Goes on where a checkpoint was written. False: the state is another rule file's.
  func resume(_ state: RuleEngine.State, time: MediaTime, pts: Int64?) -> Bool {
    lastTime = time; lastPTS = pts
    return engine.restore(state)
  }

  /// A new session of the same stream: totals go on, all else begins anew.
  func begin(context: StreamContext, size: PictureSize) {
    self.context = context; self.size = size
    engine.begin(Self.ruleContext(plan, context, size))
    lastTime = .zero; lastPTS = nil
  }

  func began(source: String) throws {
    statistics.update { $0.sessions += 1 }
    guard tellsUpAndDown else { return }
    try write([Event(type: .streamUp, subject: "stream", mediaTime: .zero,
                     details: [Detail("width", .integer(size.width)), Detail("height", .integer(size.height))])])
  }

  func observe(_ observation: Observation) throws {
    switch observation {
    case .keyframe(let seen): try judge(seen)
    case .gap(let gap): try tell(gap)
    case .clockStep(let step): try tell(step)
    }
  }

  /// Everything open ends.
  func finish(reason: EndReason) throws {
    try write(engine.finish(at: lastTime, reason: reason, pts: lastPTS))
  }

  func down(why: String) throws {
    guard tellsUpAndDown else { return }
    try write([Event(type: .streamDown, subject: "stream", mediaTime: lastTime, pts: lastPTS, details: [Detail("why", .text(why))])])
  }

  private func judge(_ seen: SeenKeyframe) throws {
    lastTime = seen.time; lastPTS = seen.pts
    var times = StageTimes()
    try times.measure(\.judge) {
      var events = engine.judge(seen.tracks, at: seen.time, pts: seen.pts)
      if let snapshots, let picture = seen.picture {
        // An event counts for more than its picture.
        do { try snapshots.attach(to: &events, picture: picture, plan: plan) } catch { lost(error) }
      }
      // The engine has moved on: what it said stands in the log, whatever fails beside it.
      try write(events)
      try recorder?.record(seen)
    }
    statistics.update { $0.mediaTime = seen.time; $0.times.add(times) }
  }

  private func lost(_ snapshot: any Error) {
    if statistics.now.snapshotsLost == 0 { say?("\(plan.stream): no snapshot: \(snapshot)") }
    statistics.update {
      $0.snapshotsLost += 1
      $0.snapshotProblem = $0.snapshotProblem ?? "\(snapshot)"
    }
  }

  private func tell(_ gap: Gap) throws {
    try recorder?.record(gap)
    statistics.update { $0.gaps += 1; $0.lost += gap.lostPackets + gap.lostFrames }
    try write([Event(type: .streamGap, subject: "stream", mediaTime: gap.from, pts: lastPTS,
                     details: [Detail("until", .seconds(gap.to.seconds)), Detail("why", .text(gap.reason.rawValue)),
                               Detail("lost", .integer(gap.lostPackets + gap.lostFrames))])])
    try write(engine.gap(from: gap.from, to: gap.to, pts: lastPTS))
  }

  /// A jump of the stream's clock ends a session and begins the next; nothing is measured across it.
  private func tell(_ step: ClockStep) throws {
    try recorder?.record(step)
    try finish(reason: .gap)
    var next = context
    next.session += 1
    // The new session's media time begins at zero; by the camera's time it goes on where the old one ended.
    next.epoch = context.cameraTime(of: step.from)
    begin(context: next, size: size)
    statistics.update { $0.sessions += 1 }
    try write([Event(type: .streamClockStep, subject: "stream", mediaTime: .zero,
                     details: [Detail("from", .seconds(step.from.seconds)), Detail("to", .seconds(step.to.seconds))])])
  }

  /// Camera time by the sender's clock, once the sender has told it.
  func learnSenderEpoch(_ epoch: Int64) {
    context.timeSource = .rtcp
    context.epoch = epoch
    engine.correctClock(epoch: epoch)
  }

  private func write(_ events: [Event]) throws {
    guard !events.isEmpty else { return }
    statistics.update { $0.events += events.count { !$0.isShadow } }
    try sink.append(events, in: context)
  }
}
