import EventLog
import Foundation
import RuleEngine
import Scene
import VideoInput

/// The analysis of one file, from its beginning or from a checkpoint.
struct AnalyzeRun {
  let index: Int
  let plan: StreamPlan
  let settings: StreamSettings
  let detector: SharedDetector
  let log: AnalysisLog
  let place: EventQueue.Place
  let statistics: RunStatistics
  let checkpointInterval: MediaInterval

  func run(stop: StopFlag) throws {
    let resumed = log.resumed.flatMap { $0.input == index ? $0.progress : nil }
    var input = plan.input
    // Sampling is a function of PTS alone, so the frames after the checkpoint's are the same as in one go.
    if let resumed { input.from = resumed.time }
    let reader = try VideoReader(input)
    statistics.setDuration(reader.info.duration)
    let session = resumed?.session ?? 1
    let context = plan.context(session: session, info: reader.info, arrival: nil)
    let size = reader.info.size
    let recorder = try makeRecorder(context: context, size: size, resumed: resumed)
    let snapshots = SnapshotWriter(rules: plan.rules, folder: settings.snapshots, log: log.path)
    let judge = Judge(plan: plan, context: context, size: size, sink: place, statistics: statistics, recorder: recorder, snapshots: snapshots)
    if let resumed, !judge.resume(resumed.rules, time: resumed.time, pts: resumed.pts) {
      throw WorkerError(.badData, "\(log.path ?? "log"): the checkpoint's rule state does not fit; begin anew with --restart")
    }
    try judge.began(source: input.source)
    let seer = try Seer(plan: plan, detector: detector, size: size, session: session, statistics: statistics, resuming: resumed?.seeing)
    var pipeline = Pipeline(reader: reader, seer: seer, judge: judge, keepsPictures: snapshots != nil, statistics: statistics)
    if let resumed { pipeline.known = KnownFrames(until: resumed.time, count: resumed.frame) }
    if log.keepsCheckpoints {
      let clock = CheckpointClock(every: checkpointInterval)
      // Behind a jump of the file's clock a media time names no place in it: the last checkpoint before it serves.
      pipeline.checkpointDue = { seer.session == session && clock.isDue && place.isCurrent }
      pipeline.checkpoint = { keyframe, state in
        let progress = try Checkpoint.Progress(seeing: state, rules: judge.engine.checkpoint(), session: judge.session, time: keyframe.time,
                                               pts: keyframe.pts, frame: keyframe.index, recordings: recorder?.places() ?? [:])
        try log.checkpoint(input: index, progress: progress)
      }
    }
    do {
      try pipeline.run(stop: stop)
    } catch where !(error is EventLogError) {
      // What was seen before the clip or its recording failed ends where it failed.
      try judge.finish(reason: .endOfStream)
      try? recorder?.close()
      throw error
    }
    try judge.finish(reason: stop.isSet ? .stopped : .endOfStream)
    try recorder?.close()
  }

  private func makeRecorder(context: StreamContext, size: PictureSize, resumed: Checkpoint.Progress?) throws -> Recorder? {
    guard settings.recordDetections != nil || settings.recordTracks != nil else { return nil }
    let header = RecordLine.Header(format: "", stream: plan.stream, size: size, queries: plan.queries, thresholds: plan.thresholds, context: context)
    return try Recorder(detections: settings.recordDetections, tracks: settings.recordTracks, header: header, resumingAt: resumed?.recordings)
  }
}

/// Says every so often, by the wall clock, that a checkpoint is due. Asked by the seeing thread alone.
private final class CheckpointClock: @unchecked Sendable {
  private let interval: Duration
  private var last = ContinuousClock.now
  init(every interval: MediaInterval) { self.interval = .nanoseconds(interval.nanoseconds) }

  var isDue: Bool {
    let now = ContinuousClock.now
    guard now - last >= interval else { return false }
    last = now
    return true
  }
}
