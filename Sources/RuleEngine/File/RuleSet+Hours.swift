import Configuration
import Scene

// Hours in which combinations can come true, and rules that nobody would ever hear of.
extension RuleSet {
  /// - Parameter order: places of the rules, each after those that it combines.
  static func checkHours(_ rules: [Rule], _ order: [Int], _ readers: [RuleReader]) throws(ConfigurationError) {
    var hours = rules.map { $0.common.schedule.map { ActiveHours($0) } ?? .always }
    for index in order where rules[index].kind.combines {
      let members = rules[index].members.map { (id: rules[$0].id, hours: hours[$0]) }
      let check = HoursCheck(kind: rules[index].kind, own: hours[index], members: members, reader: readers[index])
      hours[index] = try check.hours()
    }
  }

  /// A rule that reports nothing must serve another.
  static func checkSilence(_ rules: [Rule], _ readers: [RuleReader]) throws(ConfigurationError) {
    for (index, rule) in rules.enumerated() where rule.common.isSilent && !rules.contains(where: { $0.members.contains(index) }) {
      throw (readers[index].fields["silent"] ?? readers[index].fields.node)
        .mistake("rule '\(rule.id)' reports nothing, and nothing uses it", suggestion: "leave 'silent' out, or name it in an all, any, not or then rule")
    }
  }
}

/// Whether the hours of one combination and of its rules leave any time in which it can come true.
private struct HoursCheck {
  typealias Member = (id: String, hours: ActiveHours)

  var kind: RuleKind
  var own: ActiveHours
  var members: [Member]
  var reader: RuleReader

  private func never(_ field: String, _ problem: String, _ suggestion: String) -> ConfigurationError {
    (reader.fields[field] ?? reader.fields.node).mistake("this can never come true: \(problem)", suggestion: suggestion)
  }

  /// When it can come true.
  func hours() throws(ConfigurationError) -> ActiveHours {
    switch kind {
    case .all: return try allTogether()
    case .any: return try inOwn(members.dropFirst().reduce(members[0].hours) { $0.union($1.hours) }, members.map(\.id))
    case .then: return try oneAfterTheOther()
    // Outside a rule's hours it doesn't hold.
    default: return own
    }
  }

  private func allTogether() throws(ConfigurationError) -> ActiveHours {
    var common = members[0].hours
    for (index, member) in members.enumerated().dropFirst() {
      let next = common.intersection(member.hours)
      if next.isEmpty {
        let others = members[..<index], alone = others.first { $0.hours.intersection(member.hours).isEmpty }
        let names = alone.map { ["'\($0.id)'"] } ?? others.map { "'\($0.id)'" }
        throw never("rules", "rules \(names.joined(separator: ", ")) and '\(member.id)' are never active together", "give them hours that overlap")
      }
      common = next
    }
    return try inOwn(common, members.map(\.id))
  }

  private func oneAfterTheOther() throws(ConfigurationError) -> ActiveHours {
    let first = members[0], next = members[members.count - 1], within = try reader.duration("within")
    // A second more: hours end between keyframes.
    let reached = first.hours.prolonged(by: within.nanoseconds / 1_000_000_000 + 1).intersection(next.hours)
    guard !reached.isEmpty else {
      throw never("next", "rule '\(next.id)' is never active within \(within.text) after rule '\(first.id)'", "give them hours that overlap, or write a longer 'within'")
    }
    _ = try inOwn(first.hours, [first.id])
    return try inOwn(reached, [next.id])
  }

  private func inOwn(_ hours: ActiveHours, _ ids: [String]) throws(ConfigurationError) -> ActiveHours {
    let common = hours.intersection(own)
    guard !common.isEmpty else {
      let names = ids.map { "'\($0)'" }.joined(separator: ", ")
      throw never("active", "\(ids.count == 1 ? "rule \(names) is" : "rules \(names) are") not active in these hours", "leave 'active' out: a combination follows its rules' hours")
    }
    return common
  }
}
