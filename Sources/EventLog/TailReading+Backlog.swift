import Glibc

/// What is there when the reading begins: the parts and the current file, from the first line that may pass.
extension TailReading {
  mutating func readBacklog(lastLines: Int?, mayBeMissing: Bool) throws {
    let (parts, file) = try snapshot()
    guard file != nil || !parts.isEmpty || mayBeMissing else {
      throw EventLogError(code: ENOENT, path: path, attempted: "read the log")
    }
    var pieces = try self.pieces(parts, file)
    if let lastLines { pieces = try last(lastLines, of: pieces) }
    for piece in pieces where !piece.isCurrent { try read(piece) }
    lastPart = parts.last?.number ?? 0
    isNumbered = lastPart > 0
    if let file, let piece = pieces.last, piece.isCurrent {
      try begin(file, from: piece.start, skipping: piece.skip)
    }
  }

  /// The parts and the current file, such that no rotation came between looking at the one and the other.
  func snapshot() throws -> ([LogPart], OpenFile?) {
    var parts = try LogPart.all(of: path)
    for _ in 0..<100 {
      let file = try openCurrent()
      let again = try LogPart.all(of: path)
      if again.map(\.number) == parts.map(\.number) { return (again, file) }
      parts = again
    }
    return (parts, try openCurrent())
  }

  func openCurrent() throws(EventLogError) -> OpenFile? {
    let descriptor = uninterrupted { open(path, O_RDONLY | O_CLOEXEC) }
    if descriptor == -1 && errno == ENOENT { return nil }
    guard descriptor >= 0 else { throw EventLogError(reading: path, code: errno) }
    let file = OpenFile(descriptor: descriptor, path: path)
    if try file.status().st_mode & S_IFMT == S_IFDIR { throw EventLogError(reading: path, code: EISDIR) }
    return file
  }

  /// A stretch of one file that is to be read.
  struct Piece {
    var path: String
    var file: OpenFile
    var isCompressed: Bool
    var isCurrent: Bool
    /// In a compressed file the start of a member.
    var start: Int64 = 0
    /// Lines in front of `start`; nil: count them when asked.
    var linesBefore: Int?
    /// So many lines that pass are left out.
    var skip = 0
  }

  func pieces(_ parts: [LogPart], _ file: OpenFile?) throws -> [Piece] {
    var parts = parts[...]
    let since = try isInOrder(parts.last, file) ? self.since : nil
    if let since {
      // Stamps are whole seconds, and lines are in order only to within the slack.
      while parts.count > 1, parts[parts.startIndex + 1].firstTime + 1_000_000_000 < LineSearch.earliest(since) { parts.removeFirst() }
      if let file, let first = try firstTime(of: file), first < LineSearch.earliest(since) { parts.removeAll() }
    }
    var pieces = try parts.compactMap { try piece($0) }
    if let file {
      let isCompressed = try Self.isCompressed(file)
      pieces.append(Piece(path: path, file: file, isCompressed: isCompressed, isCurrent: !isCompressed))
    }
    if let since, !pieces.isEmpty { try skip(to: since, &pieces[0]) }
    return pieces
  }

  func firstTime(of file: OpenFile) throws -> Int64? {
    guard try !Self.isCompressed(file) else { return nil }
    return try Self.first(of: PlainSource(file)) { LineTime.of($0) }
  }

  /// Whether the lines follow each other in time, to within the slack, as those of live streams do. Recordings are analysed one after the other, and
  /// each has a time of its own: of them nothing may be left unread.
  private func isInOrder(_ last: LogPart?, _ file: OpenFile?) throws -> Bool {
    guard since != nil else { return true }
    if let file, let answer = try Self.isLive(Self.isCompressed(file) ? GzipSource(file) : PlainSource(file)) { return answer }
    guard let last, let piece = try piece(last) else { return false }
    return try Self.isLive(piece.isCompressed ? GzipSource(piece.file) : PlainSource(piece.file)) ?? false
  }

  private static func isLive(_ source: any ByteSource) throws -> Bool? {
    try first(of: source) { JSONValue($0)?["data"]?["time_source"]?.text.map { ["rtcp", "arrival"].contains($0) } }
  }

  /// What the first line says that says anything; nil where the first hundred say nothing, or the part is damaged.
  private static func first<Answer>(of source: any ByteSource, _ read: (UnsafeRawBufferPointer) -> Answer?) throws -> Answer? {
    var reader = LineReader(source, blockSize: 16 << 10)
    for _ in 0..<100 {
      guard let item = try? reader.next() else { return nil }
      if case .line(let line) = item, let answer = read(line) { return answer }
    }
    return nil
  }

  static func isCompressed(_ file: OpenFile) throws -> Bool { try file.read(2, at: 0) == [0x1F, 0x8B] }

  /// Nil where the part was deleted meanwhile. A part that was compressed meanwhile is opened under its new name.
  func piece(_ part: LogPart) throws -> Piece? {
    for (path, isCompressed) in [(part.path, part.isCompressed), (part.path + ".gz", true)] {
      do throws(EventLogError) {
        let file = try OpenFile(path, flags: O_RDONLY, attempted: "read an old part of the log")
        return Piece(path: path, file: file, isCompressed: isCompressed, isCurrent: false)
      } catch {
        if error.kind != .notFound { throw error }
      }
    }
    return nil
  }

  func skip(to since: Int64, _ piece: inout Piece) throws {
    if piece.isCompressed {
      guard let members = try GzipMember.index(of: piece.file) else { return }
      guard let member = members.last(where: { $0.firstTime < LineSearch.earliest(since) }) else { return }
      piece.start = member.offset
      piece.linesBefore = member.linesBefore
    } else {
      piece.start = try LineSearch.start(of: since, in: piece.file, size: try piece.file.size())
    }
  }

  // MARK: The last lines

  func last(_ wanted: Int, of pieces: [Piece]) throws -> [Piece] {
    var kept: [Piece] = [], missing = max(0, wanted)
    for var piece in pieces.reversed() {
      if missing == 0 && !piece.isCurrent { break }
      let matches = try keepLast(missing, of: &piece)
      piece.skip = max(0, matches - missing)
      missing -= min(missing, matches)
      kept.insert(piece, at: 0)
    }
    return kept
  }

  /// Moves the piece's start towards its end as far as at least `wanted` lines (or all) remain; returns how many pass in what remains.
  func keepLast(_ wanted: Int, of piece: inout Piece) throws -> Int {
    let file = piece.file
    if !piece.isCompressed {
      let (start, matches) = try LineSearch.tail(of: file, from: piece.start, to: try file.size(), wanted: wanted, filter)
      if start > piece.start { piece.linesBefore = nil }
      piece.start = start
      return matches
    }
    let members = try (GzipMember.index(of: file) ?? []).filter { $0.offset >= piece.start }
    var take = 1
    while true {
      let first = members.count > take ? members[members.count - take] : nil
      let matches = count(file, from: first?.offset ?? piece.start)
      if matches >= wanted || first == nil {
        if let first {
          piece.start = first.offset
          piece.linesBefore = first.linesBefore
        }
        return matches
      }
      take *= 4
    }
  }

  /// Lines that pass from a member on; those in front of damage, where there is any. The damage is told when the lines are read.
  func count(_ file: OpenFile, from start: Int64) -> Int {
    guard let source = try? GzipSource(file, from: start) else { return 0 }
    var reader = LineReader(source), matches = 0
    while let item = try? reader.next() { if case .line(let line) = item, filter.judge(line) == .shown { matches += 1 } }
    return matches
  }
}
