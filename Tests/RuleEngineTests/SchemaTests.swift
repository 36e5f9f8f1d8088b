import Configuration
import Foundation
import RuleEngine
import Testing

/// Editors read the schema, owlwatch the file: both must take the same files, as far as a schema can say.
@Suite struct SchemaTests {
  static var zones: [String: Any] { ["yard": [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9]], "bay": [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9]]] }
  static var lines: [String: Any] { ["gate": [[0.5, 0.1], [0.5, 0.9]]] }

  /// The least that a rule of a kind needs.
  static func least(_ kind: RuleKind) -> [String: Any] {
    var rule: [String: Any] = ["id": "r", "kind": kind.rawValue]
    let more: [String: Any] = switch kind {
    case .objectAppeared, .objectEnded, .objectStopped, .objectMoved, .abandoned, .removed: [:]
    case .zoneEntered, .zoneExited, .zoneLoitering: ["zone": "yard"]
    case .zoneOccupancy: ["zone": "yard", "max": 3]
    case .lineCrossed, .lineCount: ["line": "gate"]
    case .wrongDirection: ["forbidden": "left"]
    case .speeding: ["limit": "50 km/h", "ground": ["picture": [[0.3, 0.4], [0.7, 0.4], [0.9, 0.9], [0.1, 0.9]], "metres": [[0, 0], [7, 0], [7, 30], [0, 30]]]]
    case .relation: ["with": "helmet"]
    case .all, .any: ["rules": ["in-the-yard", "without-helmet"], "same": "track"]
    case .not: ["rule": "in-the-yard", "same": "track"]
    case .then: ["first": "car-in-the-bay", "next": "somebody-leaves", "within": "30s", "same": "stream"]
    }
    rule.merge(more) { $1 }
    return rule
  }

  static func file(_ rule: [String: Any]) -> [String: Any] {
    ["zones": zones, "lines": lines, "rules": [
      rule,
      ["id": "in-the-yard", "kind": "zone.entered", "zone": "yard"] as [String: Any],
      ["id": "without-helmet", "kind": "relation", "without": "helmet"],
      ["id": "car-in-the-bay", "kind": "object.stopped", "zone": "bay"],
      ["id": "somebody-leaves", "kind": "zone.exited", "zone": "bay"],
    ]]
  }

  /// JSON is YAML.
  static func text(_ file: [String: Any]) throws -> String {
    String(decoding: try JSONSerialization.data(withJSONObject: file, options: [.sortedKeys, .withoutEscapingSlashes]), as: UTF8.self)
  }

  static func mistake(_ file: [String: Any]) throws -> String? {
    do { _ = try RuleSet.parse(try text(file), file: "s.yaml", queries: nil) } catch let error as ConfigurationError { return error.description }
    return nil
  }

  /// One of each sort of value that people write.
  static var values: [Any] { [
    true, 3, 0, 0.5, -1, "5%", "0.4", "8px", "600ms", "15s", "0s", "2.5.1s", "s", "left", "near", "count", "alert", "track", "60°", "60deg", "200°", "50 km/h", "14m/s", "50 kmh", "yard", "gate",
    "in-the-yard", "nobody knows", "person", ["person", "truck"], [] as [Any], ["in-the-yard"], [3], ["right": "in"], ["rigth": "in"], [:] as [String: Any], [[0.1, 0.1], [0.5, 0.5]],
    [[0.1, 0.1], [0.5, 0.5], [0.7, 0.7]], "22:00-06:00", "22:00", ["06:00", "22:00"], ["6"], ["days": ["mon"], "hours": "22:00-06:00"], ["days": "monday"], ["from": "22:00", "to": "06:00", "timezone": "Europe/Berlin"],
    "Europe/Berlin", ["picture": [[0.3, 0.4], [0.7, 0.4], [0.9, 0.9], [0.1, 0.9]], "metres": [[0, 0], [7, 0], [7, 30], [0, 30]]], ["picture": [[0.3, 0.4]], "metres": [[0, 0]]],
  ] }

  /// What a schema can't say: names that the file doesn't have, combinations that never come true, numbers in text that are out of range.
  static let beyond = [
    "two rules share the id", "no zone '", "no line '", "no rule '", "no time zone '", "is outside", "too short", "has no reference", "never come true", "never holds", "says nothing here", "is always so", "named twice",
    "both points are the same", "one straight line", "in a moment", "is not a duration", "is no name", "is always one or the other", "say the same", "combines itself", "is no time of the day",
    "is not a distance", "is not a share", "is not an angle", "is not a speed", "nothing uses it",
  ]

  @Test("Any value in any field: parser and schema agree", arguments: RuleKind.allCases)
  func agree(_ kind: RuleKind) throws {
    let checker = try SchemaChecker(ruleSchema())
    #expect(try Self.mistake(Self.file(Self.least(kind))) == nil)
    #expect(checker.accepts(Self.file(Self.least(kind))))
    let common: Set = ["query", "active", "cooldown", "severity", "min_score", "min_size", "still", "snapshot", "shadow", "silent", "anchor"]
    // What every rule has, with two kinds that take it differently.
    let names = try RuleLanguageTests.fields(kind).map(\.name).filter { [.objectAppeared, .all].contains(kind) || !common.contains($0) } + ["id", "kind", "nonsense"]
    for name in names {
      var without = Self.least(kind)
      without[name] = nil
      try Self.compare(Self.file(without), checker)
      for value in Self.values {
        var rule = Self.least(kind)
        rule[name] = value
        try Self.compare(Self.file(rule), checker)
      }
    }
  }

  static func compare(_ file: [String: Any], _ checker: SchemaChecker) throws {
    let mistake = try mistake(file), fits = checker.accepts(file)
    guard fits != (mistake == nil) else { return }
    if fits, let mistake, beyond.contains(where: { mistake.contains($0) }) { return }
    Issue.record("the schema \(fits ? "takes" : "refuses") \((file["rules"] as? [Any])?.first ?? ""), the parser \(mistake ?? "takes it")")
  }

  @Test("Each field's example is right", arguments: RuleKind.allCases)
  func examples(_ kind: RuleKind) throws {
    let root = try #require(try JSONSerialization.jsonObject(with: Data(ruleSchema().utf8)) as? [String: Any])
    let rules = ((root["properties"] as? [String: Any])?["rules"] as? [String: Any])?["items"] as? [String: Any]
    let one = try #require((rules?["oneOf"] as? [[String: Any]])?.first { $0["title"] as? String == kind.rawValue })
    for (name, property) in try #require(one["properties"] as? [String: [String: Any]]) where name != "id" && name != "kind" {
      let example = try #require((property["examples"] as? [String])?.first, "\(name) has no example")
      var rule = Self.least(kind)
      rule[name] = "EXAMPLE"
      if kind == .relation, name == "without" { rule["with"] = nil }
      if kind == .zoneOccupancy, name == "max" { rule["min"] = nil }
      var file = Self.file(rule)
      if name == "silent" {
        // A rule that serves another, which a count never does.
        if kind == .lineCount { continue }
        file["rules"] = (file["rules"] as? [Any] ?? []) + [["id": "user", "kind": "then", "first": "r", "next": "somebody-leaves", "within": "1s", "same": "stream"] as [String: Any]]
      }
      // Rules that combine take these only for one track.
      var text = try Self.text(file).replacingOccurrences(of: "\"EXAMPLE\"", with: example)
      if name != "silent" { text = text.replacingOccurrences(of: "\"same\":\"stream\"", with: "\"same\":\"track\"") }
      do { _ = try RuleSet.parse(text, file: "s.yaml", queries: nil) } catch { Issue.record("\(name): \(error)") }
    }
  }
}
