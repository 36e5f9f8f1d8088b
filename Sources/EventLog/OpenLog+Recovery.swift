import Glibc
import Scene

extension OpenLog {
  /// Reads what an existing log left: cuts a torn last line, then finds the number to go on with, each stream's last session, and what is
  /// open. Reads the current part, and older ones only where it doesn't begin with a checkpoint.
  mutating func recover() throws(EventLogError) -> RecoveredState {
    var state = RecoveredState()
    guard isRegular else { return state }
    try refuseOtherFiles()
    state.cutBytes = try cutTornEnd()
    offset = try file.size()
    memory = LogMemory()
    nextSequence = 1; part = 1; headerBytes = 0; firstTime = nil
    let parts = try LogPart.all(of: path)
    if let last = parts.last { part = last.number + 1 }
    if !(try beginsWithCheckpoint(PlainSource(file))) { try readParts(parts, &state) }
    headerBytes = 0; firstTime = nil
    var lines = 0
    try read(PlainSource(file), of: path, &state, &lines)
    // All that is there was found in the kernel's cache, not on the disk: let the first sync make sure of it.
    synced = 0
    state.lastSequence = nextSequence - 1
    state.streams = memory.streamsByName
    state.open = memory.open
    return state
  }

  /// An output path may point at anything: cutting the last line off somebody's notes would be unkind.
  private func refuseOtherFiles() throws(EventLogError) {
    let expected = Array(#"{"specversion":"#.utf8)
    let head = try file.read(expected.count, at: 0)
    // Nothing but NUL: a power cut before the first block was written.
    guard expected.starts(with: head) || head.allSatisfy({ $0 == 0 }) else {
      throw EventLogError(.notALog, path: path, attempted: "open the log", reason: "the file is there and is no event log",
                          remedy: "choose another path; this file was left as it is")
    }
  }

  /// Cuts what stands after the last line feed, and last lines with NUL in them, which are what a power cut leaves of blocks that were
  /// given to a file and never written. Returns the number of bytes cut.
  private func cutTornEnd() throws(EventLogError) -> Int64 {
    let size = try file.size()
    var end = size
    while end > 0 {
      let feed = try lastFeed(before: end)
      if feed + 1 < end { end = feed + 1; continue }
      let lineStart = try lastFeed(before: end - 1) + 1
      guard try hasNul(from: lineStart, to: end) else { break }
      end = lineStart
    }
    if end < size { try check(uninterrupted { ftruncate(file.descriptor, off_t(end)) }, "cut the torn last line", on: path) }
    return size - end
  }

  /// Position of the last line feed in front of `end`; -1 where there is none.
  private func lastFeed(before end: Int64) throws(EventLogError) -> Int64 {
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
    defer { block.deallocate() }
    var high = end
    while high > 0 {
      let low = max(0, high - Int64(block.count))
      let n = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: block.prefix(Int(high - low))), at: low)
      if let feed = lastLineFeed(in: block, count: n) { return low + Int64(feed) }
      high = low
    }
    return -1
  }

  private func hasNul(from low: Int64, to high: Int64) throws(EventLogError) -> Bool {
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
    defer { block.deallocate() }
    var place = low
    while place < high {
      let n = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: block.prefix(Int(min(Int64(block.count), high - place)))), at: place)
      guard n > 0 else { return false }
      if memchr(block.baseAddress!, 0, n) != nil { return true }
      place += Int64(n)
    }
    return false
  }

  /// Reads older parts from the last one that begins with a checkpoint, else from the oldest.
  private mutating func readParts(_ parts: [LogPart], _ state: inout RecoveredState) throws(EventLogError) {
    var first = 0
    for (index, part) in parts.enumerated().reversed() where try beginsWithCheckpoint(part.open()) {
      first = index
      break
    }
    for part in parts.dropFirst(first) { try readAsFarAsWhole(part, &state) }
    if let last = parts.last { part = last.number + 1 }
  }

  /// A damaged part is told; what stands behind it is worth as much as ever.
  private mutating func readAsFarAsWhole(_ part: LogPart, _ state: inout RecoveredState) throws(EventLogError) {
    var lines = 0
    do throws(EventLogError) {
      try read(part.open(), of: part.path, &state, &lines)
    } catch where error.kind == .damaged {
      state.add(LineProblem(path: part.path, line: lines + 1, kind: .cut))
    }
  }

  private func beginsWithCheckpoint(_ source: any ByteSource) throws(EventLogError) -> Bool {
    var reader = LineReader(source)
    do throws(EventLogError) {
      guard case .line(let line) = try reader.next() else { return false }
      return Self.isCheckpoint(line)
    } catch where error.kind == .damaged {
      return false
    }
  }

  private static func isCheckpoint(_ line: UnsafeRawBufferPointer) -> Bool {
    var fields = LineFields()
    guard fields.scan(line, wanted: LineFields.Name.type.bit) == .event else { return false }
    return fields.bytes(.type, in: line).map { $0.elementsEqual("owlwatch.log.checkpoint".utf8) } ?? false
  }

  /// - Parameter lines: how many were read, also where it throws.
  private mutating func read(_ source: any ByteSource, of path: String, _ state: inout RecoveredState, _ lines: inout Int) throws(EventLogError) {
    var reader = LineReader(source)
    var fields = LineFields()
    while let item = try reader.next() {
      lines = reader.count
      switch item {
      case .tooLong: state.add(LineProblem(path: path, line: reader.count, kind: .tooLong))
      case .line(let line):
        switch fields.scan(line) {
        case .garbage: state.add(LineProblem(path: path, line: reader.count, kind: .garbage))
        case .newer(let version): state.add(LineProblem(path: path, line: reader.count, kind: .newer(version: version)))
        case .event: take(line, fields, isFirst: reader.count == 1, length: reader.offset)
        }
      }
    }
  }

  private mutating func take(_ line: UnsafeRawBufferPointer, _ fields: LineFields, isFirst: Bool, length: Int64) {
    if let sequence = fields.integer(.sequence, in: line), sequence < Int.max { nextSequence = max(nextSequence, sequence + 1) }
    if firstTime == nil { firstTime = fields.bytes(.time, in: line).flatMap { parseTime($0) } }
    if isFirst, Self.isCheckpoint(line), let data = JSONValue(line)?["data"] {
      if let number = memory.restore(data) { part = number }
      headerBytes = length
    } else if let logged = LoggedEvent(line: line) {
      memory.note(logged.event, in: logged.context, sequence: logged.sequence)
    }
  }
}

extension RecoveredState {
  fileprivate mutating func add(_ problem: LineProblem) { if problems.count < 20 { problems.append(problem) } }
}

extension LogPart {
  func open() throws(EventLogError) -> any ByteSource {
    let file = try OpenFile(path, flags: O_RDONLY, attempted: "read an old part of the log")
    return isCompressed ? try GzipSource(file) : PlainSource(file)
  }
}
