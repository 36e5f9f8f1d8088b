import Scene

extension RuleEngine {
  /// All that the engine remembers. `Codable`: encoded, decoded and restored it judges on as if nothing had been.
  public struct State: Sendable, Codable, Equatable {
    /// Of the rule file.
    public var digest: String
    public var context: RuleContext
    var clock: KnownClock
    var roster: Roster
    var last: MediaTime?
    var memories: [RuleJudge.Memory]
  }

  public func checkpoint() -> State {
    State(digest: rules.digest, context: context, clock: clock, roster: roster, last: last, memories: judges.map(\.memory))
  }

  /// False where the state is of another rule file, another picture size or other queries; nothing is changed then.
  public mutating func restore(_ state: State) -> Bool {
    guard state.digest == rules.digest, state.memories.count == judges.count, state.context.queries == context.queries,
          state.context.size == context.size else { return false }
    self = RuleEngine(rules: rules, context: state.context)
    clock = state.clock
    roster = state.roster
    last = state.last
    for index in judges.indices { judges[index].restore(state.memories[index]) }
    return true
  }
}
