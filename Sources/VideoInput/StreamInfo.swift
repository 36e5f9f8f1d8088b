public import Scene

/// What a stream says of itself before its frames are read. Its frames have the last word: a picture's own size counts.
public struct StreamInfo: Sendable {
  /// Size as it is shown: rotation and sample aspect ratio applied.
  public var size: PictureSize
  /// FFmpeg's name of the codec: `h264`, `hevc`, `gif`.
  public var codec: String
  /// Seconds a tick of PTS = numerator / denominator.
  public var timeBase: (numerator: Int, denominator: Int)
  /// Of the whole stream; nil where unknown or live.
  public var duration: MediaInterval?
  /// Frames a second as the container states it, which may be wrong; times never come from it where the stream has its own.
  public var averageFrameRate: Double?
  public var isLive: Bool
  /// Nanoseconds since 1970 at media time zero, from the container's `creation_time`; nil where it has none.
  public var startEpoch: Int64?
  /// As the container's index states it, else duration × rate: for progress, not for arithmetic.
  public var frameCountEstimate: Int?

  public init(size: PictureSize, codec: String, timeBase: (numerator: Int, denominator: Int), duration: MediaInterval? = nil,
              averageFrameRate: Double? = nil, isLive: Bool = false, startEpoch: Int64? = nil, frameCountEstimate: Int? = nil) {
    self.size = size; self.codec = codec; self.timeBase = timeBase; self.duration = duration
    self.averageFrameRate = averageFrameRate; self.isLive = isLive; self.startEpoch = startEpoch
    self.frameCountEstimate = frameCountEstimate
  }
}
