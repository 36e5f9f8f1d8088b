public import Scene

/// Turns detections into tracks, keyframe by keyframe, each query by itself.
///
/// Constant-velocity Kalman filter in media time, association in two stages (high scores, then low), optimal
/// assignment, and a life by time: tentative → confirmed ⇄ coasting → ended. Any sampling rate.
///
/// Forgets: an ended track is reported once and is gone; a living one holds at most ten scores. Ids come from this
/// instance: the session in the options, numbers from 1 in the order of birth.
public struct Tracker: Sendable, Codable {
  public let options: TrackerOptions
  public let size: PictureSize
  /// Tracks that were ever confirmed.
  public private(set) var totalConfirmed = 0
  /// Detections that were refused: a box that is not finite, empty or far outside the picture, a score that is no
  /// number, a query without a threshold.
  public private(set) var refused = 0

  var lives: [Life] = []
  private var nextNumber = 1
  private var keyframe = 0
  private var now: MediaTime?
  /// Known time since the first keyframe, in nanoseconds: media time without its gaps.
  private var clock: Int64 = 0
  /// Unknown time since the last keyframe, in nanoseconds.
  private var unknown: Int64 = 0

  /// - Precondition: both sides of the picture are positive.
  public init(options: TrackerOptions, size: PictureSize) {
    precondition(size.width > 0 && size.height > 0, "a picture has at least one pixel")
    self.options = options; self.size = size
  }

  /// Living tracks: tentative, confirmed and coasting.
  public var living: Int { lives.count }

  /// Takes one keyframe's detections, in any order of queries. A time that is not after the last one counts as the
  /// same time: a clock that jumps backwards is a new session and a new tracker.
  /// - Returns: all living tracks, sorted by number, plus those that ended now (state `.ended`, this once).
  public mutating func update(_ detections: [Detection], at time: MediaTime) -> [Track] {
    let elapsed = advance(to: time)
    keyframe += 1
    for index in lives.indices {
      lives[index].filter.predict(seconds: elapsed.passed, motion: options.motion)
      lives[index].wait(nanoseconds: elapsed.known)
    }
    let sightings = accepted(detections)
    followCamera(sightings)
    for query in options.thresholds.indices where !sightings[query].isEmpty { associate(sightings[query], query: query, at: time) }
    endDuplicates()
    return report()
  }

  /// Boxes where living believed tracks are expected at a time, normalised, by number.
  public func expected(at time: MediaTime) -> [Box] {
    let seconds = Double(now.map { time.nanoseconds(since: $0) } ?? 0) / 1e9
    return lives.filter(\.isBelieved).map { life in
      var filter = life.filter
      filter.predict(seconds: seconds, motion: options.motion)
      return filter.box.box(in: size)
    }
  }

  /// A stretch of which nothing is known: life timers pause over it. Say it before the first keyframe after it.
  public mutating func gap(from start: MediaTime, to end: MediaTime) {
    guard let now else { return }
    unknown = unknown.saturatingSum(end.nanoseconds(since: max(start, now)))
  }

  /// Ends everything: the stream ended.
  /// - Returns: all tracks that lived, state `.ended`, sorted by number.
  public mutating func finish(at time: MediaTime) -> [Track] {
    _ = advance(to: time)
    defer { lives = [] }
    return lives.map { $0.track(in: size, state: .ended) }
  }

  /// Seconds that passed, and the nanoseconds of them of which something is known.
  private mutating func advance(to time: MediaTime) -> (passed: Double, known: Int64) {
    defer { unknown = 0 }
    guard let now else { self.now = time; return (0, 0) }
    let passed = time.nanoseconds(since: now)
    self.now = max(now, time)
    let known = max(0, passed - min(passed, unknown))
    clock = clock.saturatingSum(known)
    return (Double(passed) / 1e9, known)
  }

  /// Detections worth looking at, by query.
  private mutating func accepted(_ detections: [Detection]) -> [[Sighting]] {
    var sightings: [[Sighting]] = Array(repeating: [], count: options.thresholds.count)
    for detection in detections {
      guard options.thresholds.indices.contains(detection.query), detection.score.isFinite,
            let box = PixelBox(checking: detection.box, in: size) else { refused += 1; continue }
      guard detection.score >= options.thresholds[detection.query] * options.lowShare else { continue }
      sightings[detection.query].append(Sighting(detection: detection, box: box))
    }
    return sightings
  }

  mutating func see(_ sighting: Sighting, life index: Int, at time: MediaTime) {
    lives[index].see(sighting, at: time, options: options)
    guard !lives[index].isBelieved else { return }
    lives[index].confirm(hit: Life.Hit(clock: clock, keyframe: keyframe), options: options)
    guard lives[index].isBelieved else { return }
    guard let lost = lost(near: lives[index]) else { totalConfirmed += 1; return }
    lives[lost].resume(in: lives[index])
    // The number that it had until then ends, and was never believed.
    lives[index].isBelieved = false
    lives[index].isDuplicate = true
  }

  mutating func begin(_ sighting: Sighting, at time: MediaTime) {
    var life = Life(id: TrackID(session: options.session, number: nextNumber), sighting: sighting, at: time,
                    hit: Life.Hit(clock: clock, keyframe: keyframe), motion: options.motion)
    nextNumber += 1
    life.believe(options: options)
    if life.isBelieved {
      if let lost = lost(near: life) { return lives[lost].resume(in: life) }
      totalConfirmed += 1
    }
    lives.append(life)
  }

  private mutating func report() -> [Track] {
    let tracks = lives.map { $0.track(in: size, state: $0.isOver(options: options) ? .ended : $0.state) }
    lives.removeAll { $0.isOver(options: options) }
    return tracks
  }
}

/// A detection that was accepted, with its box in pixels.
struct Sighting {
  var detection: Detection
  var box: PixelBox
}
