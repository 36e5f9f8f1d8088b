import EventLog
import RuleEngine
import Scene
import Testing

/// The object (a truck) stands at `t`; its owner (a person) is near at `n`, far at `f`. One letter is 1 s, `after` is 5 s.
@Suite struct AbandonedTests {
  static let places: [Character: Point] = ["t": Point(x: 0.5, y: 0.5), "u": Point(x: 0.3, y: 0.5), "n": Point(x: 0.55, y: 0.5), "f": Point(x: 0.9, y: 0.5)]
  static let letters: [EventType: Character] = [.objectAbandoned: "A", .objectRemoved: "R"]

  struct Row: CustomTestStringConvertible {
    var sentence: String
    var thing: String
    var owner: String
    var told: String
    var at: [Int]
    var reasons: [EndReason] = []
    var more = ""
    var testDescription: String { sentence }
  }

  @Test(arguments: [
    Row(sentence: "Alone for as long.", thing: "tttttttt", owner: "ffffffff", told: ".....A..A", at: [5000, 7000], reasons: [.endOfStream]),
    Row(sentence: "Not while its owner is near.", thing: "tttttttttt", owner: "nnnnnnnnnn", told: "...........", at: []),
    Row(sentence: "From when its owner left.", thing: "ttttttttttt", owner: "nnnffffffff", told: "........A..A", at: [7202, 10000], reasons: [.endOfStream]),
    Row(sentence: "Who passes by is not its owner.", thing: "tttttttt", owner: "fffnffff", told: ".....A..A", at: [5000, 7000], reasons: [.endOfStream]),
    Row(sentence: "Its owner came back and stayed.", thing: "tttttttttttt", owner: "fffffffnnnnn", told: ".....A...A...", at: [5000, 6798], reasons: [.over]),
    Row(sentence: "It was carried away.", thing: "tttttttuuuuu", owner: "ffffffffffff", told: ".....A..A....", at: [5000, 6212], reasons: [.over]),
  ])
  func abandoned(_ row: Row) throws {
    var timeline = Timeline(rules: "rules: [{id: r, kind: object.abandoned, query: truck, owner: person, after: 5s\(row.more)}]", places: Self.places)
    timeline.step = .seconds(1)
    let answer = try timeline.run([(row.thing, query: 1), (row.owner, query: 0)])
    answer.expect(row.told, at: row.at, reasons: row.reasons, in: Self.letters)
  }

  @Test(arguments: [
    Row(sentence: "Gone for as long.", thing: "tttttt!     ", owner: "ffffffffffff", told: "..........R..", at: [10000]),
    Row(sentence: "Not what never stood.", thing: "tt!         ", owner: "ffffffffffff", told: ".............", at: []),
    Row(sentence: "Moved away is gone, too.", thing: "ttttttuuuuuuu", owner: "fffffffffffff", told: "...........R..", at: [10083]),
    Row(sentence: "Its owner took it.", thing: "tttttt!     ", owner: "fffnnnnfffff", told: ".............", at: []),
  ])
  func removed(_ row: Row) throws {
    var timeline = Timeline(rules: "rules: [{id: r, kind: object.removed, query: truck, owner: person, standing: 3s, after: 5s\(row.more)}]", places: Self.places)
    timeline.step = .seconds(1)
    let answer = try timeline.run([(row.thing, query: 1), (row.owner, query: 0)])
    #expect(answer.diagram(Self.letters) == row.told)
    #expect(answer.all.map { milliseconds($0.mediaTime) } == row.at)
  }
}
