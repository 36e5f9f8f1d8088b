import Glibc

/// The one funnel through which results of system calls go: -1 becomes an error that says what was attempted on what.
@discardableResult
func check<Result: BinaryInteger>(_ result: Result, _ attempted: @autoclosure () -> String,
                                  on path: @autoclosure () -> String) throws(EventLogError) -> Result {
  if result == -1 { throw EventLogError(code: errno, path: path(), attempted: attempted()) }
  return result
}

/// Repeats a call for as long as a signal interrupts it.
func uninterrupted<Result: BinaryInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result == -1 && errno == EINTR { continue }
    return result
  }
}

/// The one owner of a file descriptor.
final class OpenFile {
  let descriptor: Int32
  let path: String
  private let closes: Bool

  /// Takes over a descriptor that is already open; closes it at the end unless told otherwise.
  init(descriptor: Int32, path: String, closes: Bool = true) {
    self.descriptor = descriptor; self.path = path; self.closes = closes
  }

  init(_ path: String, flags: Int32, mode: mode_t = 0o644, attempted: String) throws(EventLogError) {
    self.path = path
    closes = true
    descriptor = try check(uninterrupted { open(path, flags | O_CLOEXEC, mode) }, attempted, on: path)
  }

  deinit { if closes { close(descriptor) } }

  func status() throws(EventLogError) -> stat {
    var status = stat()
    try check(fstat(descriptor, &status), "look at the file", on: path)
    return status
  }

  func size() throws(EventLogError) -> Int64 { Int64(try status().st_size) }

  /// Fills as much of `buffer` as the file has from `offset` on; returns the number of bytes.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(EventLogError) -> Int {
    var filled = 0
    while filled < buffer.count {
      let n = try check(uninterrupted { pread(descriptor, buffer.baseAddress! + filled, buffer.count - filled, off_t(offset) + filled) },
                        "read", on: path)
      if n == 0 { break }
      filled += n
    }
    return filled
  }

  /// At most `count` bytes from `offset` on.
  func read(_ count: Int, at offset: Int64) throws(EventLogError) -> [UInt8] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, count), alignment: 16)
    defer { buffer.deallocate() }
    return Array(buffer.prefix(try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(count)), at: offset)))
  }

  /// Writes everything where the file stands; for files that are written in one go and renamed at the end.
  func writeAll(_ bytes: UnsafeRawBufferPointer) throws(EventLogError) {
    var written = 0
    while written < bytes.count {
      written += try check(uninterrupted { write(descriptor, bytes.baseAddress! + written, bytes.count - written) }, "write", on: path)
    }
  }

  func writeAll(_ bytes: [UInt8]) throws(EventLogError) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, bytes.count), alignment: 16)
    defer { copy.deallocate() }
    copy.copyBytes(from: bytes)
    try writeAll(UnsafeRawBufferPointer(rebasing: copy.prefix(bytes.count)))
  }

  func syncData() throws(EventLogError) {
    try check(uninterrupted { fdatasync(descriptor) }, "sync to disk", on: path)
  }

  var isRegular: Bool { ((try? status())?.st_mode ?? 0) & S_IFMT == S_IFREG }
}

/// Makes renames and new names in a directory outlast a power cut.
func syncDirectory(of path: String) throws(EventLogError) {
  let directory = try OpenFile(directoryName(of: path), flags: O_RDONLY | O_DIRECTORY, attempted: "open the directory")
  let result = uninterrupted { fsync(directory.descriptor) }
  // Some file systems (and FUSE ones) cannot sync a directory and say so: then there is nothing to be done.
  if result == -1 && errno != EINVAL && errno != ENOTSUP && errno != ENOSYS {
    throw EventLogError(code: errno, path: directory.path, attempted: "sync the directory to disk")
  }
}

/// `Reports/gate.jsonl` → `Reports`; `gate.jsonl` → `.`.
func directoryName(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// `Reports/gate.jsonl` → `gate.jsonl`.
func fileName(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return path }
  return String(path[path.index(after: slash)...])
}

/// Wall clock, in nanoseconds since 1970-01-01T00:00:00Z.
func wallClock() -> Int64 {
  var now = timespec()
  clock_gettime(CLOCK_REALTIME, &now)
  return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
}

func sleep(milliseconds: Int) {
  var rest = timespec(tv_sec: milliseconds / 1000, tv_nsec: milliseconds % 1000 * 1_000_000)
  nanosleep(&rest, nil)
}

/// Position of the last line feed among the first `count` bytes. (`memrchr` is a GNU extension that Swift doesn't see.)
func lastLineFeed(in bytes: UnsafeMutableRawBufferPointer, count: Int) -> Int? { bytes.prefix(count).lastIndex(of: 10) }
