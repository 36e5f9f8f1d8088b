import EventLog
import RuleEngine
import Scene
import Testing

/// `a` to `e` are 5 % of the diagonal apart, `a` and `b` 2 %. One letter is 200 ms.
@Suite struct ObjectStoppedTests {
  static let places: [Character: Point] = [
    "a": Point(x: 0.2, y: 0.5), "b": Point(x: 0.2 + 0.02 * 2.squareRoot(), y: 0.5), "c": Point(x: 0.2 + 0.1 * 2.squareRoot(), y: 0.5), "d": Point(x: 0.2 + 0.15 * 2.squareRoot(), y: 0.5),
    "e": Point(x: 0.2 + 0.2 * 2.squareRoot(), y: 0.5),
  ]
  static let letters: [EventType: Character] = [.objectStopped: "S", .objectMoved: "M"]

  @Test(arguments: [
    TimelineRow(sentence: "Stopped is reached once it has stood for as long, and happens then.", track: "aaaaaaaa", told: ".....S..M", at: [1000, 1400], reasons: [.endOfStream]),
    TimelineRow(sentence: "It stands from where its way comes within the leeway: 3 % of the 5 before it stops, after 80 of 200 ms.",
        track: "edddddd", told: "......S" + "M", at: [1080, 1200], reasons: [.endOfStream]),
    TimelineRow(sentence: "Within the leeway it stands.", track: "abababab", told: ".....S..M", at: [1000, 1400], reasons: [.endOfStream]),
    TimelineRow(sentence: "Who walks never stands.", track: "abcdedcba", told: "..........", at: []),
    TimelineRow(sentence: "Away for as long as the hold, it has moved, when its way left the leeway.",
        track: "aaaaaaacdedcdede", told: ".....S......M....", at: [1000, 1260], reasons: [.over]),
    TimelineRow(sentence: "Back within the hold it has not moved.", track: "aaaaaaaccccaaa", told: ".....S........M", at: [1000, 2600], reasons: [.endOfStream]),
    TimelineRow(sentence: "A carried box reaches nothing; the next detected one does, at its due moment.", track: "aaaa'a'a'a'aa", told: "........SM", at: [1000, 1600], reasons: [.endOfStream]),
    TimelineRow(sentence: "Lost: it stood when it was last seen.", track: "aaaaaaa'a'a!", told: ".....S...M.", at: [1000, 1200], reasons: [.lost]),
    TimelineRow(sentence: "A gap holds the clock.", track: "aaa___aaaaaa", told: ".........S..M", at: [1800, 2200], reasons: [.endOfStream]),
    TimelineRow(sentence: "Moved in a gap: it stands from when it was first seen there.", track: "aaa___dddddd", told: "...........SM", at: [2200, 2200], reasons: [.endOfStream]),
  ])
  func stopped(_ row: TimelineRow) throws {
    let timeline = Timeline(rules: "rules: [{id: r, kind: object.stopped, query: person, after: 1s\(row.more)}]", places: Self.places)
    let answer = try timeline.run(row.track)
    answer.expect(row.told, at: row.at, reasons: row.reasons, in: Self.letters)
  }
}
