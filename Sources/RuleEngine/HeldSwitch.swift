import Scene

/// A yes or no that is believed only once it was held. Fed the moments at which it turns, in their order.
///
///     off ──turns──▶ turning on ──for the hold──▶ on, since the moment it turned; the same way back
///                        └──turns back: nothing happened
struct HeldSwitch: Sendable, Equatable, Codable {
  struct Holds: Sendable {
    var on: MediaInterval
    var off: MediaInterval
  }

  enum Change {
    case on(at: Instant)
    /// It was on from `since` to `at`.
    case off(since: Instant, at: Instant)
  }

  /// Since when it is believed to be on.
  private(set) var since: Instant?
  /// Since when it is the opposite of what is believed.
  private(set) var turning: Instant?

  var isOn: Bool { since != nil }
  /// Up to where nothing can change any more, if nothing turned up to `now`.
  func settled(_ now: Instant) -> Instant { turning ?? now }

  /// From `at` on it is `value`. What was held until then must have been reached before.
  mutating func turn(_ value: Bool, at: Instant) {
    if value == isOn { turning = nil } else if turning == nil { turning = at }
  }

  /// Nothing turned up to `now`.
  mutating func reach(_ now: Instant, _ holds: Holds) -> Change? {
    guard let at = turning, now.since(at) >= (isOn ? holds.off : holds.on) else { return nil }
    turning = nil
    if let start = since {
      since = nil
      return .off(since: start, at: at)
    }
    since = at
    return .on(at: at)
  }
}
