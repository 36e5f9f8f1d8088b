import Configuration
import EventLog
import Scene

// Kinds that combine other rules.
extension KindDefinition {
  private static let same = FieldSpec(name: "same", type: .word(Scope.allCases.map(\.rawValue)), isNeeded: true,
                                      about: "The rules must hold for the same track, in the same zone, or anywhere in the same stream.", example: "track")

  private static func hold(_ standard: String) -> FieldSpec {
    FieldSpec(name: "hold", type: .duration, standard: standard, about: "It must be so, or no longer so, this long.", example: "1s")
  }

  static let all = combination(.all, FieldSpec(name: "rules", type: .rules, isNeeded: true, about: "Rules of this file that last: all must hold.", example: "[in-the-yard, without-helmet]"))
  static let any = combination(.any, FieldSpec(name: "rules", type: .rules, isNeeded: true, about: "Rules of this file that last: one must hold.", example: "[in-the-yard, without-helmet]"))
  static let not = combination(.not, FieldSpec(name: "rule", type: .rule, isNeeded: true, about: "A rule of this file that lasts: it must not hold.", example: "in-the-yard"))

  private static func combination(_ how: CombinationSettings.How, _ rules: FieldSpec) -> KindDefinition {
    KindDefinition(fields: [rules, same, hold("0s")], machine: Combination.self) { reader throws(ConfigurationError) in
      _ = try reader.members()
      let (scope, subject) = try reader.sameness()
      return (CombinationSettings(how: how, scope: scope, hold: try reader.duration("hold")), subject)
    }
  }

  static let then = KindDefinition(fields: [
    FieldSpec(name: "first", type: .rule, isNeeded: true, about: "A rule of this file: it happens, or starts.", example: "car-in-the-bay"),
    FieldSpec(name: "next", type: .rule, isNeeded: true, about: "A rule of this file that happens, or starts, after it.", example: "somebody-leaves"),
    FieldSpec(name: "within", type: .duration, isNeeded: true, about: "At most this long after it.", example: "30s"),
    same,
  ], machine: RuleSequence.self) { reader throws(ConfigurationError) in
    let members = try reader.members(), (scope, subject) = try reader.sameness()
    let settings = SequenceSettings(scope: scope, within: try reader.duration("within", atLeast: .milliseconds(1)),
                                    countsEnds: members.map(\.kind.tellsEndOnly), isOneRule: members[0].id == members[1].id)
    return (settings, subject)
  }
}

extension RuleReader {
  /// What the combination's events are about, where it is not the track.
  fileprivate func sameness() throws(ConfigurationError) -> (Scope, subject: String?) {
    let scope = Scope(rawValue: try word("same") ?? "") ?? .track
    return (scope, scope == .track ? nil : "rule/\(try fields.required("id").identifier())")
  }

  /// The rules that this one combines, in their order.
  func members() throws(ConfigurationError) -> [RuleName] {
    switch kind {
    case .all, .any: return try rules("rules")
    case .not: return try rules("rule")
    case .then: return try rules("first") + rules("next")
    default: return []
    }
  }

  private func rules(_ name: String) throws(ConfigurationError) -> [RuleName] {
    let node = try fields.required(name)
    var found: [RuleName] = []
    for element in try name == "rules" ? node.oneOrMore(of: "rules") : [node] {
      let id = try element.identifier()
      guard let rule = scope.rules.first(where: { $0.id == id }) else {
        throw element.mistake("no rule '\(id)'", suggestion: suggestion(for: id, among: scope.rules.map(\.id)))
      }
      if found.contains(where: { $0.id == id }) { throw element.mistake("rule '\(id)' is named twice") }
      found.append(rule)
    }
    return found
  }
}
