import Glibc

/// A log that comes through a pipe, or is typed: nobody can go back in it or to its end, so it is read once, as it comes, until whoever writes it
/// closes it. To follow it is the same.
extension TailReading {
  /// Standard input for `-`, or what a path names that is no file; nil: a file, or nothing yet.
  static func pipe(_ path: String) throws(EventLogError) -> OpenFile? {
    if path == "-" { return OpenFile(descriptor: STDIN_FILENO, path: "standard input", closes: false) }
    var status = stat()
    guard stat(path, &status) == 0, [S_IFIFO, S_IFCHR].contains(status.st_mode & S_IFMT) else { return nil }
    // Without waiting for a writer: whoever is told to stop must be able to.
    return try OpenFile(path, flags: O_RDONLY | O_NONBLOCK, attempted: "read the log")
  }

  mutating func read(_ pipe: OpenFile) throws {
    let source = PipeSource(pipe)
    var reader = LineReader(source), skip = 0
    while !callbacks.isCancelled() {
      try drain(&reader, pipe, pipe.path, from: 0, linesBefore: 0, skipping: &skip)
      try callbacks.idle()
      if source.isOver {
        if !reader.rest.isEmpty { try tellRest(reader.rest, pipe.path, line: reader.count + 1) }
        return
      }
      source.waitForMore()
    }
  }
}

/// Bytes as they come through a pipe; 0 where none wait, so that what came can be shown meanwhile.
private final class PipeSource: ByteSource {
  private let file: OpenFile
  private(set) var isOver = false

  init(_ file: OpenFile) { self.file = file }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(EventLogError) -> Int {
    guard !isOver, hasMore(within: 0) else { return 0 }
    let n = uninterrupted { Glibc.read(file.descriptor, buffer.baseAddress, buffer.count) }
    if n == -1 && errno == EAGAIN { return 0 }
    if n == -1 { throw EventLogError(reading: file.path, code: errno) }
    isOver = n == 0
    return n
  }

  func waitForMore() { _ = hasMore(within: LogTail.pollMilliseconds) }

  private func hasMore(within milliseconds: Int) -> Bool {
    var wait = pollfd(fd: file.descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&wait, 1, Int32(milliseconds)) > 0
  }
}

/// The last lines of those that come.
final class LastLines {
  private var lines: [[UInt8]] = []
  private var oldest = 0
  private let wanted: Int

  init(_ wanted: Int) { self.wanted = max(0, wanted) }

  func append(_ line: UnsafeRawBufferPointer) {
    if lines.count < wanted {
      lines.append(Array(line))
    } else if wanted > 0 {
      lines[oldest] = Array(line)
      oldest = (oldest + 1) % wanted
    }
  }

  func tell(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    for line in lines[oldest...] + lines[..<oldest] { try line.withUnsafeBytes(body) }
  }
}
