import EventLog
import RuleEngine
import Scene
import Testing

/// The object (a truck) stands at `t`, trembles between `t` and `w`, another at `v`; its owner (a person) is near at `n`, 3.5 % of
/// the diagonal away at `m`, far at `f`. One letter is 1 s, `after` is 5 s.
@Suite struct AbandonedTests {
  static let places: [Character: Point] = ["t": Point(x: 0.5, y: 0.5), "u": Point(x: 0.3, y: 0.5), "n": Point(x: 0.55, y: 0.5), "f": Point(x: 0.9, y: 0.5),
                                             "w": Point(x: 0.51, y: 0.5), "v": Point(x: 0.2, y: 0.5), "m": Point(x: 0.6, y: 0.5)]
  static let letters: [EventType: Character] = [.objectAbandoned: "A", .objectRemoved: "R"]

  struct Row: CustomTestStringConvertible {
    var sentence: String
    var thing: String
    var owner: String
    var told: String
    var at: [Int]
    var reasons: [EndReason] = []
    var more = ""
    /// Another truck.
    var other = ""
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
    Row(sentence: "What has stood for 3 s belongs there.", thing: "tttt!      ", owner: "fffffffffff", told: "........R...", at: [8000]),
    Row(sentence: "after.", thing: "tttttt!     ", owner: "ffffffffffff", told: ".......R.....", at: [7000], more: ", after: 2s"),
    Row(sentence: "Within the leeway it stands.", thing: "twtwtw!     ", owner: "ffffffffffff", told: "..........R..", at: [10000]),
    Row(sentence: "Beyond the leeway it never stood.", thing: "twtwtw!     ", owner: "ffffffffffff", told: ".............", at: [], more: ", leeway: 0.5%"),
    Row(sentence: "Another of its query in its place: nothing is missing.", thing: "tttttt!     ", owner: "ffffffffffff", told: ".............", at: [], other: "        tttt"),
    Row(sentence: "Carried, it may still be there.", thing: "ttttttt't't't't't't't'", owner: "ffffffffffffff", told: "...............", at: []),
    Row(sentence: "In a gap the time stands still.", thing: "tttttt!__      ", owner: "fffffff__ffffff", told: ".............R..", at: [13000]),
    Row(sentence: "Moved away in a gap: gone since it was last there.", thing: "tttttt__uuuuuuu", owner: "ffffff__fffffff", told: ".............R..", at: [13000]),
    Row(sentence: "The rule's hours are over before.", thing: "tttttt!     ", owner: "ffffffffffff", told: ".............", at: [], more: ", active: \"00:00-00:00:08\""),
    Row(sentence: "Two are taken.", thing: "tttttt!      ", owner: "fffffffffffff", told: "..........RR..", at: [10000, 11000], other: "vvvvvvv!     "),
    Row(sentence: "Two are taken, the second is kept back.", thing: "tttttt!      ", owner: "fffffffffffff", told: "..........R...", at: [10000], more: ", cooldown: 1m", other: "vvvvvvv!     "),
    Row(sentence: "An owner who was near more than 2 s before did not take it.", thing: "tttttt!     ", owner: "fnnfffffffff", told: "..........R..", at: [10000]),
    Row(sentence: "One who was near 1 s before may have.", thing: "tttttt!     ", owner: "fffnnfffffff", told: ".............", at: []),
    Row(sentence: "owner_hold.", thing: "tttttt!     ", owner: "fffnnfffffff", told: "..........R..", at: [10000], more: ", owner_hold: 500ms"),
    Row(sentence: "3.5 % is near.", thing: "tttttt!     ", owner: "fffmmmmfffff", told: ".............", at: []),
    Row(sentence: "near.", thing: "tttttt!     ", owner: "fffmmmmfffff", told: "..........R..", at: [10000], more: ", near: 2%"),
    Row(sentence: "Its owner took it.", thing: "tttttt!     ", owner: "fffnnnnfffff", told: ".............", at: []),
  ])
  func removed(_ row: Row) throws {
    let after = row.more.contains("after") ? "" : ", after: 5s"
    var timeline = Timeline(rules: "rules: [{id: r, kind: object.removed, query: truck, owner: person, standing: 3s\(after)\(row.more)}]", places: Self.places)
    timeline.step = .seconds(1)
    let answer = try timeline.run([(row.thing, query: 1), (row.owner, query: 0), (row.other, query: 1)])
    #expect(answer.diagram(Self.letters) == row.told)
    #expect(answer.all.map { milliseconds($0.mediaTime) } == row.at)
  }

  @Test("Taken: it tells since when, how long it stood, and where")
  func details() throws {
    var timeline = Timeline(rules: "rules: [{id: r, kind: object.removed, query: truck, standing: 3s, after: 5s}]", places: Self.places)
    timeline.step = .seconds(1)
    let event = try #require(try timeline.run("tttttt!     ", query: 1).all.first)
    #expect(event.seconds("since") == 5 && event.seconds("stood") == 5 && event.phase == nil && event.object?.track.number == 1)
  }

  @Test("The defaults: stood for 10 s, gone for 30 s")
  func removedDefaults() throws {
    var timeline = Timeline(rules: "rules: [{id: r, kind: object.removed, query: truck}]", places: Self.places)
    timeline.step = .seconds(1)
    let stood = { String(repeating: "t", count: $0) + "!" + String(repeating: " ", count: 40) }
    #expect(try timeline.run(stood(11), query: 1).all.map { milliseconds($0.mediaTime) } == [40_000])
    #expect(try timeline.run(stood(10), query: 1).all.isEmpty)
  }
}
