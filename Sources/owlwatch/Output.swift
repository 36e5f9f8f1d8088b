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
          throw WorkerError(.ioError, "standard output: \(String(cString: strerror(errno)))")
        }
        rest = rest.dropFirst(written)
      }
    }
  }
}
