internal import Scene

/// What the tracker remembers of one object. Bounded: a filter, ten scores, and as many hits as confirmation asks for.
struct Life: Sendable, Codable, Equatable {
  let id: TrackID
  let query: Int
  var filter: BoxFilter
  /// The last ≤ 10 scores, oldest first.
  var scores: [Double]
  /// When a tentative track was hit, oldest first; empty once it is believed.
  var hits: [Hit]
  var isBelieved = false
  /// Whether another track turned out to be the same object.
  var isDuplicate = false
  /// Where it was first and last detected.
  let firstSeen: PixelBox
  private(set) var lastSeen: PixelBox
  /// Known time since the last detection, in nanoseconds: gaps don't count.
  var unseen: Int64 = 0
  /// Keyframes since the last detection.
  var missed = 0
  /// Known time between first and last detection, in nanoseconds.
  var seenFor: Int64 = 0
  let firstDetected: MediaTime
  private(set) var lastDetected: MediaTime

  struct Hit: Sendable, Codable, Equatable {
    var clock: Int64
    var keyframe: Int
  }

  init(id: TrackID, sighting: Sighting, at time: MediaTime, hit: Hit, motion: MotionOptions) {
    self.id = id; query = sighting.detection.query
    filter = BoxFilter(sighting.box, motion: motion)
    firstSeen = sighting.box; lastSeen = sighting.box
    scores = [sighting.detection.score]; hits = [hit]
    firstDetected = time; lastDetected = time
  }

  var medianScore: Double { median(scores) }

  mutating func wait(nanoseconds: Int64) {
    unseen = unseen.saturatingSum(nanoseconds)
    missed += 1
  }

  mutating func see(_ sighting: Sighting, at time: MediaTime, options: TrackerOptions) {
    // A score half as high again as the threshold is a sure one; scores of different models and queries differ too much
    // to say it otherwise.
    let score = sighting.detection.score, sure = 1.5 * options.thresholds[query]
    filter.correct(sighting.box, motion: options.motion, certainty: sure > 0 ? max(0, min(1, score / sure)) : 1)
    if scores.count == 10 { scores.removeFirst() }
    scores.append(score)
    seenFor = seenFor.saturatingSum(unseen)
    unseen = 0; missed = 0
    lastDetected = time; lastSeen = sighting.box
  }

  /// Goes on where another track, which turned out to be this one again, has got to.
  mutating func resume(in other: Life) {
    filter = other.filter
    scores = other.scores
    seenFor = seenFor.saturatingSum(other.seenFor)
    unseen = 0; missed = 0
    lastDetected = other.lastDetected; lastSeen = other.lastSeen
  }

  /// Counts a hit of a tentative track and says whether it is believed from now on.
  mutating func confirm(hit: Hit, options: TrackerOptions) {
    hits.append(hit)
    if hits.count > options.confirmHits { hits.removeFirst() }
    believe(options: options)
  }

  mutating func believe(options: TrackerOptions) {
    guard !isBelieved, hits.count >= options.confirmHits, let first = hits.first, let last = hits.last,
          medianScore >= options.thresholds[query] else { return }
    let isClose = last.clock - first.clock <= options.confirmWithin.nanoseconds
    let isUnbroken = last.keyframe - first.keyframe == hits.count - 1
    if isClose || isUnbroken { isBelieved = true; hits = [] }
  }

  /// A believed track ends when it was not seen for `lostAfter`, a tentative one when no hit could confirm it any more.
  func isOver(options: TrackerOptions) -> Bool {
    if isDuplicate { return true }
    if isBelieved { return missed >= 2 && unseen >= options.lostAfter.nanoseconds }
    return missed >= 1 && unseen >= options.confirmWithin.nanoseconds
  }

  func track(in size: PictureSize, state: Track.State) -> Track {
    Track(id: id, query: query, state: state, box: filter.box.box(in: size), score: scores[scores.count - 1],
          medianScore: medianScore, detected: missed == 0, wasConfirmed: isBelieved,
          firstDetected: firstDetected, lastDetected: lastDetected)
  }

  var state: Track.State { isBelieved ? (missed == 0 ? .confirmed : .coasting) : .tentative }
}

extension Int64 {
  func saturatingSum(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}

extension MediaTime {
  /// Nanoseconds from an earlier time to this one, never negative, never overflowing.
  func nanoseconds(since earlier: MediaTime) -> Int64 {
    let (difference, overflow) = nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)
    if overflow { return nanoseconds > earlier.nanoseconds ? .max : 0 }
    return Swift.max(0, difference)
  }
}
