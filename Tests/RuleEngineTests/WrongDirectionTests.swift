import EventLog
import RuleEngine
import Scene
import Testing

/// Forbidden is to the right. `0` to `9` are 2 % of the diagonal apart, from left to right. One letter is 200 ms.
@Suite struct WrongDirectionTests {
  static let places: [Character: Point] = Dictionary(uniqueKeysWithValues: (0...9).map {
    (Character(String($0)), Point(x: 0.2 + 0.02 * 2.squareRoot() * Double($0), y: 0.5))
  })
  static let letters: [EventType: Character] = [.objectWrongDirection: "W"]

  @Test(arguments: [
    TimelineRow(sentence: "5 % to the right, and 1 s not back: wrong, from when it had come 5 % far.", track: "0123456789", told: "........W.W", at: [500, 1800], reasons: [.endOfStream]),
    TimelineRow(sentence: "To the left is right.", track: "9876543210", told: "...........", at: []),
    TimelineRow(sentence: "4 % to the right is not far enough.", track: "012222222222", told: ".............", at: []),
    TimelineRow(sentence: "5 % and back within the hold is nothing.", track: "0123210000000", told: "..............", at: []),
    TimelineRow(sentence: "Far enough, it may stand.", track: "01233333333", told: "........W..W", at: [500, 2000], reasons: [.endOfStream]),
    TimelineRow(sentence: "It ends where it turned, once it has come as far back for as long.",
        track: "0123456789876543210", told: "........W........W..", at: [500, 1800], reasons: [.over]),
  ])
  func wrong(_ row: TimelineRow) throws {
    let timeline = Timeline(rules: "rules: [{id: r, kind: object.wrong_direction, query: person, forbidden: right\(row.more)}]", places: Self.places)
    let answer = try timeline.run(row.track)
    answer.expect(row.told, at: row.at, reasons: row.reasons, in: Self.letters)
  }
}
