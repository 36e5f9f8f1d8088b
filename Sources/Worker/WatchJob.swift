import EventLog
import Foundation
import OwlViT
import RuleEngine
import Scene
import VideoInput

/// Watches live streams until stopped: reconnects for ever, keeps the newest picture, tells what it lost.
public struct WatchJob {
  public var streams: [StreamSettings]

  public init(streams: [StreamSettings]) { self.streams = streams }

  /// Something people want to know now: `gate: down (timed out), trying again in 4 s`.
  public typealias Tell = @Sendable (String) -> Void

  public func run(detector: SharedDetector, stop: StopFlag, tell: @escaping Tell, began: @escaping AnalyzeJob.Began) throws {
    let plans = try streams.map { settings throws in try StreamPlan(settings, model: detector.model) }
    guard Set(plans.map(\.stream)).count == plans.count else {
      throw WorkerError(.badData, "two streams have the same id: give each its own `stream:`, since events are told apart by it")
    }
    for warning in try detector.warnings(about: plans.flatMap(\.queries)) { tell(warning) }
    let logs = try Logs(streams)
    let failures = Failures()
    let streams = streams
    let watchers = plans.indices.map { index in
      WorkerThread("watch \(plans[index].stream)") {
        do {
          let statistics = RunStatistics()
          began(index, plans[index].input.source, statistics)
          let watcher = StreamWatcher(plan: plans[index], settings: streams[index], detector: detector, log: logs.writer(for: streams[index]),
                                      statistics: statistics, tell: tell)
          try watcher.run(stop: stop)
        } catch {
          failures.add(error)
          stop.set()
        }
      }
    }
    for watcher in watchers { watcher.join() }
    try logs.close()
    if let failure = failures.first { throw failure }
  }
}

/// The logs of all streams: those that name one file share one writer.
private final class Logs: @unchecked Sendable {
  private var writers: [String: EventLogWriter] = [:]

  init(_ streams: [StreamSettings]) throws {
    for settings in streams {
      let file = Self.file(of: settings)
      guard writers[file] == nil else { continue }
      let writer = try openLog(settings)
      try Recovery.close(in: writer)
      writers[file] = writer
    }
  }

  /// Two spellings of one file are one log.
  private static func file(of settings: StreamSettings) -> String {
    guard let output = settings.output, output != "-" else { return "-" }
    return URL(filePath: output).standardizedFileURL.path
  }

  func writer(for settings: StreamSettings) -> EventLogWriter {
    guard let writer = writers[Self.file(of: settings)] else { preconditionFailure("every stream's log was opened") }
    return writer
  }

  func close() throws { for path in writers.keys.sorted() { try writers[path]?.close() } }
}

private final class Failures: @unchecked Sendable {
  private let lock = NSLock()
  private var errors: [any Error] = []
  func add(_ error: any Error) { lock.withLock { errors.append(error) } }
  var first: (any Error)? { lock.withLock { errors.first } }
}
