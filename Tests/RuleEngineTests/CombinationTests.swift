import EventLog
import RuleEngine
import Scene
import Testing

/// `yard` is the right half of the picture, `corner` its lower half. `a` is in neither, `y` in the yard, `c` in the corner,
/// `b` in both. One letter is 200 ms; without holds a zone is entered and left half way.
@Suite struct CombinationTests {
  static let places: [Character: Point] = ["a": Point(x: 0.3, y: 0.3), "y": Point(x: 0.7, y: 0.3), "c": Point(x: 0.3, y: 0.7), "b": Point(x: 0.7, y: 0.7)]
  static let letters: [EventType: Character] = [.conditionStarted: "S", .conditionEnded: "E", .sequenceCompleted: "T"]

  static func timeline(_ rule: String) -> Timeline {
    let words = rule.split { !$0.isLetter && $0 != "-" }
    let members = [("yard", "zone.entered, zone: yard"), ("corner", "zone.entered, zone: corner"), ("left-yard", "zone.exited, zone: yard")]
      .filter { words.contains($0.0[...]) }
      .map { "  - {id: \($0.0), kind: \($0.1), enter_hold: 0s, exit_hold: 0s, margin: 0%, silent: true}\n" }
    return Timeline(rules: """
      zones: {yard: [[0.5, 0], [1, 0], [1, 1], [0.5, 1]], corner: [[0, 0.5], [1, 0.5], [1, 1], [0, 1]]}
      rules:
      \(members.joined())  - {id: r, \(rule)}
      """, places: places)
  }

  struct Row: CustomTestStringConvertible {
    var sentence: String
    var rule: String
    var tracks: [String]
    var told: String
    var at: [Int]
    var reasons: [EndReason] = []
    var testDescription: String { sentence }
  }

  @Test(arguments: [
    Row(sentence: "All: from the later start to the earlier end.", rule: "kind: all, rules: [yard, corner], same: track", tracks: ["ayybbycc"], told: "...S.E...", at: [500, 900], reasons: [.left]),
    Row(sentence: "All of one track: two tracks don't make it.", rule: "kind: all, rules: [yard, corner], same: track", tracks: ["ayyyy", "acccc"], told: "......", at: []),
    Row(sentence: "All of the stream: two tracks make it.", rule: "kind: all, rules: [yard, corner], same: stream", tracks: ["ayyyy", "acccc"], told: ".S...E", at: [100, 800], reasons: [.endOfStream]),
    Row(sentence: "Any: from the first start to the last end.", rule: "kind: any, rules: [yard, corner], same: track", tracks: ["aybcca"], told: ".S...E.", at: [100, 900], reasons: [.left]),
    Row(sentence: "Not: from the first sight to the start, and again from the end.", rule: "kind: not, rule: yard, same: track", tracks: ["aayya"], told: "S.E.SE", at: [0, 300, 700, 800], reasons: [.over, .endOfStream]),
    Row(sentence: "A hold forgets what is short.", rule: "kind: all, rules: [yard, corner], same: track, hold: 500ms", tracks: ["aybbyyybbbbb"], told: ".........S..E", at: [1300, 2200], reasons: [.endOfStream]),
    Row(sentence: "Then, within: when the second happens.", rule: "kind: then, first: yard, next: corner, within: 1s, same: track", tracks: ["ayyyb"], told: "....T.", at: [700]),
    Row(sentence: "Then, too late.", rule: "kind: then, first: yard, next: corner, within: 500ms, same: track", tracks: ["ayyyb"], told: "......", at: []),
    Row(sentence: "Then, the other way round: nothing.", rule: "kind: then, first: yard, next: corner, within: 1s, same: track", tracks: ["acccb"], told: "......", at: []),
    Row(sentence: "Then, another track: nothing on the same track, but in the same stream.", rule: "kind: then, first: yard, next: corner, within: 1s, same: stream", tracks: ["ayyyy", "aaaac"], told: "....T.", at: [700]),
    Row(sentence: "Then, in the same zone: one comes, another leaves.", rule: "kind: then, first: yard, next: left-yard, within: 1s, same: zone", tracks: ["aayyyy", "yyyyaa"], told: "....T..", at: [700]),
  ])
  func combination(_ row: Row) throws {
    let answer = try Self.timeline(row.rule).run(row.tracks.map { ($0, query: 0) })
    answer.expect(row.told, at: row.at, reasons: row.reasons, in: Self.letters)
  }

  @Test("Then, told late: what is told only after its hold of 15 s is waited for, first or next", arguments: [
    ("first: slow, next: corner", "ayyyyb" + String(repeating: "b", count: 80), 900), ("first: corner, next: slow", "acccbb" + String(repeating: "b", count: 80), 700),
  ])
  func late(_ which: String, _ track: String, _ at: Int) throws {
    let timeline = Timeline(rules: """
      zones: {yard: [[0.5, 0], [1, 0], [1, 1], [0.5, 1]], corner: [[0, 0.5], [1, 0.5], [1, 1], [0, 1]]}
      rules:
        - {id: slow, kind: zone.entered, zone: yard, enter_hold: 15s, silent: true}
        - {id: corner, kind: zone.entered, zone: corner, enter_hold: 0s, silent: true}
        - {id: r, kind: then, \(which), within: 2s, same: track}
      """, places: Self.places)
    let events = try timeline.run(track).all
    #expect(events.map(\.type) == [.sequenceCompleted])
    #expect(events.map { milliseconds($0.mediaTime) } == [at])
  }
}
