public import Scene

/// What comes out of a stream, in order of media time.
public enum InputElement: Sendable {
  case keyframe(Keyframe)
  case gap(Gap)
  case clockStep(ClockStep)
}

/// A stretch of media time of which nothing is known.
public struct Gap: Sendable, Hashable, Codable {
  public enum Reason: String, Sendable, Codable {
    /// Packets or frames could not be decoded, or decoded to something that can't be trusted.
    case damaged
    /// The stream's time stamps leave a hole.
    case missing
  }

  /// Time of the last good frame before the gap.
  public var from: MediaTime
  /// Time of the first good frame after it; at the end of a stream, where the stream would have ended.
  public var to: MediaTime
  public var reason: Reason
  /// Packets that could not be read or decoded.
  public var lostPackets: Int
  /// Frames that were decoded, but damaged or built upon damaged ones.
  public var lostFrames: Int

  public init(from: MediaTime, to: MediaTime, reason: Reason, lostPackets: Int = 0, lostFrames: Int = 0) {
    self.from = from; self.to = to; self.reason = reason; self.lostPackets = lostPackets; self.lostFrames = lostFrames
  }
}

/// The stream's clock jumped: backwards, or in a live stream further ahead than time itself.
/// What follows is a new session: its media time starts again from zero, its frames are counted from zero.
public struct ClockStep: Sendable, Hashable, Codable {
  /// Time of the last frame before the step.
  public var from: MediaTime
  /// Time of the first frame after it, on the clock before the step; may be negative.
  public var to: MediaTime

  public init(from: MediaTime, to: MediaTime) { self.from = from; self.to = to }
}

/// Counts since the reader was opened.
public struct InputStatistics: Sendable, Hashable {
  /// Bytes of video packets read.
  public var bytes: Int64 = 0
  public var packets: Int = 0
  /// Packets that could not be read or decoded.
  public var corruptPackets: Int = 0
  /// Frames the decoder gave, damaged ones included.
  public var framesDecoded: Int = 0
  /// Frames that were decoded but not trusted, see `Gap.lostFrames`.
  public var corruptFrames: Int = 0
  /// Frames left out since their time stamp repeats or precedes the one before.
  public var framesOutOfOrder: Int = 0
  public var keyframes: Int = 0
  public var gaps: Int = 0
  public var clockSteps: Int = 0

  public init() {}
}
