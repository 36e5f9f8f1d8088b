import Glibc
import Synchronization

extension OpenLog {
  /// Gives the file its part's name and begins a new one. Whatever step the process dies after, opening the log finds every line
  /// once: the rename is atomic, and a log without a current file goes on behind its last part.
  mutating func rotate() throws(EventLogError) {
    try sync()
    let name = LogPart.path(of: path, number: part, firstTime: firstTime ?? 0)
    try patiently("rename the finished part") { (log: inout OpenLog) throws(EventLogError) in
      try check(rename(log.path, name), "rename the finished part", on: name)
    }
    // From here on the file on hand is the part: what follows must not write to it. `begin` may have to wait for room.
    try patiently("begin a new part") { (log: inout OpenLog) throws(EventLogError) in
      log.file = try OpenFile(log.path, flags: O_RDWR | O_CREAT | O_EXCL | O_APPEND, attempted: "begin a new part")
    }
    part += 1
    offset = 0; synced = 0; headerBytes = 0; firstTime = nil
    finishedParts.append(name)
    try patiently("sync the directory to disk") { (log: inout OpenLog) throws(EventLogError) in try syncDirectory(of: log.path) }
  }
}

/// The part from which on all are needed, whatever the bound says: an analysis may have to go back to it.
final class NeededPart: Sendable {
  let part = Atomic<Int>(.max)
}

/// What is done to old parts, behind the writer's back.
struct PartKeeping: Sendable {
  let path: String
  let options: LogOptions
  let surroundings: LogSurroundings
  let needed = NeededPart()

  /// Compresses a finished part, then deletes the oldest ones; also where the compressing failed, since a full disk needs it most.
  func finish(_ part: String) throws(EventLogError) {
    var failure: EventLogError?
    if options.compressParts {
      do throws(EventLogError) { try compress(part) } catch { failure = error }
    }
    if let number = LogPart(file: fileName(of: part), of: LogName(fileName(of: path)), in: ".")?.number { try trim(upTo: number) }
    if let failure { throw failure }
  }

  /// Each step leaves the part whole under one name at least.
  private func compress(_ part: String) throws(EventLogError) {
    do throws(EventLogError) {
      try LogPart.compress(part)
    } catch {
      unlink(LogPart.unfinished(part))
      throw error
    }
    try check(rename(LogPart.unfinished(part), part + ".gz"), "name the compressed part", on: part)
    try syncDirectory(of: part)
    try check(unlink(part), "delete the uncompressed part", on: part)
  }

  /// Deletes the oldest parts until those up to `last` keep within the bound. Later ones may still wait to be compressed: they are looked at when
  /// they are, so that the same log keeps the same parts, however fast it was written.
  func trim(upTo last: Int) throws(EventLogError) {
    guard let limit = options.keepBytes else { return }
    var parts = try LogPart.all(of: path).filter { $0.number <= last }
    func size(_ path: String) -> Int64 {
      var status = stat()
      return stat(path, &status) == 0 ? Int64(status.st_size) : 0
    }
    // The current file grows up to its limit: room is kept for it.
    var total = parts.reduce(max(size(path), options.rotateAtBytes ?? 0)) { $0 + size($1.path) }
    while total > limit, let oldest = parts.first, oldest.number < needed.part.load(ordering: .acquiring) {
      total -= size(oldest.path)
      if unlink(oldest.path) == -1 && errno != ENOENT { throw EventLogError(code: errno, path: oldest.path, attempted: "delete the oldest part") }
      parts.removeFirst()
    }
  }

  /// After a crash: half-made compressed files go, plain twins of compressed parts too; returns the plain parts still to be compressed.
  func leftovers() throws(EventLogError) -> [String] {
    var plain: [String] = []
    for part in try LogPart.all(of: path) {
      if part.isCompressed {
        unlink(String(part.path.dropLast(3)))
      } else {
        unlink(LogPart.unfinished(part.path))
        if options.compressParts { plain.append(part.path) }
      }
    }
    return plain
  }
}
