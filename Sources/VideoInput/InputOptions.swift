public import Scene

/// Which frames of a stream the detector looks at. A function of the stream's time stamps alone.
public enum Sampling: Sendable, Hashable, Codable {
  /// In presentation order, every frame whose ⌊time / interval⌋ differs from that of the frame before it; the first frame always.
  /// At most one frame an interval, the first one in it, and never one that the stream doesn't have.
  /// An interval of zero or less means every frame.
  case every(MediaInterval)
  /// The codec's intra frames only; the others are never decoded.
  case intra
  /// Every frame.
  case all

  /// So many frames a second of media time. Rounds the interval down to whole nanoseconds: rounded up, 7 a second would
  /// miss the frame that stands exactly at one second. Nil where the rate is not a positive number.
  public static func perSecond(_ rate: Double) -> Sampling? {
    guard rate.isFinite, rate > 0 else { return nil }
    let interval = (1e9 / rate).rounded(.down)
    guard interval < 1e18 else { return nil }
    return interval < 1 ? .all : .every(MediaInterval(nanoseconds: Int64(interval)))
  }
}

/// What to read, and how.
public struct InputOptions: Sendable {
  /// A path, a URL (`rtsp://`, `http://`, …), a camera (`/dev/video0`), or `-` for standard input.
  public var source: String
  public var sampling: Sampling
  /// Only frames from this media time on (inclusive). Media time stays that of the whole stream.
  public var from: MediaTime?
  /// Only frames before this media time (exclusive).
  public var to: MediaTime?
  /// Threads that decode; 0: one a core. A file is then decoded several frames at a time, a live stream, where that would hold
  /// frames back, several slices of one. The pictures of a sound stream are the same with any number. One thread is the default since only
  /// then FFmpeg marks every damaged frame: with more, what a damaged file loses depends on their number (seen with H.264, FFmpeg 5.1).
  public var decoderThreads: Int
  /// How long a network stream or camera may send no video before reading fails with `.timedOut`.
  public var stallTimeout: MediaInterval
  /// How long opening a network stream or camera may take.
  public var openTimeout: MediaInterval
  /// Whether the stream's frames are made as they are read. Nil: yes for RTSP, RTMP, SRT, RTP, UDP and cameras, no for the rest.
  public var isLive: Bool?

  /// Whether what was lost may come back: a network stream or a camera, not a file or a pipe.
  public var mayComeBack: Bool {
    Source.scheme(of: source).map { $0 != "file" } ?? source.hasPrefix("/dev/")
  }

  public init(source: String, sampling: Sampling = .all, from: MediaTime? = nil, to: MediaTime? = nil, decoderThreads: Int = 1,
              stallTimeout: MediaInterval = .seconds(10), openTimeout: MediaInterval = .seconds(10), isLive: Bool? = nil) {
    self.source = source; self.sampling = sampling; self.from = from; self.to = to
    self.decoderThreads = decoderThreads; self.stallTimeout = stallTimeout; self.openTimeout = openTimeout; self.isLive = isLive
  }
}
