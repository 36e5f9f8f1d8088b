import EventLog
import Foundation
import Scene

/// The event log of an analysis, with its checkpoint beside it (`events.jsonl.checkpoint`). Standard output has none.
final class AnalysisLog: @unchecked Sendable {
  let writer: EventLogWriter
  /// Nil: standard output.
  let path: String?
  /// What an earlier, unfinished run left.
  let resumed: Checkpoint?
  private let identity: Checkpoint.Identity
  private let file: CheckpointFile?
  private let lock = NSLock()

  init(settings: StreamSettings, identity: Checkpoint.Identity, restart: Bool, append: Bool) throws {
    self.identity = identity
    guard let output = settings.output, output != "-" else {
      writer = EventLogWriter()
      path = nil; resumed = nil; file = nil
      return
    }
    path = output
    let file = CheckpointFile(path: output + ".checkpoint")
    self.file = file
    if restart {
      try file.remove()
      try? FileManager.default.removeItem(atPath: output)
    }
    let found = try Self.read(file, identity: identity, log: output)
    writer = try openLog(settings)
    resumed = found
    if let found {
      try writer.truncate(to: found.log)
    } else if !append, writer.position != .start {
      throw WorkerError(.cannotCreate, "\(output) already holds events: --restart begins it anew, --append writes after them, or name another --output")
    }
  }

  var keepsCheckpoints: Bool { file != nil }

  private static func read(_ file: CheckpointFile, identity: Checkpoint.Identity, log: String) throws -> Checkpoint? {
    guard let bytes = try file.read() else { return nil }
    guard let found = try? JSONDecoder().decode(Checkpoint.self, from: Data(bytes)) else {
      throw WorkerError(.badData, "\(file.path): not a checkpoint of this version of owlwatch; --restart analyses anew")
    }
    if let difference = found.identity.difference(from: identity) {
      throw WorkerError(.badData, "\(file.path): cannot go on from this checkpoint: \(difference); --restart analyses anew, or put back what was there")
    }
    return found
  }

  /// The log's bytes come first, then the checkpoint that counts on them.
  func checkpoint(input: Int, progress: Checkpoint.Progress?) throws {
    guard let file else { return }
    try lock.withLock {
      try writer.sync()
      let checkpoint = Checkpoint(identity: identity, input: input, progress: progress, log: writer.position)
      try file.write(Array(JSONEncoder().encode(checkpoint)))
    }
  }

  /// All inputs before this one are done and in the log.
  func checkpointBefore(_ input: Int) throws {
    guard input < identity.clips.count else { return }
    try checkpoint(input: input, progress: nil)
  }

  func close(finished: Bool) throws {
    try writer.close()
    if finished { try file?.remove() }
  }
}
