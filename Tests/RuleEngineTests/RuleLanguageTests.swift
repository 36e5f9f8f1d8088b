import Foundation
import RuleEngine
import Testing

/// `Rules/README.md` is the rule language for people: its examples run, and its tables say what the parser does.
@Suite struct RuleLanguageTests {
  static func text() throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: "Rules/README.md"), encoding: .utf8)
  }

  /// Sections by heading.
  static func sections() throws -> [(heading: String, text: String)] {
    try text().components(separatedBy: "\n## ").dropFirst().map { section in
      let lines = section.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      return (String(lines[0]), lines.count > 1 ? String(lines[1]) : "")
    }
  }

  static func examples(_ text: String) -> [String] {
    text.components(separatedBy: "```yaml\n").dropFirst().map { $0.components(separatedBy: "\n```")[0] + "\n" }
  }

  @Test("Every example loads, and holds what its tests say")
  func examples() throws {
    let examples = Self.examples(try Self.text())
    #expect(examples.count >= 15)
    for example in examples {
      let set = try RuleSet.parse(example, file: "example.yaml", queries: nil)
      #expect(!set.tests.isEmpty, "no tests: \(example)")
      for test in set.tests {
        let outcome = set.run(test)
        #expect(outcome.hasPassed, "\(test.name): \(outcome.failures)")
      }
    }
  }

  @Test("Every kind has its section, with a drawing, a table with each field and its default, and an example", arguments: RuleKind.allCases)
  func kinds(_ kind: RuleKind) throws {
    let section = try #require(try Self.sections().first { $0.heading.components(separatedBy: ", ").contains(kind.rawValue) }, "no section")
    #expect(section.text.hasPrefix("\n```\n"), "no drawing")
    let examples = Self.examples(section.text)
    #expect(section.heading.contains("object.appeared") || examples.contains { $0.contains("kind: \(kind.rawValue)") || section.heading.contains(",") })
    let common = try #require(try Self.sections().first { $0.heading == "What holds for every rule" }).text
    for (name, standard) in try Self.fields(kind) {
      // A table row of the section, or of what holds for every rule.
      let row = try #require((section.text + common).components(separatedBy: "\n").first { $0.hasPrefix("|") && $0.contains("`\(name)`") }, "\(name) is not told")
      if let standard { #expect(row.contains("`\(standard)`"), "\(name): the default \(standard) is not told") }
    }
  }

  /// By the schema: each field of a kind, and its default as it is written.
  static func fields(_ kind: RuleKind) throws -> [(name: String, standard: String?)] {
    let root = try #require(try JSONSerialization.jsonObject(with: Data(ruleSchema().utf8)) as? [String: Any])
    let rules = ((root["properties"] as? [String: Any])?["rules"] as? [String: Any])?["items"] as? [String: Any]
    let one = try #require((rules?["oneOf"] as? [[String: Any]])?.first { $0["title"] as? String == kind.rawValue })
    let properties = try #require(one["properties"] as? [String: [String: Any]])
    return properties.keys.sorted().filter { !["id", "kind"].contains($0) }.map { name in
      let standard = properties[name]!["default"]
      return (name, (standard as? String) ?? (standard as? Bool).map { $0 ? "true" : "false" })
    }
  }
}
