package import Scene

/// Gives each frame, in the order in which the decoder puts them out, its media time: PTS × time base − that of the first frame.
/// Where no frame has a PTS (H.264 in AVI), decoding times serve; where only some have one (MPEG program streams), the others
/// are placed one frame duration after the one before.
package struct FrameClock {
  package enum Placement: Equatable {
    case at(MediaTime, pts: Int64)
    /// Its time stamp repeats or precedes the one before: leave it out.
    case outOfOrder
    /// The clock jumped; the frame is the first of a new session, at zero.
    case stepped(ClockStep, pts: Int64)
  }

  /// Stamps this little behind the frame before are a muxer's jitter; beyond it the clock jumped.
  package static let tolerance = MediaInterval.seconds(1)
  /// A live stream's frames can't run ahead of the wall clock by more than what some buffer on the way held.
  package static let lead = MediaInterval.seconds(10)

  private let numerator: Int64
  private let denominator: Int64
  private let isLive: Bool
  /// Ticks from frame to frame where nothing else is known.
  private let usualDuration: Int64
  /// PTS of media time zero; nil before the first frame.
  package private(set) var zero: Int64?
  private var last: (pts: Int64, time: MediaTime, duration: Int64, stated: Bool, arrival: Int64)?
  private var lastInterval: Int64?
  private var hasStatedTimes = false
  /// Whether some frame came without a time stamp of its own: then times depend on everything before.
  package private(set) var hasDerivedTimes = false

  /// - Parameters:
  ///   - timeBase: seconds a tick; nonsense counts as 1/90000.
  ///   - frameRate: frames a second as the container states it, for frames without time stamps.
  package init(timeBase: (numerator: Int, denominator: Int), frameRate: Double?, isLive: Bool) {
    let sane = timeBase.numerator > 0 && timeBase.denominator > 0
    numerator = sane ? Int64(timeBase.numerator) : 1
    denominator = sane ? Int64(timeBase.denominator) : 90_000
    self.isLive = isLive
    let rate = frameRate.flatMap { $0 >= 0.001 && $0 <= 1000 ? $0 : nil } ?? 25
    usualDuration = max(1, Int64((Double(denominator) / Double(numerator) / rate).rounded()))
  }

  /// - Parameters:
  ///   - pts: in ticks; nil where the frame has none.
  ///   - decoding: the decoding time stamp in ticks; nil where the frame has none.
  ///   - duration: of the frame in ticks, 0 where unknown.
  ///   - arrival: monotonic nanoseconds at which the frame came.
  package mutating func place(pts stated: Int64?, decoding: Int64?, duration: Int64, arrival: Int64) -> Placement {
    let duration = duration > 0 && duration < Int64.max / 4 ? duration : usualDuration
    if stated == nil { hasDerivedTimes = true } else { hasStatedTimes = true }
    guard let last, let zero else {
      let pts = stated ?? decoding ?? 0
      begin(pts, duration, stated: stated != nil, arrival)
      return .at(.zero, pts: pts)
    }
    var pts = stated ?? derived(decoding, last.pts, last.duration)
    // A derived time that ran ahead of the next stated one gives way by a tick, not by a frame.
    if pts <= last.pts, !last.stated || stated == nil, nanoseconds(last.pts, minus: pts) <= Self.tolerance.nanoseconds { pts = last.pts &+ 1 }
    let ahead = nanoseconds(pts, minus: last.pts)
    let elapsed = max(0, arrival &- last.arrival)
    if ahead < -Self.tolerance.nanoseconds || (isLive && ahead > elapsed.addingReportingOverflow(Self.lead.nanoseconds).partialValue) {
      let step = ClockStep(from: last.time, to: MediaTime(nanoseconds: nanoseconds(pts, minus: zero)))
      begin(pts, duration, stated: stated != nil, arrival)
      return .stepped(step, pts: pts)
    }
    guard ahead > 0 else { return .outOfOrder }
    let time = MediaTime(nanoseconds: nanoseconds(pts, minus: zero))
    lastInterval = pts.subtractingReportingOverflow(last.pts).partialValue
    self.last = (pts, time, duration, stated == pts, arrival)
    return .at(time, pts: pts)
  }

  private func derived(_ decoding: Int64?, _ last: Int64, _ duration: Int64) -> Int64 {
    if hasStatedTimes { return last.addingReportingOverflow(duration).partialValue }
    if let decoding { return decoding }
    return last.addingReportingOverflow(max(1, lastInterval ?? duration)).partialValue
  }

  /// The first frame after a seek.
  package mutating func resume(at pts: Int64, duration: Int64) -> Placement {
    guard let zero else { return place(pts: pts, decoding: nil, duration: duration, arrival: 0) }
    let time = MediaTime(nanoseconds: nanoseconds(pts, minus: zero))
    last = (pts, time, duration > 0 && duration < Int64.max / 4 ? duration : usualDuration, true, 0)
    return .at(time, pts: pts)
  }

  private mutating func begin(_ pts: Int64, _ duration: Int64, stated: Bool, _ arrival: Int64) {
    zero = pts
    lastInterval = nil
    last = (pts, .zero, duration, stated, arrival)
  }

  /// Nanoseconds from one time stamp to another, to the nearest; clamped, since time stamps are what a file says they are.
  package func nanoseconds(_ pts: Int64, minus other: Int64) -> Int64 {
    let scaled = (Int128(pts) - Int128(other)) * Int128(numerator) * 1_000_000_000
    let half = Int128(denominator) / 2
    let rounded = (scaled + (scaled < 0 ? -half : half)) / Int128(denominator)
    // Far from the ends of Int64, so that sums of such times don't overflow either.
    return Int64(max(-(1 << 61), min(1 << 61, rounded)))
  }

  /// The time stamp of a media time, for seeking.
  package func pts(of time: MediaTime) -> Int64 {
    let ticks = Int128(time.nanoseconds) * Int128(denominator) / (Int128(numerator) * 1_000_000_000)
    return Int64(clamping: ticks + Int128(zero ?? 0))
  }
}
