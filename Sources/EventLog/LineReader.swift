import Glibc

/// Where bytes come from, in order; 0 bytes: none there now.
protocol ByteSource: AnyObject {
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(EventLogError) -> Int
}

/// A file's bytes from an offset on, up to `end` where one is given.
final class PlainSource: ByteSource {
  let file: OpenFile
  private(set) var position: Int64
  var end: Int64?

  init(_ file: OpenFile, from position: Int64 = 0, to end: Int64? = nil) {
    self.file = file; self.position = position; self.end = end
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(EventLogError) -> Int {
    var target = buffer
    if let end { target = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(Int(max(0, min(Int64(buffer.count), end - position))))) }
    guard !target.isEmpty else { return 0 }
    let n = try file.read(into: target, at: position)
    position += Int64(n)
    return n
  }
}

/// Bytes → lines. Asked again after the end, it goes on where more has come: that is how a log is followed.
struct LineReader: ~Copyable {
  /// Nothing the log writes comes near; a file without line feeds must not fill the memory.
  static let longestLine = 16 << 20

  private let source: any ByteSource
  private var buffer: UnsafeMutableRawBufferPointer
  private var start = 0
  private var filled = 0
  private var isSkipping = false
  /// Where in the source's bytes the next line begins.
  private(set) var offset: Int64
  /// Lines returned so far.
  private(set) var count = 0

  enum Item {
    /// Without its line feed; valid until the next call.
    case line(UnsafeRawBufferPointer)
    case tooLong
  }

  /// - Parameter offset: of the source's first byte, counted on in `offset`.
  init(_ source: any ByteSource, offset: Int64 = 0, blockSize: Int = 256 << 10) {
    self.source = source
    self.offset = offset
    buffer = .allocate(byteCount: blockSize, alignment: 16)
  }

  deinit { buffer.deallocate() }

  /// What stands after the last line feed.
  var rest: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer[start..<filled]) }

  /// The next whole line; nil when there is none now.
  mutating func next() throws(EventLogError) -> Item? {
    var searched = start
    while true {
      if let feed = memchr(buffer.baseAddress! + searched, 10, filled - searched) {
        let end = buffer.baseAddress!.distance(to: feed)
        let line = UnsafeRawBufferPointer(rebasing: buffer[start..<end])
        offset += Int64(line.count + 1)
        start = end + 1
        count += 1
        if isSkipping {
          isSkipping = false
          return .tooLong
        }
        return .line(line)
      }
      searched = filled
      if !(try fill(&searched)) { return nil }
    }
  }

  private mutating func fill(_ searched: inout Int) throws(EventLogError) -> Bool {
    if filled - start >= Self.longestLine {
      isSkipping = true
      offset += Int64(filled - start)
      start = 0; filled = 0; searched = 0
    }
    if start > 0 {
      memmove(buffer.baseAddress!, buffer.baseAddress! + start, filled - start)
      filled -= start
      searched -= start
      start = 0
    }
    if filled == buffer.count {
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: buffer.count * 2, alignment: 16)
      larger.copyMemory(from: UnsafeRawBufferPointer(buffer))
      buffer.deallocate()
      buffer = larger
    }
    let n = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
    filled += n
    return n > 0
  }
}
