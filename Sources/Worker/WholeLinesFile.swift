import Foundation

/// A recording's file: what is given to one `write` stands in it whole, or not at all, since half a line would be read as damage.
final class WholeLinesFile {
  private let path: String
  private let descriptor: Int32
  private var isOpen = true
  /// Bytes that were written.
  private(set) var position: UInt64

  /// - Parameter resumingAt: where to cut it and go on; nil: begin anew.
  init(path: String, resumingAt start: UInt64?) throws {
    self.path = path
    position = start ?? 0
    if start == nil { try Self.checkHoldsNothingElse(path) }
    descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (start == nil ? O_TRUNC : 0), 0o644)
    guard descriptor >= 0 else {
      throw WorkerError(.cannotCreate, "\(path): cannot write the recording: \(String(cString: strerror(errno))); name a file in a folder you may write to")
    }
    if start != nil, !cutBack() { throw failure(errno) }
  }

  /// A recording takes the place of an older one, and of nothing else.
  private static func checkHoldsNothingElse(_ path: String) throws {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0, let file = FileHandle(forReadingAtPath: path) else { return }
    let start = String(decoding: (try? file.read(upToCount: 64)) ?? Data(), as: UTF8.self)
    guard start.hasPrefix("{\"header\":") || start.firstMatch(of: /^[0-9]+,-?[0-9]+,-?[0-9.]+,/) != nil else {
      throw WorkerError(.cannotCreate, "\(path): holds something else than a recording, and is left as it is; name another file, or remove it")
    }
  }

  deinit { if isOpen { Foundation.close(descriptor) } }

  func write(_ bytes: Data) throws {
    let code = bytes.withUnsafeBytes { send($0) }
    if code != 0 {
      _ = cutBack()
      throw failure(code)
    }
    position += UInt64(bytes.count)
  }

  /// Brings what was written to the disk. What cannot be synced, a pipe say, has no disk to be lost from.
  func synchronize() throws {
    while fdatasync(descriptor) != 0 {
      if errno == EINVAL || errno == EROFS { return }
      if errno != EINTR { throw failure(errno) }
    }
  }

  func close() throws {
    isOpen = false
    if Foundation.close(descriptor) != 0 { throw failure(errno) }
  }

  /// 0, or the system's code.
  private func send(_ bytes: UnsafeRawBufferPointer) -> Int32 {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if written >= 0 { rest = rest.dropFirst(written) } else if errno != EINTR { return errno }
    }
    return 0
  }

  private func cutBack() -> Bool {
    ftruncate(descriptor, off_t(position)) == 0 && lseek(descriptor, off_t(position), SEEK_SET) >= 0
  }

  private func failure(_ code: Int32) -> WorkerError {
    let remedy = code == ENOSPC || code == EDQUOT ? "free some room and run it again" : "name another file"
    return WorkerError(.ioError, "\(path): cannot write the recording: \(String(cString: strerror(code))); \(remedy)")
  }
}
