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
    try leaveCurrent()
    _ = try beginNext()
    return true
  }

  /// The file on hand, read to its end, has lost its name: it has become a part, which may be gone already, or another log has taken its place.
  private mutating func leaveCurrent() throws {
    let parts = try LogPart.all(of: path), newest = parts.last?.number ?? 0, own = lastPart + 1
    isNumbered = parts.contains { $0.number == own } || isNumbered && newest > own
    // Of another log, older parts are none.
    lastPart = isNumbered ? own : newest
  }

  /// Parts that came and went as the current file while nobody looked, then the current file. False where there was neither.
  private mutating func beginNext() throws -> Bool {
    let (parts, file) = try snapshot()
    let unread = parts.filter { $0.number > lastPart }
    for part in unread {
      guard let piece = try piece(part) else { continue }
      try pass(to: part.number)
      try read(piece)
      lastPart = part.number
    }
    if let newest = unread.last?.number { try pass(to: newest + 1) }
    guard let file else { return !unread.isEmpty }
    try begin(file, from: 0)
    return true
  }

  /// Goes on to the part of this number, and tells of those that ought to stand before it.
  private mutating func pass(to number: Int) throws {
    if isNumbered && lastPart + 1 < number { try callbacks.deleted(lastPart + 1...number - 1) }
    lastPart = number - 1
    isNumbered = true
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
