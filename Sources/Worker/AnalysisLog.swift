import EventLog
import Foundation
import Scene

/// The event log of an analysis or a replay, with its checkpoint beside it (`events.jsonl.checkpoint`). Standard output has none.
final class AnalysisLog: @unchecked Sendable {
  let writer: EventLogWriter
  /// Nil: standard output.
  let path: String?
  /// What an earlier, unfinished run left.
  let resumed: Checkpoint?
  private let identity: Checkpoint.Identity
  private let file: CheckpointFile?
  private let waitsForRoom: Bool
  private let lock = NSLock()
  private var isBehind = false

  /// What to do about events that are there already.
  struct Beginning {
    var restart = false
    var append = false
  }

  init(settings: StreamSettings, identity: Checkpoint.Identity, beginning: Beginning) throws {
    self.identity = identity
    waitsForRoom = settings.logOptions.whenFull == .wait
    // First of all the log is ours: nothing of another worker's is touched, nor anything that is no log.
    writer = try openLog(settings)
    path = settings.output == "-" ? nil : settings.output
    guard let path, writer.canGoBack else {
      resumed = nil; file = nil
      return
    }
    let file = CheckpointFile(path: path + ".checkpoint")
    self.file = file
    if beginning.restart {
      try file.remove()
      try writer.beginAnew()
    }
    resumed = try Self.read(file, identity: identity)
    if let resumed {
      try writer.truncate(to: resumed.log)
      writer.keep(from: resumed.log)
    } else {
      try begin(append: beginning.append, output: path)
    }
  }

  /// The first checkpoint says where this analysis begins: killed before the second, it begins there again.
  private func begin(append: Bool, output: String) throws {
    guard append || writer.position == .start else {
      throw WorkerError(.cannotCreate, "\(output) already holds events: --restart begins it anew, --append writes after them, or name another --output")
    }
    try Recovery.close(in: writer)
    try checkpoint(input: 0, progress: nil)
  }

  var keepsCheckpoints: Bool { file != nil }

  private static func read(_ file: CheckpointFile, identity: Checkpoint.Identity) throws -> Checkpoint? {
    guard let bytes = try file.read() else { return nil }
    guard let found = try? JSONDecoder().decode(Checkpoint.self, from: Data(bytes)) else {
      throw WorkerError(.badData, "\(file.path): not a checkpoint of this version of owlwatch; --restart begins anew")
    }
    if let difference = found.identity.difference(from: identity) {
      throw WorkerError(.badData, "\(file.path): cannot go on from this checkpoint: \(difference); --restart begins anew, or put back what was there")
    }
    return found
  }

  /// The log's bytes come first, then the checkpoint that counts on them. Where there is no room for it the last one stays: going on from
  /// there gives the same log, only later.
  func checkpoint(input: Int, progress: Checkpoint.Progress?) throws {
    guard let file else { return }
    try lock.withLock {
      try writer.sync()
      let checkpoint = Checkpoint(identity: identity, input: input, progress: progress, log: writer.position)
      do {
        try file.write(Array(JSONEncoder().encode(checkpoint)))
        writer.keep(from: checkpoint.log)
        isBehind = false
      } catch let error as EventLogError where waitsForRoom && (error.kind == .noRoom || error.kind == .device) {
        if !isBehind { EventLogWriter.tellStandardError("\(error); the last checkpoint stays") }
        isBehind = true
      }
    }
  }

  /// All inputs before this one are done and in the log.
  func checkpointBefore(_ input: Int) throws {
    guard input < identity.clips.count else { return }
    try checkpoint(input: input, progress: nil)
  }

  func close(finished: Bool) throws {
    // Old parts are deleted when the log closes, not before: the last checkpoint, which stands behind all inputs, needs none of them.
    if finished { try checkpoint(input: identity.clips.count, progress: nil) }
    try writer.close()
    if finished { try file?.remove() }
  }

  /// An earlier run came to its end, and died before it had put everything away.
  var isFinished: Bool { (resumed?.input ?? 0) >= identity.clips.count }
}
