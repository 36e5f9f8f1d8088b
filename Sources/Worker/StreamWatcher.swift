import EventLog
import Foundation
import RuleEngine
import Scene
import VideoInput

/// One live stream, session after session.
struct StreamWatcher {
  let plan: StreamPlan
  let settings: StreamSettings
  let detector: SharedDetector
  let log: EventLogWriter
  let statistics: RunStatistics
  let tell: WatchJob.Tell

  func run(stop: StopFlag) throws {
    let sink = SharedSink(log: log)
    var session = log.recovered.lastSession(of: plan.stream) + 1
    var backOff = BackOff()
    var judge: Judge?
    while !stop.isSet {
      let started = ContinuousClock.now
      guard let why = try watchSession(&session, &judge, sink: sink, stop: stop) else { break }
      if ContinuousClock.now - started > .seconds(30) { backOff.reset() }
      let pause = backOff.next()
      tell("\(plan.stream): down: \(why); trying again in \((pause * 10).rounded() / 10) s")
      guard stop.sleep(seconds: pause) else { break }
    }
  }

  /// One connection, from opening it to its end.
  /// - Returns: why it ended, where it may come back; nil where it is over: stopped, or a file or pipe that ended.
  private func watchSession(_ session: inout Int, _ judge: inout Judge?, sink: SharedSink, stop: StopFlag) throws -> String? {
    let reader: VideoReader
    // What FFmpeg cannot read, a mistyped `rstp://` say, it cannot read later either; a camera that was seen once is not given up.
    do { reader = try stop.open(plan.input) } catch let error as VideoInputError
    where stop.isSet || plan.input.mayComeBack && (judge != nil || error.kind != .unsupported) {
      return stop.isSet ? nil : error.description
    }
    let current = try begin(session: session, reader: reader, after: judge, sink: sink)
    judge = current
    var lost: VideoInputError?
    do { try watch(reader, judge: current, stop: stop) } catch let error as VideoInputError { lost = error }
    session = current.session + 1
    let comesBack = plan.input.mayComeBack && (reader.info.isLive || reader.info.duration == nil)
    try current.finish(reason: stop.isSet ? .stopped : comesBack ? .gap : .endOfStream)
    if stop.isSet { return nil }
    guard comesBack else {
      if let lost { throw lost }
      return nil
    }
    let why = lost?.description ?? "end of stream"
    try current.down(why: why)
    return why
  }

  /// A new session goes on with the rules' totals (counts of a line), and with nothing else.
  private func begin(session: Int, reader: VideoReader, after last: Judge?, sink: SharedSink) throws -> Judge {
    // A file that is watched has times of its own; what comes by the network or a pipe is of now.
    let isOfNow = reader.info.isLive || reader.info.duration == nil
    let context = plan.context(session: session, info: reader.info, arrival: isOfNow ? reader.openedAt : nil)
    let judge: Judge
    if let last {
      judge = last
      judge.begin(context: context, size: reader.info.size)
    } else {
      let snapshots = SnapshotWriter(rules: plan.rules, folder: settings.snapshots, log: settings.output == "-" ? nil : settings.output)
      judge = Judge(plan: plan, context: context, size: reader.info.size, sink: sink, statistics: statistics, snapshots: snapshots, live: true, tell: tell)
    }
    try judge.began(source: plan.input.source)
    tell("\(plan.stream): up, \(reader.info.size.width)x\(reader.info.size.height) \(reader.info.codec)")
    return judge
  }

  private func watch(_ reader: VideoReader, judge: Judge, stop: StopFlag) throws {
    let seer = try Seer(plan: plan, detector: detector, size: reader.info.size, session: judge.session, statistics: statistics)
    let pipeline = Pipeline(reader: reader, seer: seer, judge: judge, keepsPictures: plan.rules.wantsSnapshots, statistics: statistics)
    try pipeline.run(stop: stop)
  }
}

/// Streams that share a log take turns at it.
struct SharedSink: EventSink {
  let log: EventLogWriter
  func append(_ events: [Event], in context: StreamContext) throws { try log.append(events, in: context) }
}

/// Waits 1, 2, 4 … 30 s between tries, each up to a quarter longer, so that forty cameras behind one switch don't come back as one.
struct BackOff {
  private var seconds = 1.0

  mutating func next() -> Double {
    defer { seconds = min(seconds * 2, 30) }
    return seconds * Double.random(in: 1...1.25)
  }

  mutating func reset() { seconds = 1 }
}

extension StopFlag {
  /// Opens an input; returns early when asked to stop.
  func open(_ input: InputOptions) throws -> VideoReader {
    let cancellation = Cancellation()
    return try whileListening({ cancellation.cancel() }) { try VideoReader(input, cancellation: cancellation) }
  }
}
