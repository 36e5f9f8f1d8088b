import Scene

/// A moment on two clocks: the stream's media time, and the time of which something is known, which stands still
/// during gaps. Holds and dwell times are counted in the second.
struct Instant: Sendable, Hashable, Codable, Comparable {
  /// Nanoseconds.
  var media: Int64
  /// Nanoseconds.
  var known: Int64

  var time: MediaTime { MediaTime(nanoseconds: media) }

  static func < (a: Instant, b: Instant) -> Bool { (a.media, a.known) < (b.media, b.known) }

  /// Known time from an earlier moment to this one.
  func since(_ earlier: Instant) -> MediaInterval { MediaInterval(nanoseconds: known &- earlier.known) }

  /// The moment at share `t` of the way to a later one.
  func toward(_ later: Instant, _ t: Double) -> Instant {
    let share = min(max(t, 0), 1)
    return Instant(media: media &+ Int64((Double(later.media &- media) * share).rounded()),
                   known: known &+ Int64((Double(later.known &- known) * share).rounded()))
  }
}

/// Counts the gaps of a session.
struct KnownClock: Sendable, Hashable, Codable {
  /// Nanoseconds of all gaps so far.
  private var missing: Int64 = 0
  /// Where on the known clock the last gap lies, and how long it was.
  private var lastGap: Instant?
  private var lastLength: Int64 = 0

  init() {}

  func instant(_ time: MediaTime) -> Instant { Instant(media: time.nanoseconds, known: time.nanoseconds &- missing) }

  mutating func gap(from: MediaTime, to: MediaTime) {
    guard to > from else { return }
    lastGap = instant(from)
    lastLength = to.nanoseconds &- from.nanoseconds
    missing &+= lastLength
  }

  /// Whether a media time lies within the last gap: nothing is known of it.
  func isUnknown(_ media: Int64) -> Bool {
    lastGap.map { media > $0.media && media < $0.media &+ lastLength } ?? false
  }

  /// The moment that lies `interval` of known time after another. Looks back over the last gap only: nothing asks farther.
  func moment(_ interval: MediaInterval, after start: Instant) -> Instant {
    let known = start.known &+ interval.nanoseconds
    var media = known &+ missing
    if let lastGap, known <= lastGap.known { media &-= lastLength }
    return Instant(media: media, known: known)
  }
}
