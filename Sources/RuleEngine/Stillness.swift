import Scene

struct StillnessSettings: Sendable {
  var leeway: Leeway
  /// This long within the leeway, and it rests.
  var settle: MediaInterval
  /// This long beyond the leeway from where it rests, and it has moved.
  var hold: MediaInterval
}

/// Whether one track stands still: what `object.stopped`, `object.abandoned` and `object.removed` have in common.
///
///     moving ──within the leeway for settle──▶ resting ──beyond it, from the middle, for hold──▶ moving
///                                                └──back: nothing happened
struct Stillness: Sendable, Equatable, Codable {
  struct Rest: Sendable, Equatable, Codable {
    /// Since when it has kept within its leeway.
    var since: Instant
    /// `steadyNumbers` of where it rests.
    var middle: SIMD4<Double>
    /// Since when it is beyond the leeway; nil while it isn't.
    var awaySince: Instant?
    /// Where it stands since then.
    var away: Steadiness?
  }

  private enum State: Sendable, Equatable, Codable {
    case unseen
    case moving(Steadiness)
    case resting(Rest)
  }

  enum Change {
    case rests(Rest)
    /// It moved from where it rested, at `awaySince`.
    case moved(Rest)
  }

  private var state = State.unseen
  /// The rest that ended on the last keyframe.
  private var left: Rest?

  init() {}

  var rest: Rest? { if case .resting(let rest) = state { rest } else { nil } }
  /// Since when it stands where it stands, however short that is; nil before it was seen, and while it is away from its rest.
  var since: Instant? {
    switch state {
    case .unseen: nil
    case .moving(let steadiness): steadiness.since
    case .resting(let rest): rest.awaySince == nil ? rest.since : nil
    }
  }

  /// What must hold for what rests to have moved.
  func endConditions(_ sight: Sight, _ settings: StillnessSettings) -> [Condition] {
    guard let rest = rest ?? left else { return [] }
    return [.timer("it is away from where it stood", since: rest.awaySince, at: sight.now.instant, needed: settings.hold, key: "hold")]
  }

  /// A keyframe on which the track was detected.
  mutating func see(_ sight: Sight, _ settings: StillnessSettings) -> Change? {
    let place = sight.now
    left = nil
    switch state {
    case .unseen:
      state = .moving(Steadiness(place.box, at: place.instant))
      return nil
    case .moving(var steadiness):
      state = .unseen
      steadiness.see(place.box, at: place.instant, settings.leeway, isPathBroken: sight.before == nil)
      guard place.instant.since(steadiness.since) >= settings.settle else { state = .moving(steadiness); return nil }
      let rest = Rest(since: steadiness.since, middle: steadiness.middle)
      state = .resting(rest)
      return .rests(rest)
    case .resting(var rest):
      guard Self.isAway(place.box, rest, settings) else {
        rest.awaySince = nil
        rest.away = nil
        state = .resting(rest)
        return nil
      }
      if rest.awaySince == nil { rest.awaySince = leaving(sight, rest, settings) }
      var away = rest.away ?? Steadiness(place.box, at: place.instant)
      // Taken out while it is changed, so that its array is changed in place.
      rest.away = nil
      state = .unseen
      away.see(place.box, at: place.instant, settings.leeway, isPathBroken: sight.before == nil)
      rest.away = away
      state = .resting(rest)
      guard place.instant.since(rest.awaySince!) >= settings.hold else { return nil }
      state = .moving(away)
      left = rest
      return .moved(rest)
    }
  }

  private static func isAway(_ box: Box, _ rest: Rest, _ settings: StillnessSettings) -> Bool {
    let off = steadyNumbers(box) - rest.middle
    return any(off .> settings.leeway.bounds) || any(off .< -settings.leeway.bounds)
  }

  private func leaving(_ sight: Sight, _ rest: Rest, _ settings: StillnessSettings) -> Instant {
    guard let before = sight.before, !Self.isAway(before.box, rest, settings) else { return sight.now.instant }
    let share = turningPoint { Self.isAway(before.box.toward(sight.now.box, $0), rest, settings) }
    return before.instant.toward(sight.now.instant, share)
  }
}
