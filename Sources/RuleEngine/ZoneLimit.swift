import EventLog
import Scene

/// `zone` on a rule whose kind has none of its own: its tracks count while their anchor is in the zone.
struct ZoneLimit: Sendable {
  /// Within this of the zone, as a share of the diagonal, nobody has left it.
  static let margin = 0.01

  var region: Region
  var anchor: Anchor

  /// The tracks that are in the zone, by slot: a bit each, forgotten on the keyframe on which the track leaves or ends.
  struct Memory: Sendable, Equatable, Codable {
    private var isInside: [Bool] = []

    init() {}

    func holds(_ sight: Sight) -> Bool { isInside.indices.contains(sight.slot) && isInside[sight.slot] }

    /// The sight as the rule has it: nil outside the zone, the end of the track where it has just left.
    mutating func sight(_ sight: Sight, _ limit: ZoneLimit) -> Sight? {
      if sight.slot >= isInside.count { isInside += repeatElement(false, count: sight.slot + 1 - isInside.count) }
      let was = isInside[sight.slot]
      if sight.ending != nil { isInside[sight.slot] = false }
      guard sight.isFresh else { return was ? sight : nil }
      let anchor = sight.now.anchor(limit.anchor)
      let isIn = was ? !limit.region.isBeyond(ZoneLimit.margin, anchor) : limit.region.contains(anchor)
      isInside[sight.slot] = isIn
      var seen = sight
      switch (was, isIn) {
      case (true, true): return seen
      case (false, false): return nil
      case (false, true):
        // What came before the zone is not the rule's business.
        seen.before = nil
        seen.isNew = false
        return seen
      case (true, false):
        seen.ending = .left
        seen.isFresh = false
        if let before = sight.before { seen.now = before }
        return seen
      }
    }
  }
}
