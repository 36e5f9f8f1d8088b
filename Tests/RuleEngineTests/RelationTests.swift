import EventLog
import RuleEngine
import Scene
import Testing

/// A person at `p`, or `B` at the picture's border; what is worn is at `h` on the person (`g` at the border), at `q` far beside; at
/// `s` and `t` 60 % and 40 % of it are on the person, `n` and `f` are 3.5 % and 5.7 % of the diagonal beside. One letter is 200 ms.
@Suite struct RelationTests {
  static let places: [Character: Point] = ["p": Point(x: 0.5, y: 0.5), "h": Point(x: 0.5, y: 0.5), "q": Point(x: 0.8, y: 0.5),
                                             "s": Point(x: 0.52, y: 0.5), "t": Point(x: 0.53, y: 0.5), "n": Point(x: 0.6, y: 0.5), "f": Point(x: 0.63, y: 0.5),
                                             "B": Point(x: 0.985, y: 0.5), "g": Point(x: 0.985, y: 0.5)]
  static let letters: [EventType: Character] = [.relationStarted: "S", .relationEnded: "E"]

  struct Row: CustomTestStringConvertible {
    var sentence: String
    var person: String
    var truck: String
    var told: String
    var at: [Int]
    var reasons: [EndReason] = []
    var rule: String
    /// Another truck.
    var other = ""
    var testDescription: String { sentence }
  }

  @Test(arguments: [
    Row(sentence: "Present for 1 s.", person: "pppppppp", truck: "hhhhhhhh", told: ".....S..E", at: [0, 1400], reasons: [.endOfStream], rule: "with: truck"),
    Row(sentence: "Absent for 2 s.", person: "pppppppppppp", truck: "            ", told: "..........S.E", at: [0, 2200], reasons: [.endOfStream], rule: "without: truck"),
    Row(sentence: "Beside it is not on it.", person: "pppppppp", truck: "qqqqqqqq", told: ".........", at: [], rule: "with: truck"),
    Row(sentence: "Carried, it may still be there: absent is told once it has ended, from when it was last seen.",
        person: "ppppppppppppppp", truck: "hhh'h'h'h'h'h'h'h'h'h!  ", told: "............S..E", at: [400, 2800], reasons: [.endOfStream], rule: "without: truck"),
    Row(sentence: "Put on for 1 s, it is over.", person: "pppppppppppppppppppp", truck: "            hhhhhhhh", told: "..........S......E...", at: [0, 2400], reasons: [.over], rule: "without: truck"),
    Row(sentence: "present_hold.", person: "pppppppp", truck: "hhhhhhhh", told: "..S.....E", at: [0, 1400], reasons: [.endOfStream], rule: "with: truck, present_hold: 400ms"),
    Row(sentence: "absent_hold.", person: "pppppppp", truck: "        ", told: "..S.....E", at: [0, 1400], reasons: [.endOfStream], rule: "without: truck, absent_hold: 400ms"),
    Row(sentence: "60 % on the person is enough.", person: "pppppppp", truck: "ssssssss", told: ".....S..E", at: [0, 1400], reasons: [.endOfStream], rule: "with: truck"),
    Row(sentence: "40 % is not.", person: "pppppppp", truck: "tttttttt", told: ".........", at: [], rule: "with: truck"),
    Row(sentence: "40 % is, where 30 % is asked.", person: "pppppppp", truck: "tttttttt", told: ".....S..E", at: [0, 1400], reasons: [.endOfStream], rule: "with: truck, share: 30%"),
    Row(sentence: "Overlaps: of the person's own area.", person: "pppppppp", truck: "ssssssss", told: ".....S..E", at: [0, 1400], reasons: [.endOfStream], rule: "with: truck, how: overlaps"),
    Row(sentence: "Near is up to 5 % of the diagonal.", person: "pppppppp", truck: "nnnnnnnn", told: ".....S..E", at: [0, 1400], reasons: [.endOfStream], rule: "with: truck, how: near"),
    Row(sentence: "5.7 % is not near.", person: "pppppppp", truck: "ffffffff", told: ".........", at: [], rule: "with: truck, how: near"),
    Row(sentence: "distance.", person: "pppppppp", truck: "ffffffff", told: ".....S..E", at: [0, 1400], reasons: [.endOfStream], rule: "with: truck, how: near, distance: 6%"),
    Row(sentence: "Off for less than 2 s is nothing.", person: "pppppppppppppppppppp", truck: "hhhhhhqqqqqhhhhhhhhh", told: ".....S..............E", at: [0, 3800], reasons: [.endOfStream],
        rule: "with: truck"),
    Row(sentence: "Off for 2 s: over, and was when the half of it was off.", person: "pppppppppppppppppp", truck: "hhhhhhqqqqqqqqqqqq", told: ".....S..........E..", at: [0, 1017], reasons: [.over],
        rule: "with: truck"),
    Row(sentence: "Of two one goes: it still has one.", person: "pppppppppppppppppppp", truck: "hhhhhhqqqqqqqqqqqqqq", told: ".....S..............E", at: [0, 3800], reasons: [.endOfStream],
        rule: "with: truck", other: "hhhhhhhhhhhhhhhhhhhh"),
    Row(sentence: "A carried person decides nothing; detected again, it has had one all the time.", person: "p'p'p'p'p'p'pp", truck: "hhhhhhhh", told: ".......SE", at: [0, 1400],
        reasons: [.endOfStream], rule: "with: truck"),
    Row(sentence: "In a gap the hold stands still.", person: "ppp__pppp", truck: "hhh__hhhh", told: "........SE", at: [0, 1600], reasons: [.endOfStream], rule: "with: truck"),
    Row(sentence: "Gone in a gap: over when it was last seen, once 2 s are known without it.", person: "pppppp__ppppppppppp", truck: "hhhhhh__           ", told: ".....S............E.",
        at: [0, 1000], reasons: [.over], rule: "with: truck"),
    Row(sentence: "The person is lost.", person: "ppppppp!", truck: "hhhhhhhh", told: ".....S.E.", at: [0, 1200], reasons: [.lost], rule: "with: truck"),
    Row(sentence: "The person leaves the picture.", person: "BBBBBBB!", truck: "gggggggg", told: ".....S.E.", at: [0, 1200], reasons: [.left], rule: "with: truck"),
    Row(sentence: "The person is gone after a gap.", person: "ppppppp__!", truck: "hhhhhhh__h", told: ".....S...E.", at: [0, 1200], reasons: [.gap], rule: "with: truck"),
    Row(sentence: "The rule's hours are over.", person: "pppppppp", truck: "hhhhhhhh", told: "..S..E...", at: [0, 1000], reasons: [.inactive],
        rule: "with: truck, present_hold: 400ms, active: \"00:00-00:00:01\""),
    Row(sentence: "On and off twice.", person: "pppppppppppppppp", truck: "hhhhqqqqhhhhqqqq", told: "..S...E...S...E..", at: [0, 617, 1583, 2217], reasons: [.over, .over],
        rule: "with: truck, present_hold: 400ms, absent_hold: 400ms"),
    Row(sentence: "On and off twice, the second kept back.", person: "pppppppppppppppp", truck: "hhhhqqqqhhhhqqqq", told: "..S...E..........", at: [0, 617], reasons: [.over],
        rule: "with: truck, present_hold: 400ms, absent_hold: 400ms, cooldown: 1m"),
  ])
  func relation(_ row: Row) throws {
    let timeline = Timeline(rules: "rules: [{id: r, kind: relation, query: person, \(row.rule)}]", places: Self.places)
    let answer = try timeline.run([(row.person, query: 0), (row.truck, query: 1), (row.other, query: 1)])
    answer.expect(row.told, at: row.at, reasons: row.reasons, in: Self.letters)
  }
}
