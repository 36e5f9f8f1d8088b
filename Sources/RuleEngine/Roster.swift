import EventLog
import Scene

/// A box that was detected, in the plane, and when.
struct Place: Sendable, Hashable, Codable {
  var box: Box
  var instant: Instant
}

/// One track on one keyframe, as rules see it.
struct Sight: Sendable {
  /// The track's place in every per-track store, reused after its end.
  var slot: Int
  var track: Track
  /// Where it is now; in `instant`'s moment it was last detected where `isFresh` is false.
  var now: Place
  /// Detected on this keyframe. A carried box decides nothing.
  var isFresh: Bool
  /// Where it was last detected before; nil at first sight, and after a gap, over which no path is drawn.
  var before: Place?
  /// The first detected box after a gap.
  var isAfterGap: Bool
  /// This keyframe is the first on which rules see it.
  var isNew: Bool
  /// Why the track ended; nil while it lives.
  var ending: EndReason?
  /// The best median score so far.
  var bestScore: Double
  /// It has been at least `Roster.movedDistance` from where it was first seen.
  var hasMoved: Bool
}

/// What all rules remember of the live tracks together. Forgets a track on the keyframe on which it ends or is no
/// longer told of.
struct Roster: Sendable, Equatable, Codable {
  /// Share of the diagonal from which on a track counts as having moved (`still: ignore`).
  static let movedDistance = 0.02
  /// A box this near to the picture's border (share of its side) when last seen has left the picture.
  static let borderShare = 0.01

  struct Entry: Sendable, Equatable, Codable {
    var track: Track
    var first: Point
    var last: Place
    var isPathBroken: Bool
    var bestScore: Double
    var hasMoved: Bool
    var hasLeftAtBorder: Bool
  }

  /// By slot.
  private var entries: [Entry?] = []
  private var free: [Int] = []
  /// Where a track's entry is. Not encoded: a dictionary has no order, and the entries say it all.
  private var slots: [TrackID: Int] = [:]

  private enum CodingKeys: CodingKey { case entries, free }

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    entries = try container.decode([Entry?].self, forKey: .entries)
    free = try container.decode([Int].self, forKey: .free)
    for (slot, entry) in entries.enumerated() { if let entry { slots[entry.track.id] = slot } }
  }

  /// Slots in use or once used: what per-track stores must hold.
  var capacity: Int { entries.count }

  /// The believed tracks of a keyframe and those that ended on it, by track id.
  mutating func sights(_ tracks: [Track], at instant: Instant, plane: Plane) -> [Sight] {
    var sights: [Sight] = []
    sights.reserveCapacity(tracks.count)
    var told: Set<Int> = []
    for track in tracks where track.box.isFinite {
      switch track.state {
      case .tentative: continue
      case .confirmed, .coasting:
        guard let sight = see(track, at: instant, plane: plane) else { continue }
        if told.insert(sight.slot).inserted { sights.append(sight) }
      case .ended:
        guard let slot = slots[track.id], told.insert(slot).inserted else { continue }
        sights.append(ended(slot))
      }
    }
    // A track that is no longer told of has ended, whatever was forgotten to be said.
    if told.count < slots.count {
      for slot in slots.values where !told.contains(slot) { sights.append(ended(slot)) }
    }
    return sights.sorted { $0.track.id < $1.track.id }
  }

  /// All live tracks, as they were last detected: for ends that come from elsewhere.
  func all() -> [Sight] {
    slots.values.map { slot in
      let entry = entries[slot]!
      return Sight(slot: slot, track: entry.track, now: entry.last, isFresh: false, before: nil, isAfterGap: false, isNew: false,
                   ending: nil, bestScore: entry.bestScore, hasMoved: entry.hasMoved)
    }.sorted { $0.track.id < $1.track.id }
  }

  /// Frees the slots of what ended.
  mutating func forget(_ sights: [Sight]) {
    for sight in sights where sight.ending != nil {
      entries[sight.slot] = nil
      slots[sight.track.id] = nil
      free.append(sight.slot)
    }
  }

  /// Breaks every path: nobody knows what happened meanwhile.
  mutating func breakPaths() {
    for slot in entries.indices { entries[slot]?.isPathBroken = true }
  }

  private mutating func see(_ track: Track, at instant: Instant, plane: Plane) -> Sight? {
    guard let slot = slots[track.id] else {
      // A track is first seen where it is detected: a carried box supports nothing.
      return track.detected ? admit(track, at: instant, plane: plane) : nil
    }
    var entry = entries[slot]!
    let lastDetected = entry.track.box
    entry.track = track
    // What events show is where it was seen, not where the motion model carried it: that may lie far outside the picture.
    if !track.detected { entry.track.box = lastDetected }
    var sight = Sight(slot: slot, track: entry.track, now: entry.last, isFresh: track.detected, before: nil, isAfterGap: false, isNew: false,
                      ending: nil, bestScore: 0, hasMoved: false)
    if track.detected {
      sight.before = entry.isPathBroken ? nil : entry.last
      sight.isAfterGap = entry.isPathBroken
      entry.isPathBroken = false
      entry.last = Place(box: plane.box(track.box), instant: instant)
      entry.bestScore = max(entry.bestScore, track.medianScore)
      entry.hasMoved = entry.hasMoved || entry.last.box.center.distance(to: entry.first) >= Self.movedDistance
      entry.hasLeftAtBorder = Self.touchesBorder(track.box)
      sight.now = entry.last
    }
    sight.bestScore = entry.bestScore
    sight.hasMoved = entry.hasMoved
    entries[slot] = entry
    return sight
  }

  private mutating func admit(_ track: Track, at instant: Instant, plane: Plane) -> Sight {
    let place = Place(box: plane.box(track.box), instant: instant)
    let entry = Entry(track: track, first: place.box.center, last: place, isPathBroken: false, bestScore: track.medianScore,
                      hasMoved: false, hasLeftAtBorder: Self.touchesBorder(track.box))
    let slot: Int
    if let reused = free.popLast() { slot = reused; entries[slot] = entry } else { slot = entries.count; entries.append(entry) }
    slots[track.id] = slot
    return Sight(slot: slot, track: track, now: place, isFresh: true, before: nil, isAfterGap: false, isNew: true,
                 ending: nil, bestScore: track.medianScore, hasMoved: false)
  }

  private func ended(_ slot: Int) -> Sight {
    let entry = entries[slot]!
    let reason: EndReason = entry.isPathBroken ? .gap : entry.hasLeftAtBorder ? .left : .lost
    var track = entry.track
    track.state = .ended
    track.detected = false
    return Sight(slot: slot, track: track, now: entry.last, isFresh: false, before: nil, isAfterGap: false, isNew: false,
                 ending: reason, bestScore: entry.bestScore, hasMoved: entry.hasMoved)
  }

  private static func touchesBorder(_ box: Box) -> Bool {
    box.left <= borderShare || box.top <= borderShare || box.right >= 1 - borderShare || box.bottom >= 1 - borderShare
  }
}
