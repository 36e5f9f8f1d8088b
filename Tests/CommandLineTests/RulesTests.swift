import Foundation
import Testing

@Suite struct RulesTests {
  static let tests = """
    tests:
      - {name: in, tracks: [{path: {0s: [300, 500], 2s: [700, 500]}}], expect: [{at: 1s, rule: gate, direction: left}]}
      - {name: short, tracks: [{path: {0s: [300, 500], 1200ms: [540, 500]}}], expect: []}

    """

  @Test func shippedRuleFilesPassTheirTests() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Owlwatch.root.path + "/Rules").filter { $0.hasSuffix(".yaml") }.sorted()
    let result = try Owlwatch.run(["rules", "test"] + files.map { Owlwatch.root.path + "/Rules/" + $0 })
    #expect(result.status == 0, "\(result.output)\(result.errors)")
    #expect(result.lines.count == files.count && result.lines.allSatisfy { $0.hasSuffix("all passed") })
  }

  @Test func aTestThatFailsSaysWhatWasExpectedAndWhatCameNearest() throws {
    let scratch = try Scratch()
    let good = try scratch.file("good.yaml", Walks.rules + Self.tests)
    let bad = try scratch.file("bad.yaml", Walks.rules + Self.tests.replacingOccurrences(of: "direction: left", with: "direction: right"))
    let result = try Owlwatch.run("rules", "test", bad, good)
    #expect(result.status == 1)
    #expect(result.lines == [
      "\(bad):8: 'in' failed",
      "  line 8: expected: gate direction right at 1 s ± 200ms; nearest: gate line.crossed direction left count 1 track 1 at 1 s (direction is left, not right)",
      "\(bad): 2 tests, 1 failed", "\(good): 2 tests, all passed",
    ])
    #expect(try Owlwatch.run("rules", "test", bad, "--filter", "SHORT").status == 0)
  }

  @Test func aMistakeInATestIsToldByCheckAndByTest() throws {
    let scratch = try Scratch()
    let file = try scratch.file("wrong.yaml", Walks.rules + "tests: [{name: a, tracks: [], expect: [{at: 1s, rule: gaet}]}]\n")
    for verb in ["check", "test"] {
      let result = try Owlwatch.run("rules", verb, file)
      #expect(result.status == 65 && result.output.isEmpty)
      #expect(result.errors == "owlwatch: \(file):7: tests[0].expect[0].rule: no rule 'gaet'; did you mean 'gate'?\n")
    }
  }

  @Test func shadowsAreLoggedApartAndTailHidesOrShowsThem() throws {
    let scratch = try Scratch()
    let tracks = try scratch.file("t.txt", Walks.mot(Walks.through)), log = try scratch.file("e.jsonl")
    let rules = try scratch.file("r.yaml", Walks.rules + "  - {id: trial, kind: line.crossed, line: gate, query: person, shadow: true, severity: alert, hold: 1s}\n")
    let replayed = try Owlwatch.run(["replay", "--tracks", tracks, "--rules", rules, "--output", log] + Walks.flags)
    #expect(replayed.status == 0, "\(replayed.errors)")
    let all = try Owlwatch.run("tail", log)
    let shadows = try Owlwatch.run("tail", log, "--shadow", "only"), others = try Owlwatch.run("tail", log, "--shadow", "hide")
    #expect(shadows.events.map { ($0.data["rule"] as? [String: Any])?["id"] as? String } == ["trial"])
    #expect(shadows.events.allSatisfy { $0.data["shadow"] as? Bool == true && $0.data["severity"] == nil })
    #expect(others.events.count == all.events.count - 1 && others.events.allSatisfy { $0.data["shadow"] == nil })
    #expect(try Owlwatch.run("tail", log, "--severity", "info").lines.isEmpty)
    #expect(try Owlwatch.run("tail", log, "--shadow", "some").status == 64)
  }
}
