import Glibc

/// One run of a tail.
struct TailReading: ~Copyable {
  let path: String
  let callbacks: LogTail.Callbacks
  let filter: PreparedFilter
  let since: Int64?
  /// The file being read to its end; nil while there is none.
  var current: Current?
  /// Number of the last part that needs no reading any more; 0: there was none.
  var lastPart = 0
  /// Whether the part after it has the next number; not where the log may have had parts that are gone, or another log has taken its place.
  var isNumbered = false
  var linesSinceAsked = 0

  final class Current {
    let file: OpenFile
    let identity: FileIdentity
    var reader: LineReader
    /// Where the reader began.
    fileprivate(set) var start: Int64
    /// The first bytes of the file: they tell a log that was cut back from another that took its place. Enough for an event's id.
    var head: [UInt8] = []
    static let headBytes = 64

    init(_ file: OpenFile, from start: Int64) throws(EventLogError) {
      self.file = file; self.start = start
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

  mutating func read(_ piece: Piece) throws {
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

  mutating func begin(_ file: OpenFile, from start: Int64, skipping: Int = 0) throws {
    current = try Current(file, from: start)
    try drainCurrent(skipping: skipping)
  }

  mutating func drainCurrent(skipping: Int = 0) throws {
    guard let current else { return }
    var skip = skipping
    try drain(&current.reader, current.file, path, from: current.start, linesBefore: nil, skipping: &skip)
    if current.head.count < Current.headBytes { current.head = try current.file.read(Current.headBytes, at: 0) }
  }

  mutating func drain(_ reader: inout LineReader, _ file: OpenFile, _ path: String, from start: Int64, linesBefore: Int?,
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
    guard let current, !current.reader.rest.isEmpty else { return }
    // Counting lines reads all that stands before: only here, where there is something to tell.
    let before = try LineSearch.lines(before: current.start, in: current.file)
    try tellRest(current.reader.rest, path, line: before + current.reader.count + 1)
    try callbacks.idle()
  }

  func tellRest(_ rest: UnsafeRawBufferPointer, _ path: String, line: Int) throws {
    guard JSONValue(rest) != nil else { return try callbacks.problem(LineProblem(path: path, line: line, kind: .cut)) }
    switch filter.judge(rest) {
    case .shown: try callbacks.line(rest)
    case .hidden: break
    case .problem(let kind): try callbacks.problem(LineProblem(path: path, line: line, kind: kind))
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
