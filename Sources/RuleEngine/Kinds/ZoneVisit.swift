import EventLog
import Scene

struct ZoneSettings: KindSettings {
  var region: Region
  var anchor: Anchor
  var enterHold: MediaInterval
  var exitHold: MediaInterval
  /// Share of the diagonal.
  var margin: Double

  var delay: MediaInterval { max(enterHold, exitHold) }

  func placed(in plane: Plane, queries: [Int]) -> ZoneSettings {
    var placed = self
    placed.region = region.placed(in: plane)
    return placed
  }
}

/// One track's visits to one zone: what `zone.entered`, `zone.exited` and `zone.loitering` have in common.
///
///     outside ──anchor inside──▶ entering ──for enter_hold──▶ inside ──beyond margin for exit_hold──▶ outside
///                                   └─────outside again──▶ outside    └──inside again: nothing happened
///
/// A visit begins where the path last crossed the border inward before the hold, and ends where it last crossed it outward.
struct ZoneVisit: Sendable, Equatable, Codable {
  struct Stay: Sendable, Equatable, Codable {
    var since: Instant
    /// The last moment inside the border.
    var lastInside: Instant
    /// Whether the last detected box was inside the border.
    var isInside: Bool
    /// Since when the anchor is beyond the margin; nil while it isn't.
    var beyondSince: Instant?
    /// The way out lies in a gap.
    var leftInGap: Bool
  }

  private enum State: Sendable, Equatable, Codable {
    case outside
    case entering(since: Instant)
    case inside(Stay)
  }

  enum Change {
    case entered(Stay)
    case exited(Stay, EndReason)
  }

  private var state = State.outside
  /// The stay that ended on the last keyframe.
  private var left: Stay?

  init() {}

  /// The stay that goes on; nil before the hold is over.
  var stay: Stay? { if case .inside(let stay) = state { stay } else { nil } }

  func verdict(_ last: Instant) -> Verdict {
    switch state {
    case .outside: Verdict(isOn: false)
    case .entering(let since): Verdict(isOn: false, until: since)
    case .inside(let stay): Verdict(isOn: true, until: stay.isInside ? last : stay.lastInside)
    }
  }

  /// A keyframe on which the track was detected.
  mutating func see(_ sight: Sight, _ settings: ZoneSettings) -> Change? {
    let now = sight.now.instant
    let anchor = sight.now.anchor(settings.anchor)
    let isInside = settings.region.contains(anchor)
    left = nil
    if case .outside = state, isInside { state = .entering(since: entry(sight, anchor, settings)) }
    switch state {
    case .outside:
      return nil
    case .entering(let since):
      guard isInside else { state = .outside; return nil }
      guard now.since(since) >= settings.enterHold else { return nil }
      let stay = Stay(since: since, lastInside: now, isInside: true, beyondSince: nil, leftInGap: false)
      state = .inside(stay)
      return .entered(stay)
    case .inside(var stay):
      follow(&stay, sight, anchor, isInside, settings)
      if let since = stay.beyondSince, now.since(since) >= settings.exitHold {
        state = .outside
        left = stay
        return .exited(stay, stay.leftInGap ? .gap : .left)
      }
      state = .inside(stay)
      return nil
    }
  }

  /// The track or the judging is over.
  mutating func end(_ sight: Sight, _ reason: EndReason) -> Change? {
    guard case .inside(var stay) = state else { state = .outside; return nil }
    state = .outside
    // Last seen outside: it left, and only the hold was not over.
    if !stay.isInside { return .exited(stay, stay.leftInGap ? .gap : .left) }
    stay.lastInside = sight.now.instant
    return .exited(stay, reason)
  }

  /// What must hold for a visit to begin.
  func conditions(_ sight: Sight, _ settings: ZoneSettings) -> [Condition] {
    let anchor = sight.now.anchor(settings.anchor)
    let since: Instant? = switch state {
    case .outside: nil
    case .entering(let since): since
    case .inside(let stay): stay.since
    }
    return [
      .place("the anchor is inside the zone", since != nil, away: settings.region.distance(to: anchor), key: "zone"),
      .timer("it stays inside", since: since, at: sight.now.instant, needed: settings.enterHold, key: "enter_hold"),
    ]
  }

  /// What must hold for it to end.
  func endConditions(_ sight: Sight, _ settings: ZoneSettings) -> [Condition] {
    guard let stay = stay ?? left else { return [] }
    let away = settings.region.distance(to: sight.now.anchor(settings.anchor))
    return [
      .beyond("the anchor is outside, beyond the margin", away, needed: settings.margin, key: "margin"),
      .timer("it stays outside", since: stay.beyondSince, at: sight.now.instant, needed: settings.exitHold, key: "exit_hold"),
    ]
  }

  /// When the path came in: where it last crossed the border. At first sight inside, that moment.
  private func entry(_ sight: Sight, _ anchor: Point, _ settings: ZoneSettings) -> Instant {
    let now = sight.now.instant
    guard let before = sight.before else { return now }
    let origin = before.anchor(settings.anchor)
    guard !settings.region.contains(origin), let share = settings.region.lastBorder(from: origin, to: anchor) else { return now }
    return before.instant.toward(now, share)
  }

  private func follow(_ stay: inout Stay, _ sight: Sight, _ anchor: Point, _ isInside: Bool, _ settings: ZoneSettings) {
    let now = sight.now.instant
    if isInside {
      stay.lastInside = now
      stay.beyondSince = nil
      stay.leftInGap = false
      stay.isInside = true
      return
    }
    let origin = sight.before?.anchor(settings.anchor)
    if let before = sight.before, let origin, let share = settings.region.lastBorder(from: origin, to: anchor) {
      stay.lastInside = before.instant.toward(now, share)
    } else if stay.isInside, sight.isAfterGap {
      stay.leftInGap = true
    }
    stay.isInside = false
    guard settings.region.isBeyond(settings.margin, anchor) else { stay.beyondSince = nil; return }
    if stay.beyondSince == nil {
      let share = origin.flatMap { settings.region.lastWithin(settings.margin, from: $0, to: anchor) }
      stay.beyondSince = if let before = sight.before, let share { before.instant.toward(now, share) } else { now }
    }
  }
}
