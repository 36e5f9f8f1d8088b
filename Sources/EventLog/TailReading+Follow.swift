import Glibc

/// What comes after: lines, rotations, cuts, another file of the same name.
extension TailReading {
  mutating func follow() throws {
    while !callbacks.isCancelled() {
      if try advance() { try callbacks.idle() } else { sleep(milliseconds: LogTail.pollMilliseconds) }
    }
  }

  /// Reads what is new; false where nothing was.
  mutating func advance() throws -> Bool {
    guard let current else { return try beginNext() }
    var named = stat()
    let isNamed = stat(path, &named) == 0
    // First what the file on hand still has: a rotated file gets no more once it has lost its name.
    let place = current.reader.offset
    try restartAfterCut(current)
    try drainCurrent()
    let hasMoved = place != current.reader.offset
    guard isNamed, FileIdentity(named) != current.identity else { return hasMoved }
    try drainCurrent()
    self.current = nil
    try leave(current)
    _ = try beginNext()
    return true
  }

  /// The file on hand, read to its end, has lost its name: it has become a part, which may be gone already, or another log has taken its place.
  private mutating func leave(_ current: Current) throws {
    let parts = try LogPart.all(of: path), newest = parts.last?.number ?? 0
    if parts.contains(where: { $0.number == current.part }) || current.isPartCertain && newest > current.part {
      lastPart = current.part
      nextPart = lastPart + 1
    } else {
      // Older parts are none of the other log's.
      lastPart = newest
      nextPart = nil
    }
  }

  /// Parts that came and went as the current file while nobody looked, then the current file. False where there was neither.
  private mutating func beginNext() throws -> Bool {
    let (parts, file) = try snapshot()
    let unread = parts.filter { $0.number > lastPart }
    for part in unread {
      guard let piece = try piece(part) else { continue }
      try expect(part.number)
      try read(piece)
      nextPart = part.number + 1
    }
    if let newest = unread.last?.number {
      try expect(newest + 1)
      lastPart = newest
    }
    guard let file else { return !unread.isEmpty }
    try begin(file, from: 0)
    return true
  }

  /// Tells of the parts that ought to stand before the one of this number.
  private mutating func expect(_ number: Int) throws {
    if let nextPart, nextPart < number { try callbacks.deleted(nextPart...number - 1) }
    nextPart = number
  }

  /// The file may be shorter than what was read, or begin otherwise. A log that begins as before was cut back by a worker that goes on
  /// from its checkpoint: what it writes from here on is new or comes again. Any other is read from its beginning.
  func restartAfterCut(_ current: Current) throws {
    let size = try current.file.size()
    let head = try current.file.read(Current.headBytes, at: 0)
    if !head.starts(with: current.head) {
      current.head = []
      current.restart(from: 0)
    } else if size < current.reader.offset {
      current.restart(from: size)
    } else if !current.reader.rest.isEmpty {
      // The writer may have taken back the half of a line that is in the buffer.
      current.restart(from: current.reader.offset)
    }
  }
}
