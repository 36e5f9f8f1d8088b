public import Scene

/// How a tracker judges. Every time is media time, every length a share of the object's own size or of the picture, so
/// that one set of values serves any sampling rate and any picture.
public struct TrackerOptions: Sendable, Codable, Equatable {
  /// Score from which a detection counts as high, 0…1, one for each query of the stream, by index. Detections of a
  /// query that has none are refused.
  public var thresholds: [Double]
  /// A detection below `threshold × lowShare` is ignored; between the two it can keep a track alive, not begin one.
  /// What is half hidden scores low, but where a track expects it, it is believed (ByteTrack's idea).
  public var lowShare: Double = 0.5
  /// A track begins at a detection of `threshold × birthShare` or more.
  public var birthShare: Double = 1
  /// Detections a track needs before it is believed; the median of its last ≤ 10 scores must reach the threshold too.
  public var confirmHits: Int = 2
  /// Those detections fall into this span, or on keyframes that follow each other where sampling is slower than that.
  public var confirmWithin: MediaInterval = .seconds(2)
  /// A believed track that was not seen for so long ends. It never ends on the first keyframe that misses it.
  public var lostAfter: MediaInterval = .seconds(5)
  /// The session in every `TrackID`.
  public var session: Int = 0
  /// Least affinity, 0…1, between a believed track and a high detection.
  public var matchHigh: Double = 0.2
  /// Least affinity between a believed track and a low detection.
  public var matchLow: Double = 0.5
  /// Least affinity between a tentative track and a detection that no believed track took.
  public var matchTentative: Double = 0.3
  /// Two believed tracks of one query whose boxes overlap more than this (intersection over union), one of them
  /// coasting, are the same object: the one that was seen for longer stays.
  public var duplicateOverlap: Double = 0.85
  public var motion: MotionOptions = MotionOptions()
  public var margin: Double = 0
  public var marginLimit: Double = 0.5
  public var heightWeight: Double = 0
  public var scoreWeight: Double = 0
  public var wide: Double = 0
  public var lastBox: Double = 0
  public var maha: Double = 0
  public var leave: Double = 0
  public var lowFor: Double = 1e18
  public var group: Double = 0
  public var groupWide: Double = 0
  public var groupLeast: Double = 0.2
  public var order: Double = 0
  public var matchWide: Double = 0.2

  public init(thresholds: [Double], session: Int = 0) { self.thresholds = thresholds; self.session = session }

  /// The same three absolute scores for every query, as trackers of the literature are configured.
  /// - Precondition: 0 < `high`.
  public init(queries: Int = 1, high: Double, low: Double, new: Double, session: Int = 0) {
    precondition(high > 0, "the high threshold is above 0")
    self.init(thresholds: Array(repeating: high, count: queries), session: session)
    lowShare = low / high
    birthShare = new / high
  }
}

/// How far objects are expected to stray from constant velocity, and detections from objects. One *size* is the longer
/// side of the object's box: a near object moves and jitters more pixels than a far one.
public struct MotionOptions: Sendable, Codable, Equatable {
  /// Standard deviation of a detected box's centre, width and height, in sizes.
  public var measurement: Double = 0.05
  /// How fast position becomes unsure by itself, in sizes per √second.
  public var positionDrift: Double = 0.27
  /// How fast velocity changes, in sizes/second per √second.
  public var velocityDrift: Double = 1.03
  /// Standard deviation of the unknown velocity of a new track, sizes per second.
  public var startVelocity: Double = 1.9
  /// A box keeps growing or shrinking as it did for about this long; then its size rests.
  public var sizeMemory: MediaInterval = .milliseconds(500)

  public var velocityMemory: Double = 0
  public var coastMemory: Double = 0
  public var nsa: Double = 0
  public init() {}
}
