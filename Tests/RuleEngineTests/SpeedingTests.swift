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
    TimelineRow(sentence: "22 mph are 35.4 km/h.", track: "0123456", told: "..V....V", at: [2000, 6000], reasons: [.endOfStream], more: ", limit: 22 mph"),
    TimelineRow(sentence: "23 mph are 37 km/h.", track: "0123456", told: "........", at: [], more: ", limit: 23 mph"),
    TimelineRow(sentence: "A mean over 1 s is known after 1 s.", track: "0123456", told: ".V.....V", at: [1000, 6000], reasons: [.endOfStream], more: ", window: 1s"),
    TimelineRow(sentence: "Slower for less than 2 s is nothing.", track: "0123356789", told: "..V.......V", at: [2000, 9000], reasons: [.endOfStream]),
    TimelineRow(sentence: "Slower for 2.3 s is an end and a new start, though no look falls behind the 2 s.", track: "01233456789", told: "..V...#....V", at: [2000, 3333, 5667, 10000],
                reasons: [.over, .endOfStream]),
    TimelineRow(sentence: "Carried boxes drive on, and tell nothing.", track: "00'1'2'3'4'5", told: "........", at: []),
    TimelineRow(sentence: "What was carried last was too fast when it was last detected.", track: "0123'4'5'6", told: "..V....V", at: [2000, 3000], reasons: [.endOfStream]),
    TimelineRow(sentence: "No way is drawn over a gap: 2 s pass before there is a speed again, and it was never slow.", track: "0123__56789", told: "..V........V", at: [2000, 10000],
                reasons: [.endOfStream]),
    TimelineRow(sentence: "A jump in a gap is no speed.", track: "000__999999", told: "............", at: []),
    TimelineRow(sentence: "It stands after a gap: over from when the mean is known again, once that was 2 s ago.", track: "0123__999999", told: "..V.......V..", at: [2000, 8000], reasons: [.over]),
    TimelineRow(sentence: "Lost.", track: "01234!", told: "..V..V.", at: [2000, 4000], reasons: [.lost]),
    TimelineRow(sentence: "Out of the picture.", track: "56789!", told: "..V..V.", at: [2000, 4000], reasons: [.left]),
    TimelineRow(sentence: "Gone in a gap: it ended when it was last seen.", track: "0123__!", told: "..V...V.", at: [2000, 3000], reasons: [.gap]),
    TimelineRow(sentence: "The rule's hours are over.", track: "0123456", told: "..V.V...", at: [2000, 4000], reasons: [.inactive], more: ", active: \"00:00-00:00:04\""),
    TimelineRow(sentence: "Too fast twice.", track: "01234444444456789", told: "..V....V.....V...V", at: [2000, 4333, 12667, 16000], reasons: [.over, .endOfStream]),
    TimelineRow(sentence: "Too fast twice, the second kept back, start and end.", track: "01234444444456789", told: "..V....V..........", at: [2000, 4333], reasons: [.over],
                more: ", cooldown: 1m"),
    TimelineRow(sentence: "It stops: over from when the mean fell to the limit, once that was 2 s ago.", track: "01234444444", told: "..V....V....", at: [2000, 4333], reasons: [.over]),
  ])
  func speeding(_ row: TimelineRow) throws {
    let limit = row.more.contains("limit") ? "" : ", limit: 30 km/h"
    var timeline = Timeline(rules: """
      rules: [{id: r, kind: object.speeding, query: truck\(limit)\(row.more), ground: {picture: [[0, 0], [1, 0], [1, 1], [0, 1]], metres: [[0, 0], [100, 0], [100, 100], [0, 100]]}}]
      """, places: Self.places)
    timeline.step = .seconds(1)
    timeline.boxSize = Point(x: 0.1, y: 0.1)
    let answer = try timeline.run(row.track, query: 1)
    answer.expect(row.told, at: row.at, reasons: row.reasons, in: Self.letters)
  }

  @Test("Above the horizon there is no speed, and the way begins anew below it", arguments: [("abcd", 1), ("abhcd", 0), ("abhabc", 1)])
  func horizon(_ track: String, _ count: Int) throws {
    let ground = "{picture: [[0.4, 0.35], [0.6, 0.35], [0.9, 0.95], [0.1, 0.95]], metres: [[0, 0], [7, 0], [7, 30], [0, 30]]}"
    var places: [Character: Point] = Dictionary(uniqueKeysWithValues: zip("abcd", [40.0, 30, 20, 10]).map { ($0, Point(x: 0.5, y: 0.15 + 8 / $1)) })
    places["h"] = Point(x: 0.5, y: 0.12)
    var timeline = Timeline(rules: "rules: [{id: r, kind: object.speeding, query: truck, limit: 30 km/h, ground: \(ground)}]", places: places)
    timeline.step = .seconds(1)
    #expect(try timeline.run(track, query: 1).all.count { $0.phase == .start } == count)
  }

  @Test("Stopped by hand: the end says so")
  func stopped() throws {
    var timeline = Timeline(rules: "rules: [{id: r, kind: object.speeding, query: truck, limit: 30 km/h, ground: {picture: [[0, 0], [1, 0], [1, 1], [0, 1]], metres: [[0, 0], [100, 0], [100, 100], [0, 100]]}}]",
                            places: Self.places)
    timeline.step = .seconds(1)
    #expect(try timeline.run("01234", query: 1, finish: .stopped).all.map(\.reason) == [nil, .stopped])
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
