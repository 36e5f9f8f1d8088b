import Scene

/// The other tracks that are together with one track, by whatever that means: near it, upon it, in it.
struct Company: Sendable, Equatable, Codable {
  struct Partner: Sendable, Equatable, Codable {
    var track: TrackID
    var query: Int
    var since: Instant
    /// When they were last seen together. Since then the partner was not detected: nobody knows.
    var last: Instant
  }

  /// In the order of their coming.
  private(set) var partners: [Partner] = []

  init() {}

  /// When any of them was last seen with it; nil where there is none.
  var lastSeen: Instant? { partners.map(\.last).max() }

  /// A keyframe.
  /// - Parameter sight: the track itself, where it was last detected.
  /// - Parameter others: who may be its company; itself is not.
  /// - Returns: who is no longer with it, and since when.
  mutating func see(_ sight: Sight, _ others: [Sight], _ areTogether: (Box, Box) -> Bool) -> [(partner: Partner, left: Instant)] {
    var left: [(Partner, Instant)] = []
    // By index: most of many are far away, and need not be copied to be told so.
    for place in others.indices where others[place].track.id != sight.track.id {
      let isTogether = others[place].isFresh && others[place].ending == nil && areTogether(sight.now.box, others[place].now.box)
      if partners.isEmpty, !isTogether { continue }
      let other = others[place]
      let index = partners.firstIndex { $0.track == other.track.id }
      if other.ending != nil {
        if let index { left.append((partners[index], partners[index].last)); partners.remove(at: index) }
        continue
      }
      guard other.isFresh else { continue }
      let now = other.now.instant
      switch (index, isTogether) {
      case (let index?, true): partners[index].last = now
      case (let index?, false):
        let partner = partners.remove(at: index)
        left.append((partner, Self.turn(sight, other) { !areTogether($0, $1) } ?? partner.last))
      case (nil, true):
        let since = Self.turn(sight, other, areTogether) ?? now
        partners.append(Partner(track: other.track.id, query: other.track.query, since: since, last: now))
      case (nil, false): break
      }
    }
    return left
  }

  /// When, on the way of both to where they are now, it came to be so; nil where no path leads there, or it was so before.
  private static func turn(_ sight: Sight, _ other: Sight, _ isSo: (Box, Box) -> Bool) -> Instant? {
    guard let before = other.before else { return nil }
    // Where the two were not detected at the same time before, the track is taken to have been where it is.
    let own = sight.isFresh && sight.before?.instant == before.instant ? sight.before! : sight.now
    guard !isSo(own.box, before.box) else { return nil }
    let share = turningPoint { isSo(own.box.toward(sight.now.box, $0), before.box.toward(other.now.box, $0)) }
    return before.instant.toward(other.now.instant, share)
  }
}
