import Foundation
public import Scene

/// What one stream has done so far: written by its threads, read by progress and summary.
public final class RunStatistics: @unchecked Sendable {
  public struct Counts: Sendable {
    /// Frames decoded.
    public var frames = 0
    /// Frames looked at.
    public var keyframes = 0
    /// Keyframes that gave way to newer ones (live streams).
    public var dropped = 0
    public var regions = 0
    /// Mean share of the picture that lay inside at least one region, 0…1.
    public var lookedAt = 0.0
    public var detections = 0
    public var tracks = 0
    public var events = 0
    public var gaps = 0
    /// Packets or frames that were damaged and lost.
    public var lost = 0
    /// Keyframes of whose events a picture was wanted and could not be written, and why the first could not.
    public var snapshotsLost = 0
    public var snapshotProblem: String?
    public var sessions = 0
    public var mediaTime = MediaTime.zero
    public var times = StageTimes()

    public init() {}

    /// Adds another stream's counts, for a summary over many files.
    public mutating func add(_ other: Counts) {
      let looked = keyframes + other.keyframes
      if looked > 0 {
        lookedAt = (lookedAt * Double(keyframes) + other.lookedAt * Double(other.keyframes)) / Double(looked)
      }
      frames += other.frames; keyframes += other.keyframes; dropped += other.dropped; regions += other.regions
      detections += other.detections; tracks += other.tracks; events += other.events
      gaps += other.gaps; lost += other.lost; sessions += other.sessions
      snapshotsLost += other.snapshotsLost; snapshotProblem = snapshotProblem ?? other.snapshotProblem
      times.add(other.times)
    }
  }

  private let lock = NSLock()
  private var counts = Counts()
  /// Length of the stream, where it is known.
  private var length: MediaInterval?

  public init() {}

  public var now: Counts { lock.withLock { counts } }
  public var duration: MediaInterval? { lock.withLock { length } }

  func setDuration(_ duration: MediaInterval?) { lock.withLock { length = duration } }
  func update(_ change: (inout Counts) -> Void) { lock.withLock { change(&counts) } }
}
