import EventLog
import RuleEngine
import Scene
import Testing

/// A street from above: the picture is 100 m wide and 100 m high. `0` to `9` are 10 m apart; one letter is 1 s, so that a
/// letter further is 36 km/h.
@Suite struct SpeedingTests {
  static let places: [Character: Point] = Dictionary(uniqueKeysWithValues: (0...9).map { (Character(String($0)), Point(x: 0.05 + 0.1 * Double($0), y: 0.5)) })
  static let letters: [EventType: Character] = [.objectSpeeding: "V"]

  @Test(arguments: [
    TimelineRow(sentence: "Too fast once the mean over 2 s is above the limit, and from then.", track: "0123456", told: "..V....V", at: [2000, 6000], reasons: [.endOfStream]),
    TimelineRow(sentence: "36 km/h is not above 36 km/h.", track: "0123456", told: "........", at: [], more: ", limit: 36 km/h"),
    TimelineRow(sentence: "10 m/s are above 9.9 m/s.", track: "0123456", told: "..V....V", at: [2000, 6000], reasons: [.endOfStream], more: ", limit: 9.9 m/s"),
    TimelineRow(sentence: "It stops: over from when the mean fell to the limit, once that was 2 s ago.", track: "01234444444", told: "..V....V....", at: [2000, 4333], reasons: [.over]),
  ])
  func speeding(_ row: TimelineRow) throws {
    let limit = row.more.contains("limit") ? "" : ", limit: 30 km/h"
    var timeline = Timeline(rules: """
      rules: [{id: r, kind: object.speeding, query: truck\(limit)\(row.more), ground: {picture: [[0, 0], [1, 0], [1, 1], [0, 1]], metres: [[0, 0], [100, 0], [100, 100], [0, 100]]}}]
      """, places: Self.places)
    timeline.step = .seconds(1)
    let answer = try timeline.run(row.track, query: 1)
    answer.expect(row.told, at: row.at, reasons: row.reasons, in: Self.letters)
  }

  @Test("A camera that looks along a street, the horizon in the picture: 10 m each second are 36 km/h, near and far", arguments: [("35 km/h", true), ("37 km/h", false)])
  func perspective(_ limit: String, _ isTold: Bool) throws {
    // The edges of the street meet at y = 0.15. What stands d metres away is seen at 0.15 + 8 / d: the quadrilateral reaches from 40 m to 10 m.
    let ground = "{picture: [[0.4, 0.35], [0.6, 0.35], [0.9, 0.95], [0.1, 0.95]], metres: [[0, 0], [7, 0], [7, 30], [0, 30]]}"
    var timeline = Timeline(rules: "rules: [{id: r, kind: object.speeding, query: truck, limit: \(limit), ground: \(ground)}]",
                            places: Dictionary(uniqueKeysWithValues: zip("abcd", [40.0, 30, 20, 10]).map { ($0, Point(x: 0.5, y: 0.15 + 8 / $1)) }))
    timeline.step = .seconds(1)
    let started = try timeline.run("abcd", query: 1).all.filter { $0.phase == .start }
    #expect(started.isEmpty != isTold)
    if case .number(let speed)? = started.first?.detail("speed") { #expect(abs(speed - 36) < 1e-6) } else { #expect(!isTold) }
  }
}
