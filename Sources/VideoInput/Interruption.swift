import CFFmpeg
import Glibc
import Synchronization

/// Nanoseconds of the monotonic clock.
func monotonicNow() -> Int64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
}

/// Nanoseconds since 1970.
func wallClock() -> Int64 {
  var time = timespec()
  clock_gettime(CLOCK_REALTIME, &time)
  return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
}

/// Ends a call into FFmpeg that would block: the caller cancelled, or the deadline passed.
/// A silent RTSP server comes back as "invalid data", so what really happened is remembered here.
final class Interruption: Sendable {
  let cancellation: Cancellation
  private let deadline = Atomic<Int64>(.max)
  private let timedOut = Atomic(false)

  init(_ cancellation: Cancellation) { self.cancellation = cancellation }

  /// From now on calls may block for so long; nil: for ever.
  func allow(_ nanoseconds: Int64?) {
    let end = nanoseconds.map { monotonicNow().addingReportingOverflow($0) }
    deadline.store(end.map { $0.overflow ? .max : $0.partialValue } ?? .max, ordering: .relaxed)
  }

  var isCancelled: Bool { cancellation.isCancelled }
  var isTimedOut: Bool { timedOut.load(ordering: .relaxed) }

  var mustStop: Bool {
    if isCancelled { return true }
    guard monotonicNow() > deadline.load(ordering: .relaxed) else { return false }
    timedOut.store(true, ordering: .relaxed)
    return true
  }

  /// For FFmpeg to ask while it waits. The context that holds it must not outlive this object.
  var callback: AVIOInterruptCB {
    AVIOInterruptCB(callback: { opaque in
      guard let opaque else { return 0 }
      return Unmanaged<Interruption>.fromOpaque(opaque).takeUnretainedValue().mustStop ? 1 : 0
    }, opaque: Unmanaged.passUnretained(self).toOpaque())
  }
}
