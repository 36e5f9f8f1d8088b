public import EventLog
public import Scene

/// Judges tracks keyframe by keyframe. Knows no clock but media time; the same calls give the same events.
public struct RuleEngine: Sendable {
  public init(rules: RuleSet, context: RuleContext) {}

  /// A keyframe: every live track as the tracker has it, tentative ones included (they are not looked at), and those that ended now.
  /// Events come in the order of the rules, then of the tracks.
  public mutating func judge(_ tracks: [Track], at time: MediaTime, pts: Int64) -> [Event] { [] }

  /// A stretch of which nothing is known: timers pause, nothing is invented.
  public mutating func gap(from: MediaTime, to: MediaTime, pts: Int64?) -> [Event] { [] }

  /// Everything open gets its end.
  public mutating func finish(at time: MediaTime, reason: EndReason, pts: Int64?) -> [Event] { [] }

  /// A new session of the same stream, after `finish`: counts go on, everything else starts anew.
  public mutating func begin(_ context: RuleContext) {}

  /// All that the engine remembers. `Codable`: encoded, decoded and restored it judges on as if nothing had been.
  public struct State: Sendable, Codable, Equatable {
    public var digest: String
  }
  public func checkpoint() -> State { State(digest: "") }
  /// False where the state is of another rule file or other queries; nothing is changed then.
  public mutating func restore(_ state: State) -> Bool { false }
}
