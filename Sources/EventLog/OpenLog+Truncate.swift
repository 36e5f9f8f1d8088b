import Glibc

extension OpenLog {
  /// Goes back to an earlier place. When that lies in an old part, the part's beginning becomes the current file again. Each step may
  /// be the last: doing it all once more gives the same.
  mutating func truncate(to position: LogPosition) throws(EventLogError) {
    guard isRegular else {
      throw EventLogError(.usage, path: path, attempted: "go back in the log", reason: "it is no regular file",
                          remedy: "write to a file, or start anew (--restart)")
    }
    let parts = try LogPart.all(of: path)
    if let old = parts.first(where: { $0.number == position.part }) {
      for part in parts.reversed() where part.number > old.number { try check(unlink(part.path), "delete a later part", on: part.path) }
      try bringBack(old, bytes: position.offset)
    } else {
      guard position.part == part, position.offset <= (try file.size()) else { throw gone(position) }
      try check(uninterrupted { ftruncate(file.descriptor, off_t(position.offset)) }, "go back in the log", on: path)
      try file.syncData()
    }
    _ = try recover()
    try findUnfinishedParts()
    guard offset == position.offset, part == position.part, nextSequence == position.nextSequence else { throw gone(position) }
  }

  private mutating func bringBack(_ old: LogPart, bytes: Int64) throws(EventLogError) {
    let temporary = path + ".back.tmp"
    let target = try OpenFile(temporary, flags: O_RDWR | O_CREAT | O_TRUNC | O_APPEND, attempted: "go back in the log")
    let source = try old.open()
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { block.deallocate() }
    var rest = bytes
    while rest > 0 {
      let n = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: block.prefix(Int(min(Int64(block.count), rest)))))
      guard n > 0 else {
        unlink(temporary)
        throw gone(LogPosition(part: old.number, offset: bytes, nextSequence: 0))
      }
      try target.writeAll(UnsafeRawBufferPointer(rebasing: block.prefix(n)))
      rest -= Int64(n)
    }
    try check(uninterrupted { fsync(target.descriptor) }, "sync to disk", on: temporary)
    try check(rename(temporary, path), "go back in the log", on: path)
    try syncDirectory(of: path)
    try check(unlink(old.path), "delete a later part", on: old.path)
    // Else a power cut could bring the part back, and its events a second time.
    try syncDirectory(of: path)
    file = target
  }

  /// Deletes every part, newest first, and empties the file: the log holds nothing, and its numbers begin at 1.
  mutating func beginAnew() throws(EventLogError) {
    for part in try LogPart.all(of: path).reversed() { try check(unlink(part.path), "delete an old part", on: part.path) }
    try check(uninterrupted { ftruncate(file.descriptor, 0) }, "empty the log", on: path)
    try file.syncData()
    try syncDirectory(of: path)
    finishedParts = []
    _ = try recover()
  }

  private func gone(_ position: LogPosition) -> EventLogError {
    EventLogError(.damaged, path: path, attempted: "go back to part \(position.part), byte \(position.offset)",
                  reason: "the log is not the one that was written then", remedy: "start anew (--restart)")
  }
}
