import EventLog
import Foundation
import OwlViT
import RuleEngine
public import Scene
import Tensors
import VideoInput

/// Analyses files as fast as the machine allows: every keyframe that sampling names, in order, into one event log.
public struct AnalyzeJob {
  /// What became of one input.
  public struct Outcome: Sendable {
    public var source: String
    public var counts: RunStatistics.Counts
    public var error: (any Error)?

    public init(source: String, counts: RunStatistics.Counts, error: (any Error)? = nil) {
      self.source = source; self.counts = counts; self.error = error
    }
  }

  public var inputs: [StreamSettings]
  /// How many files are decoded and judged side by side.
  public var jobs = 1
  /// Begin anew where an unfinished or other analysis left a log.
  public var restart = false
  /// Write after what the log already holds.
  public var append = false
  /// Wall time between checkpoints.
  public var checkpointInterval = MediaInterval.seconds(5)

  public init(inputs: [StreamSettings]) { self.inputs = inputs }

  /// Called once per input, when it begins.
  public typealias Began = @Sendable (_ index: Int, _ source: String, _ statistics: RunStatistics) -> Void

  /// - Throws: what concerns all inputs (settings, rules, model, log); what concerns one is in its outcome.
  public func run(detector: SharedDetector, stop: StopFlag, warn: (String) -> Void, began: @escaping Began) throws -> [Outcome] {
    let plans = try makePlans(detector: detector)
    for warning in try detector.warnings(about: plans.first?.queries ?? []) { warn(warning) }
    let settings = inputs[0]
    let log = try AnalysisLog(settings: settings, identity: identity(of: plans, detector: detector), beginning: .init(restart: restart, append: append))
    if let input = log.resumed?.input { warn("going on from a checkpoint in \(plans[min(input, plans.count - 1)].input.source)") }
    let outcomes = Outcomes(count: inputs.count, sources: plans.map(\.input.source))
    let first = log.resumed?.input ?? 0
    let queue = EventQueue(log.writer, first: first)
    let next = Turn(first, end: plans.count)
    let (inputs, checkpointInterval) = (inputs, checkpointInterval)
    let workers = (0..<max(1, min(jobs, plans.count))).map { number in
      WorkerThread("analyze \(number)") {
        while !stop.isSet, let index = next.take() {
          let statistics = RunStatistics()
          began(index, plans[index].input.source, statistics)
          do {
            let run = AnalyzeRun(index: index, plan: plans[index], settings: inputs[index], detector: detector, log: log,
                                 place: queue.place(index), statistics: statistics, checkpointInterval: checkpointInterval)
            try run.run(stop: stop)
          } catch {
            outcomes.set(index, error: error)
            // Without its log an analysis has no point; without one of its clips it has.
            if error is EventLogError { stop.set() }
          }
          if !stop.isSet {
            do { try queue.finish(index, moved: log.checkpointBefore) } catch { outcomes.set(index, error: error); stop.set() }
          }
          outcomes.set(index, counts: statistics.now)
        }
      }
    }
    for worker in workers { worker.join() }
    try log.close(finished: !stop.isSet)
    return outcomes.all
  }

  private func makePlans(detector: SharedDetector) throws -> [StreamPlan] {
    guard let first = inputs.first else { throw WorkerError(.usage, "no input: name a video file or a folder") }
    try checkOutputs([("--output", first.output), ("--record-detections", first.recordDetections), ("--record-tracks", first.recordTracks)],
                     inputs: inputs.compactMap(\.source))
    var plans: [StreamPlan] = []
    var taken: [String: Int] = [:]
    for settings in inputs {
      var plan = try StreamPlan(settings, model: detector.model)
      // Two files of one name in different folders are two streams.
      let count = taken[plan.stream, default: 0] + 1
      taken[plan.stream] = count
      if count > 1 { plan.stream += "-\(count)" }
      plans.append(plan)
    }
    return plans
  }

  private func identity(of plans: [StreamPlan], detector: SharedDetector) throws -> Checkpoint.Identity {
    let settings = zip(plans, inputs).map { plan, given in
      plan.fingerprint + " \(given.engine ?? .onednn) \([given.recordDetections, given.recordTracks, given.snapshots])"
    }
    return Checkpoint.Identity(version: Checkpoint.version, model: .init(name: detector.model.name, digest: try detector.model.digest()),
                               settings: Digest.of(settings.joined(separator: "\n")),
                               rules: Digest.of(plans.map(\.rules.digest).joined(separator: "\n")),
                               clips: plans.map { .init(path: $0.input.source, digest: Digest.ofClip($0.input.source)) })
  }
}

/// Hands out indices, each once.
private final class Turn: @unchecked Sendable {
  private let lock = NSLock()
  private var next: Int
  private let end: Int
  init(_ first: Int, end: Int) { next = first; self.end = end }
  func take() -> Int? {
    lock.withLock {
      guard next < end else { return nil }
      defer { next += 1 }
      return next
    }
  }
}

private final class Outcomes: @unchecked Sendable {
  private let lock = NSLock()
  private var outcomes: [AnalyzeJob.Outcome]
  init(count: Int, sources: [String]) { outcomes = sources.map { AnalyzeJob.Outcome(source: $0, counts: .init(), error: nil) } }
  func set(_ index: Int, counts: RunStatistics.Counts) { lock.withLock { outcomes[index].counts = counts } }
  func set(_ index: Int, error: any Error) { lock.withLock { outcomes[index].error = error } }
  var all: [AnalyzeJob.Outcome] { lock.withLock { outcomes } }
}
