public import Scene

/// How a tracker judges. Every time is media time, every length a share of the object's own size, so that one set of
/// values serves any sampling rate and any picture. Defaults were chosen on MOT17's validation halves at 1, 1/2, 1/5,
/// 1/10 and 1/15 of the frames together (Reports/tracking.md), not per sequence.
public struct TrackerOptions: Sendable, Codable, Equatable {
  /// Score from which a detection counts as high, 0…1, one for each query of the stream, by index. Detections of a
  /// query that has none are refused.
  public var thresholds: [Double]
  /// A detection below `threshold × lowShare` is ignored; between the two it can keep a track alive, not begin one.
  /// What is half hidden scores low, but where a track expects it, it is believed (ByteTrack, Zhang et al. 2022).
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
  /// How boxes find their tracks.
  public var matching: MatchingOptions = MatchingOptions()
  /// When a new track is taken for one that was lost; nil: never.
  public var resuming: ResumeOptions? = ResumeOptions()
  /// How objects move.
  public var motion: MotionOptions = MotionOptions()

  public init(thresholds: [Double], session: Int = 0) { self.thresholds = thresholds; self.session = session }

  /// The same absolute scores for every query, as trackers of the literature are configured.
  /// - Precondition: 0 < `high`.
  public init(queries: Int = 1, high: Double, low: Double, new: Double, session: Int = 0) {
    precondition(high > 0, "the high threshold is above 0")
    self.init(thresholds: Array(repeating: high, count: queries), session: session)
    lowShare = low / high
    birthShare = new / high
  }
}

/// When a detection may belong to a track. *Affinity*, 0…1, is the intersection over union of the expected and the
/// detected box, times the ratio of their heights: of two people side by side, the one of the same height (SORT-like
/// trackers confuse a near and a far person whose boxes overlap; the ratio gains 0.3 to 0.5 HOTA over all rates).
public struct MatchingOptions: Sendable, Codable, Equatable {
  /// Least affinity between a believed track and a high detection.
  public var high: Double = 0.2
  /// Least affinity between a track and a low detection: low ones are believed only where they fit well.
  public var low: Double = 0.5
  /// Least affinity between a tentative track and a high detection that no believed track took.
  public var tentative: Double = 0.3
  /// Least affinity in the second look, in which both boxes get a margin: at few keyframes a second a person's boxes
  /// don't overlap any more.
  public var wide: Double = 0.4
  /// That margin, in standard deviations of where the filter expects the centre. At 30 keyframes a second it is a few
  /// per cent of the object's size, at 2 half of it or more; a new track, whose velocity is unknown, gets more.
  public var margin: Double = 1.5
  /// The margin's upper end, in sizes (the longer side of the object's box).
  public var marginLimit: Double = 1
  /// The camera is taken to have moved where at least so many tracks were displaced together; 0: never. Pans and shakes
  /// would otherwise tear many tracks at once (gains 1.9 HOTA over all rates, 8 on MOT17-10, where the camera moves).
  public var cameraWitnesses: Int = 5
  /// Two believed tracks of one query whose boxes overlap more than this (intersection over union), one of them
  /// coasting, are the same object: the one that was seen for longer stays.
  public var duplicate: Double = 0.85

  public init() {}
}

/// When a track that comes to be believed goes on as a lost one that has not ended yet. Chosen so that MOT17's crowds, in which
/// whoever comes out from behind somebody may be anyone, lose nothing by it (HOTA 69.57 before, 69.54 with it).
public struct ResumeOptions: Sendable, Codable, Equatable {
  /// How far from the lost track's way it may appear, in sizes, and how much further for each second since.
  public var near: Double = 0.5
  public var speed: Double = 0.5
  /// Least ratio of the two heights.
  public var height: Double = 0.6
  /// How many times farther off the next lost track is at least, measured by what it may be.
  public var lead: Double = 1.5
  /// At most one other that is being seen is nearer than this, in sizes.
  public var company: Double = 1

  public init() {}
}

/// How far objects are expected to stray from constant velocity, and detections from objects. One *size* is the longer
/// side of the object's box: a near object moves and jitters more pixels than a far one. Noise per frame at 30 frames
/// a second, as SORT and ByteTrack state it, is here noise per second.
public struct MotionOptions: Sendable, Codable, Equatable {
  /// Standard deviation of a detected box's centre, width and height, in sizes.
  public var measurement: Double = 0.05
  /// How many times more a detection of score 0 strays than a sure one (1.5 × threshold and above), less 1: boxes of
  /// half hidden objects are cut.
  public var doubt: Double = 2
  /// How fast position becomes unsure by itself, in sizes per √second.
  public var positionDrift: Double = 0.15
  /// How fast velocity changes, in sizes/second per √second.
  public var velocityDrift: Double = 0.5
  /// Standard deviation of the unknown velocity of a new track, in sizes per second.
  public var startVelocity: Double = 1.9
  /// A box keeps growing or shrinking as it did for about this long; then its size rests.
  public var sizeMemory: MediaInterval = .milliseconds(500)

  public init() {}
}
