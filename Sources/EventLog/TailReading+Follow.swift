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
    guard let current else {
      guard let file = try openCurrent() else { return false }
      try begin(file, part: (try LogPart.all(of: path).last?.number ?? 0) + 1, from: 0)
      return true
    }
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
    try readPartsBetween(current.part)
    return true
  }

  /// After a rotation: parts that came and went as the current file while nobody looked, then the current file.
  mutating func readPartsBetween(_ last: Int) throws {
    let (parts, file) = try snapshot()
    let isRotated = parts.contains { $0.number == last }
    if isRotated { for part in parts where part.number > last { if let piece = try piece(part) { try read(piece) } } }
    guard let file else { return }
    try begin(file, part: (parts.last?.number ?? 0) + 1, from: 0)
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
