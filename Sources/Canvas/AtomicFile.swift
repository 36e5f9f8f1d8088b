import Glibc

/// A file that appears whole or not at all: written beside its place, then renamed over it. What was not kept is removed.
final class AtomicFile {
  private let path: String
  private let temporary: String
  private var descriptor: Int32
  private var isKept = false
  /// `errno` of the write that failed.
  private(set) var failure: Int32 = 0

  init(path: String) throws(CanvasError) {
    self.path = path
    // The process id keeps two programs apart that write the same file.
    temporary = "\(path).\(getpid()).part"
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Self.error(path, errno) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    if !isKept { unlink(temporary) }
  }

  /// False, with `failure` set, where the system does not take the bytes.
  func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let written = write(descriptor, rest.baseAddress, rest.count)
      if written < 0 {
        if errno == EINTR { continue }
        failure = errno
        return false
      }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
    }
    return true
  }

  /// Puts the file in its place.
  func keep() throws(CanvasError) {
    let closed = close(descriptor)
    descriptor = -1
    guard closed == 0, rename(temporary, path) == 0 else { throw Self.error(path, errno) }
    isKept = true
  }

  var error: CanvasError { Self.error(path, failure) }

  private static func error(_ path: String, _ code: Int32) -> CanvasError {
    let remedy = switch code {
    case ENOSPC, EDQUOT: "free space on that disk, or name a file on another"
    case ENOENT, ENOTDIR: "create the folder first, or name a file in one that exists"
    case EACCES, EPERM, EROFS: "name a file in a folder you may write to"
    case EISDIR: "name a file, not a folder"
    default: "name another file"
    }
    return CanvasError(attempt: "write an annotated picture", subject: path, reason: String(cString: strerror(code)), remedy: remedy)
  }
}
