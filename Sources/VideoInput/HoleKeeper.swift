package import Scene

/// Finds holes in a stream's time stamps.
///
/// A hole is longer than `minimum`, longer than `factor` times the longest of the last `memory` intervals, and not covered by
/// the duration that the frame before states of itself. So neither a GIF that holds a picture for ten seconds, nor a
/// time-lapse, nor MP4 with variable frame rate (where every frame states its duration) has holes, while a camera that was
/// silent for two seconds has one.
///
/// Where the container's reader complained of damage just before, a few missing frames are enough: more than `suspectFactor`
/// times the longest interval. Some readers (Matroska's) skip what they can't read and give no other sign.
package struct HoleKeeper {
  package static let minimum = MediaInterval.seconds(1)
  package static let factor: Int64 = 5
  package static let memory = 8
  package static let suspectFactor = 1.5

  private var last: (time: MediaTime, duration: MediaInterval)?
  private var intervals: [Int64] = []

  package init() {}

  /// - Parameter duration: what the frame states of itself; zero where it doesn't.
  /// - Parameter isSuspect: whether the container's reader complained lately.
  /// - Returns: a gap that ends at this frame, of reason `damaged` where it was found by suspicion alone.
  package mutating func frame(at time: MediaTime, duration: MediaInterval, isSuspect: Bool = false) -> Gap? {
    defer { last = (time, duration) }
    guard let last else { return nil }
    let interval = (time - last.time).nanoseconds
    let usual = intervals.max()
    // A tenth more than stated is still covered: containers round.
    let covered = last.duration.nanoseconds > 0 && interval <= last.duration.nanoseconds &+ last.duration.nanoseconds / 10
    if let usual, !covered, interval > Self.minimum.nanoseconds, interval / Self.factor > usual {
      intervals.removeAll(keepingCapacity: true)
      intervals.append(usual)
      return Gap(from: last.time, to: time, reason: isSuspect ? .damaged : .missing)
    }
    if let usual, isSuspect, !covered, Double(interval) > Double(usual) * Self.suspectFactor {
      return Gap(from: last.time, to: time, reason: .damaged)
    }
    if intervals.count == Self.memory { intervals.removeFirst() }
    intervals.append(interval)
    return nil
  }

  package mutating func restart() { self = HoleKeeper() }
}
