import CFFmpeg
import Glibc

/// Reads standard input or a named pipe for FFmpeg. FFmpeg's own reader blocks in `read(2)` and can't be interrupted there.
final class PipeInput {
  private let descriptor: Int32
  private let closesDescriptor: Bool
  private let interruption: Interruption
  private(set) var context: UnsafeMutablePointer<AVIOContext>?
  private(set) var bytesRead: Int64 = 0
  private static let bufferSize: Int32 = 65536
  private static let pollMilliseconds: Int32 = 50

  /// - Parameter path: nil for standard input.
  init(path: String?, interruption: Interruption) throws(VideoInputError) {
    self.interruption = interruption
    closesDescriptor = path != nil
    // Opened without waiting for a writer: poll waits, and looks at the interruption. (A pipe that no writer has opened yet isn't
    // at its end for poll, on Linux.)
    descriptor = path.map { open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC) } ?? STDIN_FILENO
    guard descriptor >= 0 else {
      throw VideoInputError(.unreadable, attempted: "open", source: path ?? "-", libraryWords: String(cString: strerror(errno)),
                            remedy: "check the path and its permissions")
    }
    let read: @convention(c) (UnsafeMutableRawPointer?, UnsafeMutablePointer<UInt8>?, Int32) -> Int32 = { opaque, buffer, count in
      guard let opaque, let buffer else { return ow_eof }
      return Unmanaged<PipeInput>.fromOpaque(opaque).takeUnretainedValue().read(into: buffer, count: Int(count))
    }
    let buffer = av_malloc(Int(Self.bufferSize))
    context = avio_alloc_context(buffer?.assumingMemoryBound(to: UInt8.self), Self.bufferSize, 0,
                                 Unmanaged.passUnretained(self).toOpaque(), read, nil, nil)
    context?.pointee.seekable = 0
  }

  deinit {
    if context != nil { av_freep(&context!.pointee.buffer) }
    avio_context_free(&context)
    if closesDescriptor && descriptor >= 0 { close(descriptor) }
  }

  private func read(into buffer: UnsafeMutablePointer<UInt8>, count: Int) -> Int32 {
    while !interruption.mustStop {
      var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = poll(&wanted, 1, Self.pollMilliseconds)
      if ready == 0 || (ready < 0 && errno == EINTR) { continue }
      let got = Glibc.read(descriptor, buffer, count)
      if got > 0 { bytesRead += Int64(got); return Int32(got) }
      if got == 0 { return ow_eof }
      if errno == EINTR || errno == EAGAIN { continue }
      return -errno
    }
    return ow_eof
  }
}
