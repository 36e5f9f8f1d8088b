import CFFmpeg
import Scene

extension InputEngine {
  /// Below this, decoding what lies before costs less than seeking.
  private static let worthSeeking = MediaInterval.seconds(5)

  /// Goes to where the frames from `from` on are decoded exactly as when reading from the start: the first frame gives media time
  /// zero, then a frame before `from` is sought, so that the sampler knows what precedes the first frame that is wanted.
  func advance(to from: MediaTime) throws(VideoInputError) {
    guard demuxer.seeksExactly, from > .zero + Self.worthSeeking else { return }
    guard try decodeFrame() else { return try reopen() }
    guard case .at = place(), !clock.hasDerivedTimes else { return try reopen() }
    var margin = MediaInterval.seconds(1)
    while from - margin > .zero {
      guard demuxer.seek(toPTS: clock.pts(of: from - margin)) else { break }
      decoder.flush()
      restartKeepers()
      // Some containers seek to where no frame can be decoded yet: the frame that comes first tells.
      guard try decodeFrame(), frame.pointer.pointee.pts != ow_no_pts else { break }
      let pts = frame.pointer.pointee.pts
      if case .at(let time, _) = clock.resume(at: pts, duration: ow_frame_duration(frame.pointer)), time < from {
        return try take(at: time, pts: pts)
      }
      margin = MediaInterval(nanoseconds: margin.nanoseconds * 4)
    }
    if !interruption.isCancelled { try reopen() }
  }
}
