import Glibc
import Scene

/// What the writer tells the world, and what the world tells it.
struct LogSurroundings: Sendable {
  /// Told once when something goes wrong that the log waits out, and once when it goes on.
  var notice: @Sendable (String) -> Void
  /// Whether waiting for room is to end.
  var isInterrupted: @Sendable () -> Bool
}

/// A log that is open for writing: the file, where it ends, what comes next. Guarded by the writer's lock.
struct OpenLog: ~Copyable, @unchecked Sendable {
  let path: String
  let options: LogOptions
  let surroundings: LogSurroundings
  var file: OpenFile
  var lock: LogLock?
  /// Pipes, terminals and devices can be neither cut nor rotated.
  let isRegular: Bool

  var encoder = EventEncoder()
  var memory = LogMemory()
  var nextSequence = 1
  /// Number of the file being written, from 1.
  var part = 1
  /// Where the file ends.
  var offset: Int64 = 0
  /// Up to where it is on the disk.
  var synced: Int64 = 0
  /// A sync failed. Linux then marks the pages as clean: a second sync would succeed and save nothing. So what is not yet safe is
  /// written once more before the next.
  var hasFailedSync = false
  /// Length of the checkpoint line that a later part begins with.
  var headerBytes: Int64 = 0
  /// Time of the part's first event, nanoseconds since 1970.
  var firstTime: Int64?
  /// Plain parts that wait to be compressed.
  var finishedParts: [String] = []

  init(file: OpenFile, path: String, options: LogOptions, surroundings: LogSurroundings, lock: LogLock?) {
    self.file = file; self.path = path; self.options = options; self.surroundings = surroundings; self.lock = lock
    isRegular = file.isRegular
  }

  var position: LogPosition { LogPosition(part: part, offset: offset, nextSequence: nextSequence) }

  /// One line, one `write(2)`, after a rotation where one is due. Returns whether the event asks for the disk at once.
  mutating func append(_ event: Event, in context: StreamContext) throws(EventLogError) -> Bool {
    try encode(event, in: context)
    let time = context.cameraTime(of: event.mediaTime)
    if isRegular {
      if needsNewPart(for: encoder.count, at: time) { try rotate() }
      if offset == 0 && part > 1 {
        try writeCheckpoint(for: event, in: context)
        try encode(event, in: context)
      }
    }
    try writeLine()
    if firstTime == nil { firstTime = time }
    memory.note(event, in: context, sequence: nextSequence)
    nextSequence += 1
    return event.severity == .alert
  }

  private mutating func encode(_ event: Event, in context: StreamContext) throws(EventLogError) {
    encoder.clear()
    try encoder.encode(event, in: context, sequence: nextSequence)
  }

  private func needsNewPart(for length: Int, at time: Int64) -> Bool {
    guard offset > headerBytes else { return false }
    if let limit = options.rotateAtBytes, offset + Int64(length) > limit { return true }
    guard options.rotateDaily, let firstTime else { return false }
    return CivilTime.day(ofNanoseconds: time) > CivilTime.day(ofNanoseconds: firstTime)
  }

  private mutating func writeCheckpoint(for event: Event, in context: StreamContext) throws(EventLogError) {
    try encode(memory.checkpoint(part: part, mediaTime: event.mediaTime, pts: event.pts), in: context)
    firstTime = context.cameraTime(of: event.mediaTime)
    try writeLine()
    headerBytes = offset
    nextSequence += 1
  }

  mutating func findUnfinishedParts() throws(EventLogError) {
    finishedParts = try PartKeeping(path: path, options: options, surroundings: surroundings).leftovers()
  }

  mutating func takeFinishedParts() -> [String] {
    defer { finishedParts = [] }
    return finishedParts
  }

  /// Forces what was written to the disk.
  mutating func sync() throws(EventLogError) {
    guard unsyncedPath != nil else { return }
    try patiently("sync to disk") { (log: inout OpenLog) throws(EventLogError) in
      if log.hasFailedSync { try log.rewriteUnsynced() }
      log.hasFailedSync = true
      try log.file.syncData()
      log.hasFailedSync = false
    }
    synced = offset
  }

  /// The file, where it has bytes that may not be on the disk yet.
  var unsyncedPath: String? { isRegular && synced < offset ? path : nil }

  private func rewriteUnsynced() throws(EventLogError) {
    // Not through the log's own descriptor: opened to append, it would append.
    let again = try OpenFile(path, flags: O_WRONLY, attempted: "write unsynced events again")
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { block.deallocate() }
    try check(lseek(again.descriptor, off_t(synced), SEEK_SET), "write unsynced events again", on: path)
    var place = synced
    while place < offset {
      let n = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: block.prefix(Int(min(Int64(block.count), offset - place)))), at: place)
      guard n > 0 else { break }
      try again.writeAll(UnsafeRawBufferPointer(rebasing: block.prefix(n)))
      place += Int64(n)
    }
  }
}

/// A place between two lines of a log. A checkpoint of the worker holds one, to go back to.
public struct LogPosition: Sendable, Equatable, Codable {
  /// Number of the file, from 1.
  public var part: Int
  /// Bytes from the file's beginning.
  public var offset: Int64
  public var nextSequence: Int

  public init(part: Int, offset: Int64, nextSequence: Int) {
    self.part = part; self.offset = offset; self.nextSequence = nextSequence
  }

  public static let start = LogPosition(part: 1, offset: 0, nextSequence: 1)
}
