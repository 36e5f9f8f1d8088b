import EventLog
import RuleEngine
import Scene
import Testing

/// The same picture as for zone.entered; `after` is 1 s so that diagrams stay short. In at 100 ms.
@Suite struct ZoneLoiteringTests {
  @Test(arguments: [
    TimelineRow(sentence: "The time in the zone counts from the border, and is reached at that moment.", track: "oxxxxxxx", told: "......L.L", at: [1100, 1400], reasons: [.endOfStream]),
    TimelineRow(sentence: "Leaving resets.", track: "oxxxxooooooooooooxxxx", told: "......................", at: []),
    TimelineRow(sentence: "Back before the exit hold is over, the time went on.", track: "oxxxxoxx", told: "......L.L", at: [1100, 1400], reasons: [.endOfStream]),
    TimelineRow(sentence: "Nothing is reached while outside.", track: "oxxxxooooooooooo", told: ".................", at: []),
    TimelineRow(sentence: "Once a visit.", track: "oxxxxxxxxxxxxxxxx", told: "......L..........L", at: [1100, 3200], reasons: [.endOfStream]),
    TimelineRow(sentence: "Once more with each repeat.", track: "oxxxxxxxxxxxxxxxx", told: "......L..u..u..u.L", at: [1100, 1700, 2300, 2900, 3200], reasons: [.endOfStream], more: ", repeat: 600ms"),
    TimelineRow(sentence: "It ends when the visit ends.", track: "oxxxxxxxooooooooooo", told: "......L...........L.", at: [1100, 1500], reasons: [.left]),
    TimelineRow(sentence: "Cumulative: two visits of 800 ms make 1 s; the second reaches it 200 ms after it began.",
        track: "oxxxxoooooooooooooxxxx", told: "....................." + "LL", at: [3700, 4200], reasons: [.endOfStream], more: ", cumulative: true"),
    TimelineRow(sentence: "A carried box reaches nothing.", track: "oxxx'x'x'x'x'x!", told: "...........", at: []),
    TimelineRow(sentence: "The next detected box reaches it, at its due moment.", track: "oxxx'x'x'x'xx", told: "........LL", at: [1100, 1600], reasons: [.endOfStream]),
    TimelineRow(sentence: "A gap holds the clock: 500 ms before it, 500 ms after it.", track: "oxxx______xxxxx", told: ".............L.L", at: [2500, 2800], reasons: [.endOfStream]),
  ])
  func loitering(_ row: TimelineRow) throws {
    let answer = try ZoneEnteredTests.timeline(", after: 1s\(row.more)", kind: "zone.loitering").run(row.track)
    answer.expect(row.told, at: row.at, reasons: row.reasons, in: ZoneEnteredTests.letters)
  }

  @Test("The default is 15 s, and since and dwell are told")
  func defaults() throws {
    let events = try ZoneEnteredTests.timeline(kind: "zone.loitering").run("o" + String(repeating: "x", count: 80)).all
    try #require(events.count == 2)
    #expect(milliseconds(events[0].mediaTime) == 15_100)
    #expect(events[0].seconds("since") == 0.1 && events[0].seconds("dwell") == 15)
    #expect(events[1].episode == events[0].episode && events[1].phase == .end)
    #expect(events[1].seconds("dwell") == 15.9)
  }
}
