import Configuration
import Foundation
import RuleEngine
import Scene
import Testing

/// Timelines that stand in rule files. The zone is the right half of the picture; a walk from 0.3 to 0.7 in 2 s meets its
/// border at 1 s.
@Suite struct RuleTestTests {
  static let rules = """
    zones: {yard: [[0.5, 0], [1, 0], [1, 1], [0.5, 1]]}
    lines: {gate: [[0.5, 0], [0.5, 1]]}
    rules:
      - {id: yard, kind: zone.entered, zone: yard, query: person}
      - {id: gate, kind: line.crossed, line: gate, query: person, directions: {right: in, left: out}}
      - {id: late, kind: object.appeared, query: truck, active: 22:00-06:00, severity: alert}
    tests:

    """

  struct Row: CustomTestStringConvertible {
    var sentence: String
    var test: String
    var failures: [String] = []
    var testDescription: String { sentence }
  }

  @Test(arguments: [
    Row(sentence: "What was told is what was expected.",
        test: "{name: n, tracks: [{path: {0s: [0.3, 0.5], 2s: [0.7, 0.5]}}], expect: [{at: 1s, rule: gate, direction: out}, {at: 1s, rule: yard, phase: start, track: 1}]}"),
    Row(sentence: "Rules that nothing is expected of may tell what they like.",
        test: "{name: n, tracks: [{path: {0s: [0.3, 0.5], 2s: [0.7, 0.5]}}], expect: [{at: 1s, rule: gate}]}"),
    Row(sentence: "With no events expected no rule may tell any; what ends with the timeline doesn't count.",
        test: "{name: n, tracks: [{path: {0s: [0.3, 0.5], 2s: [0.7, 0.5]}}], expect: []}",
        failures: ["not expected: yard zone.entered start track 1 at 1 s", "not expected: gate line.crossed direction out count 1 track 1 at 1 s"]),
    Row(sentence: "A rule that is named is watched, though nothing is expected of it.",
        test: "{name: n, tracks: [{path: {0s: [0.3, 0.5], 2s: [0.7, 0.5]}}], rules: gate, expect: [{at: 1s, rule: yard}]}",
        failures: ["not expected: gate line.crossed direction out count 1 track 1 at 1 s"]),
    Row(sentence: "What differs is told, with the event that came nearest.",
        test: "{name: n, tracks: [{path: {0s: [0.3, 0.5], 2s: [0.7, 0.5]}}], expect: [{at: 1500ms, within: 100ms, rule: gate, direction: in}]}",
        failures: ["line 8: expected: gate direction in at 1.5 s ± 100ms; nearest: gate line.crossed direction out count 1 track 1 at 1 s (direction is out, not in, 500ms too early)"]),
    Row(sentence: "An event counts for one expectation.",
        test: "{name: n, tracks: [{path: {0s: [0.3, 0.5], 2s: [0.7, 0.5]}}], expect: [{at: 1s, rule: gate}, {at: 1s, rule: gate}]}",
        failures: ["line 8: expected: gate at 1 s ± 200ms; the rule told nothing else"]),
    Row(sentence: "Hidden, a track is carried: what it does there decides nothing.",
        test: "{name: n, tracks: [{path: {0s: [0.7, 0.5], 200ms: hidden, 8s: [0.7, 0.5]}}], rules: yard, expect: []}"),
    Row(sentence: "Between two detections the path is straight.",
        test: "{name: n, tracks: [{path: {0s: [0.3, 0.5], 200ms: hidden, 3800ms: [0.7, 0.5], 4200ms: [0.7, 0.5]}}], expect: [{at: 1900ms, rule: yard}]}"),
    Row(sentence: "Five seconds after its last point a track has ended, where it was last seen.",
        test: "{name: n, until: 8s, tracks: [{path: {0s: [0.7, 0.5], 2s: [0.7, 0.5]}}], expect: [{at: 0s, rule: yard}, {at: 2s, rule: yard, phase: end, reason: lost, data: {dwell: 2s}}]}"),
    Row(sentence: "A gap is unknown: 400 ms before it and 200 ms after it make the hold.",
        test: "{name: n, gaps: [[400ms, 5s]], tracks: [{path: {0s: [0.7, 0.5], 5200ms: [0.7, 0.5]}}], expect: [{at: 0s, rule: yard, within: 0s}]}"),
    Row(sentence: "The camera's clock is the test's own.",
        test: "{name: n, start: 2026-05-04T23:00:00Z, tracks: [{query: truck, boxes: {0s: [0.1, 0.1, 0.2, 0.2], 1s: [0.1, 0.1, 0.2, 0.2]}}], expect: [{at: 0s, rule: late, severity: alert}]}"),
    Row(sentence: "By day the night's rule sleeps.",
        test: "{name: n, start: 2026-05-04T12:00:00Z, tracks: [{query: truck, path: {0s: [0.1, 0.1], 1s: [0.1, 0.1]}}], expect: [{at: 0s, rule: late}]}",
        failures: ["line 8: expected: late at 0 s ± 200ms; the rule told nothing else"]),
    Row(sentence: "Sampling is the test's: a visit between two keyframes is not seen.",
        test: "{name: n, every: 4s, tracks: [{path: {0s: [0.3, 0.5], 2s: [0.7, 0.5], 4s: [0.3, 0.5]}}], expect: []}"),
  ])
  func timelines(_ row: Row) throws {
    let rules = try RuleSet.parse(Self.rules + "  - " + row.test, file: "r.yaml", queries: nil)
    #expect(rules.run(rules.tests[0]).failures == row.failures)
  }

  @Test(arguments: [
    ("{tracks: [], expect: []}", "r.yaml:8: tests[0]: 'name' is missing"),
    ("{name: n, tracks: []}", "r.yaml:8: tests[0]: 'expect' is missing"),
    ("{name: n, expect: [], trakcs: []}", "r.yaml:8: tests[0].trakcs: a test has no field 'trakcs'; did you mean 'tracks'?"),
    ("{name: n, expect: [], tracks: [{query: persn, path: {0s: [0, 0]}}]}", "r.yaml:8: tests[0].tracks[0].query: no query 'persn'; did you mean 'person'?"),
    ("{name: n, expect: [], tracks: [{path: {0: [0, 0]}}]}", "r.yaml:8: tests[0].tracks[0].path.0: '0' is no time; write 0s, 1.5s or 2m"),
    ("{name: n, expect: [], tracks: [{path: {2s: [0, 0], 1s: [0, 0]}}]}", "r.yaml:8: tests[0].tracks[0].path.1s: 1s does not come after the point before it"),
    ("{name: n, expect: [], tracks: [{path: {0s: hidden}}]}", "r.yaml:8: tests[0].tracks[0]: a track begins and ends where it is seen; give the first and the last point a place"),
    ("{name: n, expect: [], tracks: [{boxes: {0s: [0, 0, 0, 0]}}]}", "r.yaml:8: tests[0].tracks[0].boxes.0s: the box has no area; write [left, top, right, bottom]"),
    ("{name: n, expect: [], tracks: [{boxes: {0s: [0, 0, 1, 1]}, path: {0s: [0, 0]}}]}", "r.yaml:8: tests[0].tracks[0].path: 'boxes' says where the track is already; keep one of them"),
    ("{name: n, tracks: [], expect: [{at: 1s, rule: gaet}]}", "r.yaml:8: tests[0].expect[0].rule: no rule 'gaet'; did you mean 'gate'?"),
    ("{name: n, tracks: [], expect: [{at: 1, rule: gate}]}", "r.yaml:8: tests[0].expect[0].at: '1' is not a duration; write the unit: 1s or 1ms"),
    ("{name: n, tracks: [], expect: [{at: 1s, rule: gate, type: line.crosed}]}", "r.yaml:8: tests[0].expect[0].type: no type 'line.crosed'; did you mean 'line.crossed'?"),
    ("{name: n, tracks: [], expect: [{at: 1s, rule: gate, track: 1}]}", "r.yaml:8: tests[0].expect[0].track: no track '1'"),
    ("{name: n, tracks: [], gaps: [[2s, 1s]], expect: []}", "r.yaml:8: tests[0].gaps[0]: a gap ends after it begins, and begins after the one before it; write [2s, 5s]"),
    ("{name: n, tracks: [], until: 10d, every: 1ms, expect: []}", "r.yaml:8: tests[0]: the timeline has more than 1000000 keyframes; shorten it, or make 'every' longer"),
    ("{name: n, tracks: [], start: noon, expect: []}", "r.yaml:8: tests[0].start: 'noon' is no point in time; write 2026-05-04T22:00:00Z"),
  ])
  func wrong(test: String, told: String) {
    #expect(RuleFileTests.told(Self.rules + "  - " + test, queries: nil) == told)
  }

  @Test("The shipped rule files hold what their tests say")
  func shipped() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Rules").standardized.path
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") }
    #expect(!files.isEmpty)
    for file in files {
      let rules = try RuleSet.load(path: folder + "/" + file, queries: nil)
      #expect(!rules.tests.isEmpty, "\(file) has no tests")
      for test in rules.tests { #expect(rules.run(test).failures == [], "\(file): \(test.name)") }
    }
  }

  @Test("The schema describes tests, and every field that the reader knows")
  func schema() throws {
    let root = try #require(JSONSerialization.jsonObject(with: Data(ruleSchema().utf8)) as? [String: Any])
    let tests = try #require((root["properties"] as? [String: Any])?["tests"] as? [String: Any])
    let test = try #require((tests["items"] as? [String: Any])?["properties"] as? [String: Any])
    #expect(Set(test.keys) == ["name", "every", "start", "until", "gaps", "tracks", "rules", "expect"])
    let track = try #require(((test["tracks"] as? [String: Any])?["items"] as? [String: Any])?["properties"] as? [String: Any])
    #expect(Set(track.keys) == ["id", "query", "score", "box", "path", "boxes"])
  }
}
