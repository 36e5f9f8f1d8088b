import EventLog
import RuleEngine
import Scene
import Testing

/// A person at `p`; what is worn is at `h` on the person, at `q` beside. One letter is 200 ms.
@Suite struct RelationTests {
  static let places: [Character: Point] = ["p": Point(x: 0.5, y: 0.5), "h": Point(x: 0.5, y: 0.5), "q": Point(x: 0.8, y: 0.5)]
  static let letters: [EventType: Character] = [.relationStarted: "S", .relationEnded: "E"]

  struct Row: CustomTestStringConvertible {
    var sentence: String
    var person: String
    var truck: String
    var told: String
    var at: [Int]
    var reasons: [EndReason] = []
    var rule: String
    var testDescription: String { sentence }
  }

  @Test(arguments: [
    Row(sentence: "Present for 1 s.", person: "pppppppp", truck: "hhhhhhhh", told: ".....S..E", at: [0, 1400], reasons: [.endOfStream], rule: "with: truck"),
    Row(sentence: "Absent for 2 s.", person: "pppppppppppp", truck: "            ", told: "..........S.E", at: [0, 2200], reasons: [.endOfStream], rule: "without: truck"),
    Row(sentence: "Beside it is not on it.", person: "pppppppp", truck: "qqqqqqqq", told: ".........", at: [], rule: "with: truck"),
    Row(sentence: "Carried, it may still be there: absent is told once it has ended, from when it was last seen.",
        person: "ppppppppppppppp", truck: "hhh'h'h'h'h'h'h'h'h'h!  ", told: "............S..E", at: [400, 2800], reasons: [.endOfStream], rule: "without: truck"),
    Row(sentence: "Put on for 1 s, it is over.", person: "pppppppppppppppppppp", truck: "            hhhhhhhh", told: "..........S......E...", at: [0, 2400], reasons: [.over], rule: "without: truck"),
  ])
  func relation(_ row: Row) throws {
    let timeline = Timeline(rules: "rules: [{id: r, kind: relation, query: person, \(row.rule)}]", places: Self.places)
    let answer = try timeline.run([(row.person, query: 0), (row.truck, query: 1)])
    answer.expect(row.told, at: row.at, reasons: row.reasons, in: Self.letters)
  }
}
