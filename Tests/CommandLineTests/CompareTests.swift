import Foundation
import Testing

@Suite struct CompareTests {
  static func json(_ result: Owlwatch.Result) throws -> [String: Any] {
    #expect(result.status == 0, "\(result.errors)")
    return try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
  }

  static func list(_ told: [String: Any], _ key: String) -> [[String: Any]] { told[key] as? [[String: Any]] ?? [] }

  /// The line of the other file lies 40 px farther: 200 ms later. It has no zone rule, and one of its own.
  static let other = Walks.rules.replacingOccurrences(of: "[[500, 0], [500, 1000]]", with: "[[540, 0], [540, 1000]]")
    .replacingOccurrences(of: "{id: yard, kind: zone.entered, zone: yard, query: person}", with: "{id: seen, kind: object.appeared, query: person}")

  @Test func twoRuleFilesOnOneRecording() throws {
    let scratch = try Scratch()
    let tracks = try scratch.file("t.txt", Walks.mot(Walks.through))
    let a = try scratch.file("a.yaml", Walks.rules), b = try scratch.file("b.yaml", Self.other)
    let flags = ["rules", "compare", a, b, "--tracks", tracks] + Walks.flags
    let told = try Self.json(Owlwatch.run(flags + ["--format", "json"]))
    let both = Self.list(told, "both")
    try #require(both.count == 1)
    #expect(both[0]["difference"] as? Double == 0.2 && (both[0]["a"] as? [String: Any])?["rule"] as? String == "gate")
    // A visit and its end; an appearance and its end.
    #expect(Self.list(told, "only_a").map { $0["rule"] as? String } == ["yard", "yard"])
    #expect(Self.list(told, "only_b").map { $0["rule"] as? String } == ["seen", "seen"])
    let strict = try Self.json(Owlwatch.run(flags + ["--format", "json", "--within", "100ms"]))
    #expect(Self.list(strict, "both").isEmpty && Self.list(strict, "only_a").count == 3)
    let text = try Owlwatch.run(flags)
    #expect(text.lines.contains { $0.contains("1.000 s") && $0.contains("line.crossed") && $0.hasSuffix("+0.2 s") }, "\(text.output)")
    #expect(text.output.contains("only A: 2") && text.output.contains("only B: 2"))
  }

  @Test func aFileAgreesWithItself() throws {
    let scratch = try Scratch()
    let tracks = try scratch.file("t.txt", Walks.mot(Walks.through)), a = try scratch.file("a.yaml", Walks.rules)
    let told = try Self.json(Owlwatch.run(["rules", "compare", a, a, "--tracks", tracks, "--format", "json"] + Walks.flags))
    #expect(Self.list(told, "both").count == 3 && Self.list(told, "only_a").isEmpty && Self.list(told, "only_b").isEmpty)
  }

  @Test func aRuleOnTrialBesideTheRealOneInALog() throws {
    let scratch = try Scratch()
    let rules = try scratch.file("r.yaml", Walks.rules + "  - {id: trial, kind: line.crossed, line: gate, query: person, shadow: true, hold: 3s}\n")
    let log = try scratch.file("e.jsonl"), tracks = try scratch.file("t.txt", Walks.mot(Walks.through))
    #expect(try Owlwatch.run(["replay", "--tracks", tracks, "--rules", rules, "--output", log] + Walks.flags).status == 0)
    // Held for three seconds it is not: the recording is over before.
    let refused = try Owlwatch.run("rules", "compare", "gate", "trial", "--log", log)
    #expect(refused.status == 66 && refused.errors.contains("no event of rule 'trial'"))
    let longer = try scratch.file("t.txt", Walks.mot(Walks.through + Array(repeating: 700, count: 10)))
    #expect(try Owlwatch.run(["replay", "--tracks", longer, "--rules", rules, "--output", log + "2"] + Walks.flags).status == 0)
    let told = try Self.json(Owlwatch.run("rules", "compare", "gate", "trial", "--log", log + "2", "--format", "json"))
    #expect(Self.list(told, "both").count == 1 && Self.list(told, "only_a").isEmpty)
    #expect((Self.list(told, "both").first?["b"] as? [String: Any])?["shadow"] as? String == "true")
  }

  @Test func whatCannotBeComparedIsSaid() throws {
    let scratch = try Scratch()
    let a = try scratch.file("a.yaml", Walks.rules), log = try scratch.file("e.jsonl", "")
    for (arguments, status, words) in [
      ([a, a, "--log", log], Int32(64), "both have a rule 'yard'"),
      ([a, a], 64, "--tracks FILE"),
      ([a, a, "--log", log, "--tracks", log], 64, "give one of them"),
      ([a, scratch.path + "/none.yaml", "--tracks", log] + Walks.flags, 66, "no such file"),
    ] {
      let result = try Owlwatch.run(["rules", "compare"] + arguments)
      #expect(result.status == status && result.errors.contains(words) && result.output.isEmpty, "\(arguments): \(result.errors)")
    }
  }
}
