import EventLog
import Foundation
import RuleEngine
public import Scene
import Tracking
import VideoInput

/// Recorded detections or tracks in, events out: the same tracker, rules and log as in an analysis, without a picture.
public struct ReplayJob {
  public var recording: String
  public var kind: RecordKind
  /// MOT text alone needs these: frames a second, and the picture's size in pixels.
  public var framesPerSecond: Double?
  public var size: PictureSize?
  public var settings: StreamSettings
  /// Begin anew where an unfinished or other replay left a log.
  public var restart = false
  /// Write after what the log already holds.
  public var append = false

  public init(recording: String, kind: RecordKind, settings: StreamSettings) {
    self.recording = recording; self.kind = kind; self.settings = settings
  }

  public func run(stop: StopFlag) throws -> RunStatistics.Counts {
    let recorded = try RecordedStream.open(self)
    let (plan, context) = try recorded.plan(settings, source: recording)
    let statistics = RunStatistics()
    // A killed replay cuts the log back to where it began and reads on from its first line: 100,000 keyframes take a second.
    let log = try AnalysisLog(settings: settings, identity: identity(of: plan, context), beginning: .init(restart: restart, append: append))
    guard !log.isFinished else {
      try log.close(finished: true)
      return statistics.now
    }
    let judge = Judge(plan: plan, context: context, size: recorded.header.size, sink: SharedSink(log: log.writer), statistics: statistics)
    try judge.began(source: recording)
    var replay = TrackReplay(plan: plan, size: recorded.header.size, session: context.session)
    for line in recorded.lines where !stop.isSet {
      if let observation = replay.observation(of: line) {
        if case .keyframe(let seen) = observation { statistics.update { $0.keyframes += 1; $0.detections += seen.detections.count } }
        try judge.observe(observation)
      }
    }
    try judge.finish(reason: stop.isSet ? .stopped : .endOfStream)
    try log.close(finished: !stop.isSet)
    return statistics.now
  }

  private func identity(of plan: StreamPlan, _ context: StreamContext) -> Checkpoint.Identity {
    let settings = "\(kind) \(plan.fingerprint) \(context) \(String(describing: framesPerSecond)) \(String(describing: size))"
    return Checkpoint.Identity(version: Checkpoint.version, model: .init(name: "none (a replay)", digest: ""), settings: Digest.of(settings), rules: plan.rules.digest,
                               clips: [.init(path: recording, digest: Digest.of(FileManager.default.contents(atPath: recording) ?? Data()))])
  }
}

extension RecordedStream {
  /// What judges a recording: the settings, and where they are silent what the recording says.
  func plan(_ given: StreamSettings, source: String) throws -> (StreamPlan, StreamContext) {
    var settings = given
    settings.source = source
    if settings.stream == nil { settings.stream = header.stream }
    if settings.queries.isEmpty { settings.queries = header.queries }
    settings.threshold = settings.threshold ?? 0
    var plan = try StreamPlan(settings, model: nil)
    if header.thresholds.count == plan.queries.count, given.threshold == nil { plan.thresholds = header.thresholds }
    var context = header.context
    context.stream = plan.stream
    if let start = settings.startTime { context.epoch = start; context.timeSource = .file }
    return (plan, context)
  }
}

/// Recorded lines as what the seeing half would have said.
struct TrackReplay {
  private let plan: StreamPlan
  private let size: PictureSize
  private var session: Int
  private var tracker: Tracker

  init(plan: StreamPlan, size: PictureSize, session: Int) {
    self.plan = plan; self.size = size; self.session = session
    tracker = Tracker(options: plan.tracker(session: session), size: size)
  }

  mutating func observation(of line: RecordLine) -> Observation? {
    if let gap = line.gap {
      tracker.gap(from: gap.from, to: gap.to)
      return .gap(Gap(from: gap.from, to: gap.to, reason: Gap.Reason(rawValue: gap.why) ?? .missing, lostPackets: gap.lost))
    }
    if let step = line.clockStep {
      session += 1
      tracker = Tracker(options: plan.tracker(session: session), size: size)
      return .clockStep(ClockStep(from: step.from, to: step.to))
    }
    guard let time = line.time else { return nil }
    let detections = line.detections ?? []
    let tracks = line.tracks ?? tracker.update(detections, at: time)
    return .keyframe(SeenKeyframe(time: time, pts: line.pts ?? 0, index: line.frame ?? 0, detections: detections, tracks: tracks))
  }
}
