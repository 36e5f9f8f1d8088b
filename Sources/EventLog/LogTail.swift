import Glibc

/// Reads a log from its oldest part to its end, or its last lines, and goes on as it grows. Lines come as they are, byte for byte.
public struct LogTail: Sendable {
  public var path: String
  public var filter: EventFilter
  /// Only the last so many lines that pass the filter; nil: all.
  public var lastLines: Int?
  /// Go on when the end is reached. Rotation, truncation and a file that isn't there yet are fine.
  public var follow: Bool
  /// How often a followed log is looked at.
  package static let pollMilliseconds = 50

  public init(path: String, filter: EventFilter = EventFilter(), lastLines: Int? = nil, follow: Bool = false) {
    self.path = path; self.filter = filter; self.lastLines = lastLines; self.follow = follow
  }

  /// What `run` tells and asks its caller, all on the calling thread.
  public struct Callbacks {
    /// A line that passes, without its line feed; valid during the call.
    public var line: (UnsafeRawBufferPointer) throws -> Void
    /// A line that is no event. Reading goes on.
    public var problem: (LineProblem) throws -> Void = { _ in }
    /// All there is has been told: time to flush.
    public var idle: () throws -> Void = {}
    /// Asked at least every 50 ms while following, and every thousand lines.
    public var isCancelled: () -> Bool = { false }

    public init(line: @escaping (UnsafeRawBufferPointer) throws -> Void) { self.line = line }
  }

  /// Reads until the end, or until cancelled where it follows. Throws what the callbacks throw, and `EventLogError`:
  /// `notFound` where there is neither file nor part and it doesn't follow, `directory`.
  public func run(_ callbacks: Callbacks) throws {
    var reading = TailReading(path: path, filter: filter, callbacks: callbacks)
    try reading.readBacklog(lastLines: lastLines, mayBeMissing: follow)
    try callbacks.idle()
    if follow { try reading.follow() } else { try reading.tellCutLine() }
  }
}

/// One run of a tail.
struct TailReading: ~Copyable {
  let path: String
  let callbacks: LogTail.Callbacks
  let filter: PreparedFilter
  private let since: Int64?
  /// The file being read to its end; nil while there is none.
  private var current: Current?
  private var linesSinceAsked = 0

  final class Current {
    let file: OpenFile
    let identity: FileIdentity
    /// Its number among the parts, as far as it is known.
    let part: Int
    var reader: LineReader
    /// Where the reader began.
    private(set) var start: Int64
    /// The first bytes of the file: they tell a log that was cut back from another that took its place. Enough for an event's id.
    var head: [UInt8] = []
    static let headBytes = 64

    init(_ file: OpenFile, part: Int, from start: Int64) throws(EventLogError) {
      self.file = file; self.part = part; self.start = start
      identity = FileIdentity(try file.status())
      reader = LineReader(PlainSource(file, from: start), offset: start)
    }

    func restart(from place: Int64) {
      start = place
      reader = LineReader(PlainSource(file, from: place), offset: place)
    }
  }

  init(path: String, filter: EventFilter, callbacks: LogTail.Callbacks) {
    self.path = path; self.callbacks = callbacks
    self.filter = PreparedFilter(filter)
    since = filter.since
  }

  // MARK: What is there

  mutating func readBacklog(lastLines: Int?, mayBeMissing: Bool) throws {
    let (parts, file) = try snapshot()
    guard file != nil || !parts.isEmpty || mayBeMissing else {
      throw EventLogError(code: ENOENT, path: path, attempted: "read the log")
    }
    var pieces = try self.pieces(parts, file)
    if let lastLines { pieces = try last(lastLines, of: pieces) }
    for piece in pieces where !piece.isCurrent { try read(piece) }
    if let file, let piece = pieces.last, piece.isCurrent {
      try begin(file, part: (parts.last?.number ?? 0) + 1, from: piece.start, skipping: piece.skip)
    }
  }

  /// The parts and the current file, such that no rotation came between looking at the one and the other.
  private func snapshot() throws -> ([LogPart], OpenFile?) {
    var parts = try LogPart.all(of: path)
    for _ in 0..<100 {
      let file = try openCurrent()
      let again = try LogPart.all(of: path)
      if again == parts { return (parts, file) }
      parts = again
    }
    return (parts, try openCurrent())
  }

  private func openCurrent() throws -> OpenFile? {
    do throws(EventLogError) {
      let file = try OpenFile(path, flags: O_RDONLY, attempted: "read the log")
      if try file.status().st_mode & S_IFMT == S_IFDIR { throw EventLogError(code: EISDIR, path: path, attempted: "read the log") }
      return file
    } catch {
      if error.kind == .notFound { return nil }
      throw error
    }
  }

  /// A stretch of one file that is to be read.
  private struct Piece {
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

  private func pieces(_ parts: [LogPart], _ file: OpenFile?) throws -> [Piece] {
    var parts = parts[...]
    if let since {
      // Stamps are whole seconds, and lines are in order only to within the slack.
      while parts.count > 1, parts[parts.startIndex + 1].firstTime < since - min(LineSearch.slack, since - .min) - 1_000_000_000 { parts.removeFirst() }
      if let file, let first = try firstTime(of: file), first < since - LineSearch.slack { parts.removeAll() }
    }
    var pieces = try parts.compactMap { try piece($0) }
    if let file {
      let isCompressed = try Self.isCompressed(file)
      pieces.append(Piece(path: path, file: file, isCompressed: isCompressed, isCurrent: !isCompressed))
    }
    if let since, !pieces.isEmpty { try skip(to: since, &pieces[0]) }
    return pieces
  }

  private func firstTime(of file: OpenFile) throws -> Int64? {
    guard try !Self.isCompressed(file) else { return nil }
    var reader = LineReader(PlainSource(file), blockSize: 16 << 10)
    for _ in 0..<100 {
      guard let item = try reader.next() else { return nil }
      if case .line(let line) = item, let time = LineTime.of(line) { return time }
    }
    return nil
  }

  private static func isCompressed(_ file: OpenFile) throws -> Bool { try file.read(2, at: 0) == [0x1F, 0x8B] }

  /// Nil where the part was deleted meanwhile. A part that was compressed meanwhile is opened under its new name.
  private func piece(_ part: LogPart) throws -> Piece? {
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

  private func skip(to since: Int64, _ piece: inout Piece) throws {
    if piece.isCompressed {
      guard let members = try GzipMember.index(of: piece.file) else { return }
      let target = since > .min + LineSearch.slack ? since - LineSearch.slack : .min
      guard let member = members.last(where: { $0.firstTime < target }) else { return }
      piece.start = member.offset
      piece.linesBefore = member.linesBefore
    } else {
      piece.start = try LineSearch.start(of: since, in: piece.file, size: try piece.file.size())
    }
  }

  // MARK: The last lines

  private func last(_ wanted: Int, of pieces: [Piece]) throws -> [Piece] {
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
  private func keepLast(_ wanted: Int, of piece: inout Piece) throws -> Int {
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
  private func count(_ file: OpenFile, from start: Int64) -> Int {
    guard let source = try? GzipSource(file, from: start) else { return 0 }
    var reader = LineReader(source), matches = 0
    while let item = try? reader.next() { if case .line(let line) = item, filter.judge(line) == .shown { matches += 1 } }
    return matches
  }

  // MARK: Reading

  private mutating func read(_ piece: Piece) throws {
    let file = piece.file
    var reader = LineReader(piece.isCompressed ? try GzipSource(file, from: piece.start) : PlainSource(file, from: piece.start), offset: piece.start)
    var skip = piece.skip
    do {
      try drain(&reader, file, piece.path, from: piece.start, linesBefore: piece.linesBefore ?? (piece.isCompressed ? 0 : nil), skipping: &skip)
    } catch let error as EventLogError where error.kind == .damaged {
      // What follows a damaged part is worth as much as ever.
      try callbacks.problem(LineProblem(path: piece.path, line: (piece.linesBefore ?? 0) + reader.count + 1, kind: .cut))
    }
    if !reader.rest.isEmpty { try tellRest(reader.rest, piece.path, line: (piece.linesBefore ?? 0) + reader.count + 1) }
  }

  private mutating func begin(_ file: OpenFile, part: Int, from start: Int64, skipping: Int = 0) throws {
    current = try Current(file, part: part, from: start)
    try drainCurrent(skipping: skipping)
  }

  private mutating func drainCurrent(skipping: Int = 0) throws {
    guard let current else { return }
    var skip = skipping
    try drain(&current.reader, current.file, path, from: current.start, linesBefore: nil, skipping: &skip)
    if current.head.count < Current.headBytes { current.head = try current.file.read(Current.headBytes, at: 0) }
  }

  private mutating func drain(_ reader: inout LineReader, _ file: OpenFile, _ path: String, from start: Int64, linesBefore: Int?,
                              skipping skip: inout Int) throws {
    while let item = try reader.next() {
      linesSinceAsked += 1
      if linesSinceAsked >= 1000 {
        linesSinceAsked = 0
        if callbacks.isCancelled() { return }
      }
      var problem: LineProblem.Kind? = nil
      switch item {
      case .tooLong: problem = .tooLong
      case .line(let line):
        switch filter.judge(line) {
        case .hidden: continue
        case .problem(let kind): problem = kind
        case .shown: if skip > 0 { skip -= 1 } else { try callbacks.line(line) }
        }
      }
      // Problems among lines that are left out are nobody's concern.
      if let problem, skip == 0 {
        let before = try linesBefore ?? LineSearch.lines(before: start, in: file)
        try callbacks.problem(LineProblem(path: path, line: before + reader.count, kind: problem))
      }
    }
  }

  /// What stands behind the last line feed when nothing more is awaited: a whole event whose line feed is missing is shown.
  mutating func tellCutLine() throws {
    guard let current else { return }
    let before = try LineSearch.lines(before: current.start, in: current.file)
    if !current.reader.rest.isEmpty { try tellRest(current.reader.rest, path, line: before + current.reader.count + 1) }
    try callbacks.idle()
  }

  private func tellRest(_ rest: UnsafeRawBufferPointer, _ path: String, line: Int) throws {
    guard JSONValue(rest) != nil else { return try callbacks.problem(LineProblem(path: path, line: line, kind: .cut)) }
    switch filter.judge(rest) {
    case .shown: try callbacks.line(rest)
    case .hidden: break
    case .problem(let kind): try callbacks.problem(LineProblem(path: path, line: line, kind: kind))
    }
  }

  // MARK: Following

  mutating func follow() throws {
    while !callbacks.isCancelled() {
      if try advance() { try callbacks.idle() } else { sleep(milliseconds: LogTail.pollMilliseconds) }
    }
  }

  /// Reads what is new; false where nothing was.
  private mutating func advance() throws -> Bool {
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
  private mutating func readPartsBetween(_ last: Int) throws {
    let (parts, file) = try snapshot()
    let isRotated = parts.contains { $0.number == last }
    if isRotated { for part in parts where part.number > last { if let piece = try piece(part) { try read(piece) } } }
    guard let file else { return }
    try begin(file, part: (parts.last?.number ?? 0) + 1, from: 0)
  }

  /// The file may be shorter than what was read, or begin otherwise. A log that begins as before was cut back by a worker that goes on
  /// from its checkpoint: what it writes from here on is new or comes again. Any other is read from its beginning.
  private func restartAfterCut(_ current: Current) throws {
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

struct FileIdentity: Equatable {
  var device: UInt
  var node: UInt

  init(_ status: stat) {
    device = UInt(status.st_dev)
    node = UInt(status.st_ino)
  }
}
