import Glibc

/// An open regular file of a model. Read with `pread`, not mapped: a file that shrinks while it is read is an error here and
/// would be SIGBUS there, and mapped pages would count as the process's own memory.
final class ModelFile: Sendable {
  let path: String
  /// Bytes, when it was opened.
  let size: Int
  private let descriptor: Int32

  init(_ path: String) throws(ModelError) {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let code = errno
      throw ModelError(code == ENOENT || code == ENOTDIR ? .notFound : .unreadable, file: path,
                       problem: "cannot be opened: \(Self.words(code))",
                       remedy: code == ENOENT ? "name a model directory that has this file" : "check the path and its permissions")
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw ModelError(.unreadable, file: path, problem: "is not a regular file", remedy: "name a model directory with plain files in it")
    }
    self.path = path
    self.descriptor = descriptor
    size = Int(status.st_size)
  }

  deinit { close(descriptor) }

  static func exists(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Fills `buffer` with the bytes from `offset` on.
  /// - Throws: `ModelError` where the file ends before the buffer is full, or can't be read.
  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(ModelError) {
    var done = 0
    while done < buffer.count {
      let (position, overflow) = offset.addingReportingOverflow(done)
      guard !overflow, position >= 0 else { throw ended(at: size) }
      let got = pread(descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(position))
      if got < 0 {
        let code = errno
        if code == EINTR { continue }
        throw ModelError(.unreadable, file: path, problem: "cannot be read at byte \(position): \(Self.words(code))",
                         remedy: "check the disk it lies on")
      }
      guard got > 0 else { throw ended(at: position) }
      done += got
    }
  }

  func bytes(at offset: Int, count: Int) throws(ModelError) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: count)
    var failure: ModelError?
    result.withUnsafeMutableBytes { buffer in
      do throws(ModelError) { try read(at: offset, into: buffer) } catch { failure = error }
    }
    if let failure { throw failure }
    return result
  }

  /// The whole file.
  /// - Throws: `ModelError` where it is larger than `limit` bytes.
  func everything(limit: Int) throws(ModelError) -> [UInt8] {
    guard size <= limit else {
      throw ModelError(.malformed, file: path, problem: "has \(size) bytes, more than the \(limit) that such a file may have",
                       remedy: ModelError.fetchAgain)
    }
    return try bytes(at: 0, count: size)
  }

  private func ended(at position: Int) -> ModelError {
    ModelError(.unreadable, file: path, problem: "ends at byte \(position), before what was to be read",
               remedy: "don't change a model while it is being loaded; \(ModelError.fetchAgain)")
  }

  private static func words(_ code: Int32) -> String { String(cString: strerror(code)) }
}
