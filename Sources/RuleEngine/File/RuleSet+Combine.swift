import Configuration
import EventLog
import Scene

// Combinations: which rules they combine, and whether they can ever come true.
extension RuleSet {
  /// Gives combinations their members and, where they state none, their queries.
  static func combine(_ rules: inout [Rule], _ readers: [RuleReader]) throws(ConfigurationError) {
    for index in rules.indices where rules[index].kind.combines {
      let ids = try readers[index].members().map(\.id)
      rules[index].members = ids.map { id in rules.firstIndex { $0.id == id }! }
    }
    let order = membersFirst(rules)
    if let index = rules.indices.first(where: { !order.contains($0) }) {
      throw readers[index].fields.node.mistake("rule '\(rules[index].id)' combines itself in the end", suggestion: "a combination is made of other rules")
    }
    for index in order where rules[index].kind.combines {
      let members = rules[index].members.map { rules[$0] }
      let check = CombinationCheck(rule: rules[index], members: members, reader: readers[index])
      try check.lasting()
      try check.scope()
      if case .track? = check.sameness { rules[index].queries = try check.queries() }
      if case .zone? = check.sameness { rules[index].zone = members[0].zone }
      try check.timing()
      rules[index].settings = waiting(rules[index].settings, for: members.map(\.settings.delay))
    }
    try checkHours(rules, order, readers)
    try checkSilence(rules, readers)
  }

  /// A combination's settings, told how late its rules may be.
  private static func waiting(_ settings: any KindSettings, for delays: [MediaInterval]) -> any KindSettings {
    if var combination = settings as? CombinationSettings {
      combination.membersDelay = delays.max() ?? .zero
      return combination
    }
    guard var sequence = settings as? SequenceSettings else { return settings }
    sequence.firstDelay = delays[0]
    sequence.nextDelay = delays[delays.count - 1]
    return sequence
  }

  /// Places of the rules, each after those that it combines; without those that go round in a circle.
  static func membersFirst(_ rules: [Rule]) -> [Int] {
    var order: [Int] = []
    var isPlaced = rules.map { _ in false }
    while true {
      let ready = rules.indices.filter { index in !isPlaced[index] && rules[index].members.allSatisfy { isPlaced[$0] } }
      if ready.isEmpty { return order }
      for index in ready { isPlaced[index] = true }
      order += ready
    }
  }

  var membersFirst: [Int] { Self.membersFirst(rules) }
}

/// Whether one combination can come true.
private struct CombinationCheck {
  var rule: Rule
  var members: [Rule]
  var reader: RuleReader

  var sameness: Scope? {
    (rule.settings as? CombinationSettings)?.scope ?? (rule.settings as? SequenceSettings)?.scope
  }

  private func mistake(_ field: String, _ problem: String, _ suggestion: String?) -> ConfigurationError {
    (reader.fields[field] ?? reader.fields.node).mistake(problem, suggestion: suggestion)
  }

  private var field: String { rule.kind == .not ? "rule" : rule.kind == .then ? "next" : "rules" }

  /// What `all`, `any` and `not` combine has to last.
  func lasting() throws(ConfigurationError) {
    for member in members {
      if member.kind == .lineCount { throw mistake(field, "rule '\(member.id)' tells counts, and nothing happens then", "name a line.crossed rule") }
      guard rule.kind == .then || !member.kind.isMoment else {
        throw mistake(field, "rule '\(member.id)' (\(member.kind.rawValue)) happens in a moment, and never holds", "combine moments with 'then'")
      }
    }
  }

  func scope() throws(ConfigurationError) {
    switch sameness {
    case .track?:
      for member in members where member.kind.hasNoTrack || member.kind.combines && !isPerTrack(member) {
        throw mistake("same", "this can never come true: rule '\(member.id)' is about no track", "write 'same: zone' or 'same: stream'")
      }
    case .zone?:
      for member in members where member.zone == nil {
        throw mistake("same", "this can never come true: rule '\(member.id)' has no zone", "give it a zone, or write 'same: stream'")
      }
      if let other = members.first(where: { $0.zone != members[0].zone }) {
        throw mistake("same", "this can never come true: rule '\(members[0].id)' is about zone '\(members[0].zone!)' and rule '\(other.id)' about zone '\(other.zone!)'", "write 'same: stream'")
      }
      try tracksOnly()
    case .stream?: try tracksOnly()
    case nil: break
    }
  }

  private func isPerTrack(_ rule: Rule) -> Bool {
    (rule.settings as? CombinationSettings)?.scope == .track || (rule.settings as? SequenceSettings)?.scope == .track
  }

  /// What is asked of tracks says nothing where tracks are not told apart.
  private func tracksOnly() throws(ConfigurationError) {
    for name in ["query", "min_score", "min_size", "still", "zone", "anchor"] where reader.fields[name] != nil {
      throw mistake(name, "'\(name)' says nothing here", "the combined rules each have their own; with 'same: track' it would")
    }
  }

  /// The queries of the tracks that it may be about.
  func queries() throws(ConfigurationError) -> [String] {
    func common(_ a: [String], _ b: [String]) -> [String]? {
      if a.isEmpty { return b }
      if b.isEmpty { return a }
      let both = a.filter { name in b.contains { areSame(name, $0) } }
      return both.isEmpty ? nil : both
    }
    var queries = rule.queries
    for member in members where rule.kind != .any {
      guard let both = common(queries, member.queries) else {
        throw mistake("same", "this can never come true: no track is of a query that all the rules are about", "write 'same: zone' or 'same: stream'")
      }
      queries = both
    }
    if rule.kind == .any, queries.isEmpty, members.allSatisfy({ !$0.queries.isEmpty }) { queries = members.flatMap(\.queries) }
    return queries
  }

  /// Two names of one query.
  private func areSame(_ a: String, _ b: String) -> Bool {
    a == b || reader.scope.queries?.contains { [$0.id, $0.text].contains(a) && [$0.id, $0.text].contains(b) } ?? false
  }

  func timing() throws(ConfigurationError) {
    guard rule.kind == .then, case .track? = sameness, members[0].kind == .objectEnded else { return }
    throw mistake("first", "this can never come true: nothing happens to a track after its end", "write 'same: zone' or 'same: stream'")
  }
}
