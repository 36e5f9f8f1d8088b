import Foundation
import Worker

/// Standard output: data alone.
enum Output {
  /// - Throws: `WorkerError`, silent where the reader of the pipe has gone.
  static func write(_ bytes: some ContiguousBytes) throws {
    try bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let written = Foundation.write(STDOUT_FILENO, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if written < 0 {
          if errno == EINTR { continue }
          if errno == EPIPE { throw ClosedPipe() }
          throw WorkerError(.ioError, "standard output: \(String(cString: strerror(errno))); \(errno == ENOSPC ? "free some room" : "send it to a file or a pipe that is open")")
        }
        rest = rest.dropFirst(written)
      }
    }
  }
}
