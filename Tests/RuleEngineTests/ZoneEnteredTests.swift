import EventLog
import RuleEngine
import Scene
import Testing

/// The right half of the picture is the zone. `o` far outside, `m` outside but within the margin, `b` on the border, `x` inside.
/// One letter is 200 ms; o → x crosses the border half way, 100 ms after the o.
@Suite struct ZoneEnteredTests {
  static let places: [Character: Point] = [
    "o": Point(x: 0.3, y: 0.5), "m": Point(x: 0.49, y: 0.5), "b": Point(x: 0.5, y: 0.5), "x": Point(x: 0.7, y: 0.5),
  ]
  static let letters: [EventType: Character] = [.zoneEntered: "E", .zoneExited: "X", .zoneLoitering: "L"]

  static func timeline(_ more: String = "", kind: String = "zone.entered") -> Timeline {
    Timeline(rules: """
      zones: {yard: [[0.5, 0], [1, 0], [1, 1], [0.5, 1]]}
      rules: [{id: r, kind: \(kind), zone: yard, query: person\(more)}]
      """, places: places)
  }

  @Test(arguments: [
    TimelineRow(sentence: "Entered is told once 600 ms inside are over, and happened at the border.",
        track: "ooxxxx", told: ".....EX", at: [300, 1000], reasons: [.endOfStream]),
    TimelineRow(sentence: "A visit shorter than the hold is none.", track: "ooxxxoooo", told: "..........", at: []),
    TimelineRow(sentence: "A track first seen inside came in when it was first seen.", track: "  xxxx", told: ".....EX", at: [400, 1000], reasons: [.endOfStream]),
    TimelineRow(sentence: "The border belongs to the zone.", track: "oobbbb", told: ".....EX", at: [400, 1000], reasons: [.endOfStream]),
    TimelineRow(sentence: "Left is told once 2 s beyond the margin are over, and happened at the border.",
        track: "oxxxxooooooooooo", told: "....E..........X.", at: [100, 900], reasons: [.left]),
    TimelineRow(sentence: "Within the margin nobody has left.", track: "oxxxxmmmmmmmmmmmmmm", told: "....E..............X", at: [100, 990], reasons: [.left]),
    TimelineRow(sentence: "Back before the exit hold is over: the visit goes on.",
        track: "oxxxxoooooxxxxx", told: "....E..........X", at: [100, 2800], reasons: [.endOfStream]),
    TimelineRow(sentence: "A carried box decides nothing: it doesn't enter.", track: "oo'x'x'x'x'x!", told: ".........", at: []),
    TimelineRow(sentence: "The hold is over on the first detected box after it.", track: "oox'x'x'x'xxx", told: ".......E.X", at: [300, 1600], reasons: [.endOfStream]),
    TimelineRow(sentence: "A carried box doesn't leave either; lost means last seen.", track: "oxxxx'o'o'o'o!", told: "....E....X.", at: [100, 800], reasons: [.lost]),
    TimelineRow(sentence: "Lost while outside, the hold not over: it left when it crossed the border.", track: "oxxxxooo!", told: "....E...X.", at: [100, 900], reasons: [.left]),
    TimelineRow(sentence: "Without holds everything is told at once.", track: "oxo", told: ".EX.", at: [100, 300], reasons: [.left], more: ", enter_hold: 0s, exit_hold: 0s"),
    TimelineRow(sentence: "Without a margin the border is the limit.", track: "oxxxxmmmmmmmmmmmm", told: "....E..........X..", at: [100, 990], reasons: [.left], more: ", margin: 0%"),
    TimelineRow(sentence: "A gap holds the clock: 100 ms before it and 500 ms after it make 600.", track: "oox____xxxx", told: "..........EX", at: [300, 2000], reasons: [.endOfStream]),
    TimelineRow(sentence: "Outside before a gap, inside after: it came in when it was first seen there.", track: "oo___xxxx", told: "........EX", at: [1000, 1600], reasons: [.endOfStream]),
    TimelineRow(sentence: "Inside before a gap, outside after: it left when it was last seen inside, for all we know.",
        track: "oxxxx___ooooooooooo", told: "....E.............X.", at: [100, 800], reasons: [.gap]),
    TimelineRow(sentence: "Ended in a gap: the reason is the gap.", track: "oxxxxx____!", told: "....E.....X.", at: [100, 1000], reasons: [.gap]),
    TimelineRow(sentence: "Stopped: what is open ends when the track was last seen.", track: "oxxxxxx", told: "....E..X", at: [100, 1200], reasons: [.endOfStream]),
  ])
  func visits(_ row: TimelineRow) throws {
    let answer = try Self.timeline(row.more).run(row.track)
    answer.expect(row.told, at: row.at, reasons: row.reasons, in: Self.letters)
  }

  @Test("Start and end share an episode; the end carries dwell; the object is the one on the deciding keyframe")
  func shape() throws {
    let events = try Self.timeline(", severity: alert").run("oxxxxooooooooooo").all
    try #require(events.count == 2)
    #expect(events[0].type == .zoneEntered && events[0].phase == .start && events[0].subject == "zone/yard" && events[0].severity == .alert)
    #expect(events[1].type == .zoneExited && events[1].phase == .end)
    #expect(events[0].episode == "r/1-1/100" && events[1].episode == events[0].episode)
    #expect(events[0].pts == 4 && events[0].object?.track == TrackID(session: 1, number: 1) && events[0].object?.detected == true)
    #expect(events[0].rule == RuleReference(id: "r", kind: "zone.entered") && events[0].query == QueryReference(id: "person", text: "a person"))
    #expect(events[1].seconds("dwell") == 0.8)
  }

  @Test("Dwell counts the time that is known: a gap is left out of it")
  func dwellOverGap() throws {
    let events = try Self.timeline().run("oxxxx_____xxxooooooooooo").all
    try #require(events.count == 2)
    // In at 100 ms, out at 2500 ms; unknown from 800 ms to 2000 ms.
    #expect(milliseconds(events[1].mediaTime) == 2500)
    #expect(events[1].seconds("dwell") == 1.2)
  }

  @Test("zone.exited alone tells the exits only, as moments")
  func exitsOnly() throws {
    let events = try Self.timeline(kind: "zone.exited").run("oxxxxooooooooooo").all
    #expect(events.map(\.type) == [.zoneExited])
    #expect(events[0].phase == nil && events[0].episode == nil && events[0].reason == .left)
  }

  @Test("A track of another query is not the rule's business")
  func otherQuery() throws {
    #expect(try Self.timeline().run("oxxxxooooooooooo", query: 1).all.isEmpty)
  }
}
