import Glibc

/// Reads a log from its oldest part to its end, or its last lines, and goes on as it grows. Lines come as they are, byte for byte.
public struct LogTail: Sendable {
  /// A file; a pipe, or `-` for standard input, is read as it comes, until it is closed.
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
    /// Numbers of parts that came while nobody looked and were deleted before they were read.
    public var deleted: (ClosedRange<Int>) throws -> Void = { _ in }
    /// All there is has been told: time to flush.
    public var idle: () throws -> Void = {}
    /// Asked at least every 50 ms while following, and every thousand lines.
    public var isCancelled: () -> Bool = { false }

    public init(line: @escaping (UnsafeRawBufferPointer) throws -> Void) { self.line = line }
  }

  /// Reads until the end, or until cancelled where it follows. Throws what the callbacks throw, and `EventLogError`:
  /// `notFound` where there is neither file nor part and it doesn't follow, `notReadable`.
  public func run(_ callbacks: Callbacks) throws {
    if let pipe = try TailReading.pipe(path) { return try run(callbacks, on: pipe) }
    var reading = TailReading(path: path, filter: filter, callbacks: callbacks)
    try reading.readBacklog(lastLines: lastLines, mayBeMissing: follow)
    try callbacks.idle()
    if follow { try reading.follow() } else { try reading.tellCutLine() }
  }

  private func run(_ callbacks: Callbacks, on pipe: OpenFile) throws {
    var inner = callbacks
    let last = lastLines.map { LastLines($0) }
    if let last { inner.line = { last.append($0) } }
    var reading = TailReading(path: path, filter: filter, callbacks: inner)
    try reading.read(pipe)
    guard let last, !callbacks.isCancelled() else { return }
    try last.tell(callbacks.line)
    try callbacks.idle()
  }
}
