import EventLog
import RuleEngine
import Scene
import Testing

/// The line runs down the middle, x = 0.5, so its right is the picture's left. `l` and `r` far to the picture's left and
/// right, `i` and `j` within the band beside it, `0` on the line. One letter is 200 ms.
@Suite struct LineCrossedTests {
  static let places: [Character: Point] = [
    "l": Point(x: 0.3, y: 0.5), "i": Point(x: 0.49, y: 0.5), "0": Point(x: 0.5, y: 0.5), "j": Point(x: 0.51, y: 0.5), "r": Point(x: 0.7, y: 0.5),
    // Below the line's end, and on either side there.
    "L": Point(x: 0.3, y: 0.95), "R": Point(x: 0.7, y: 0.95),
  ]

  static func timeline(_ more: String = "", kind: String = "line.crossed") -> Timeline {
    Timeline(rules: """
      lines: {gate: [[0.5, 0], [0.5, 0.8]]}
      rules: [{id: r, kind: \(kind), line: gate, query: person\(more)}]
      """, places: places)
  }

  struct Row: CustomTestStringConvertible {
    var sentence: String, track: String, told: String, at: [Int] = [], directions: [String] = [], more = ""
    var testDescription: String { sentence }
  }

  @Test(arguments: [
    Row(sentence: "Crossed is told once the far side was held 400 ms, and happened on the line.", track: "llrrrr", told: "....C..", at: [300], directions: ["left"]),
    Row(sentence: "The other way round is the other direction.", track: "rrllll", told: "....C..", at: [300], directions: ["right"]),
    Row(sentence: "There and back before the hold is over: nothing happened.", track: "llrrlllll", told: ".........." ),
    Row(sentence: "Jitter on the line is no crossing.", track: "lijijijijij", told: "............"),
    Row(sentence: "Jitter, then across: one crossing, at the last passage.", track: "lijijrrrr", told: ".......C..", at: [700], directions: ["left"]),
    Row(sentence: "Both ways and both count.", track: "lrrrrllll", told: "...C...C..", at: [100, 900], directions: ["left", "right"]),
    Row(sentence: "A box exactly on the line, then on: one crossing, at that box.", track: "l0rrrr", told: "....C..", at: [200], directions: ["left"]),
    Row(sentence: "A box exactly on the line, then back: none.", track: "l0lllll", told: "........"),
    Row(sentence: "The same from the other side.", track: "r0llll", told: "....C..", at: [200], directions: ["right"]),
    Row(sentence: "From the other side and back: none.", track: "r0rrrrr", told: "........"),
    Row(sentence: "Within the band the hold doesn't run.", track: "ljjjjjjrrr", told: ".........C.", at: [190], directions: ["left"]),
    Row(sentence: "First seen within the band, on one side: the side counts.", track: "irrr", told: "...C.", at: [10], directions: ["left"]),
    Row(sentence: "Round the line's end is no crossing.", track: "lLRrrrr", told: "........"),
    Row(sentence: "Across, round the end and back before the hold is over: nothing happened.", track: "lrRLlll", told: "........"),
    Row(sentence: "A carried box crosses nothing.", track: "ll'r'r'r'r!", told: "........"),
    Row(sentence: "Carried across, then detected there: the path between is straight.", track: "l'r'r'rrrr", told: ".....C..", at: [400], directions: ["left"]),
    Row(sentence: "Over a gap no path is drawn.", track: "ll___rrrr", told: ".........."),
    Row(sentence: "A gap holds the clock.", track: "lrr____rrr", told: "........C..", at: [100], directions: ["left"]),
    Row(sentence: "A fresh start beyond the line crosses nothing.", track: "  rrrr", told: "......."),
    Row(sentence: "Without hold and band it is told at once.", track: "lj", told: ".C.", at: [190], directions: ["left"], more: ", hold: 0s, band: 0"),
    Row(sentence: "Directions have the names they are given.", track: "lrrrrllll", told: "...C...C..", at: [100, 900], directions: ["out", "in"], more: ", directions: {right: in, left: out}"),
    Row(sentence: "A direction without a name is not reported.", track: "lrrrrllll", told: ".......C..", at: [900], directions: ["in"], more: ", directions: {right: in}"),
  ])
  func crossings(_ row: Row) throws {
    let answer = try Self.timeline(row.more).run(row.track)
    #expect(answer.diagram([.lineCrossed: "C"]) == row.told)
    #expect(answer.all.map { milliseconds($0.mediaTime) } == row.at)
    #expect(answer.all.compactMap { $0.text("direction") } == row.directions)
  }

  @Test("A crossing is a moment: no phase, no episode; it counts by direction")
  func shape() throws {
    let events = try Self.timeline().run("lrrrrllllrrrr").all
    try #require(events.count == 3)
    #expect(events.allSatisfy { $0.phase == nil && $0.episode == nil && $0.subject == "line/gate" })
    #expect(events.map { $0.integer("count") } == [1, 1, 2])
    #expect(events.map(\.pts) == [3, 7, 11])
  }

  @Test("A bent line is crossed once at its corner, and touched never")
  func corner() throws {
    var timeline = Self.timeline()
    timeline.rules = timeline.rules.replacingOccurrences("[[0.5, 0], [0.5, 0.8]]", "[[0.5, 0], [0.5, 0.5], [0.6, 0.5], [0.6, 1]]")
    // Straight through the corner at (0.5, 0.5).
    timeline.places["a"] = Point(x: 0.3, y: 0.7)
    timeline.places["b"] = Point(x: 0.7, y: 0.3)
    #expect(try timeline.run("abbbb").all.map { $0.text("direction") } == ["left"])
    #expect(try timeline.run("baaaa").all.map { $0.text("direction") } == ["right"])
  }
}

extension String {
  func replacingOccurrences(_ old: String, _ new: String) -> String {
    guard let range = self.firstRange(of: old) else { return self }
    return String(self[..<range.lowerBound]) + new + String(self[range.upperBound...])
  }
}
