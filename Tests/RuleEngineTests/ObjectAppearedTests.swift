import EventLog
import RuleEngine
import Scene
import Testing

@Suite struct ObjectAppearedTests {
  static func timeline(_ more: String = "") -> Timeline {
    Timeline(rules: "rules: [{id: r, kind: object.appeared, query: person\(more)}]",
             places: ["a": Point(x: 0.5, y: 0.5), "b": Point(x: 0.51, y: 0.5), "c": Point(x: 0.6, y: 0.5), "e": Point(x: 0.97, y: 0.5)])
  }
  static let letters: [EventType: Character] = [.objectAppeared: "A", .objectEnded: "Z"]

  @Test(arguments: [
    ("A track appears, and ends when it was last seen: lost.", "  aa'a'a!", "..A...Z.", [400, 600], [EndReason.lost], ""),
    ("Last seen at the picture's border: it left.", "  ee'e'e!", "..A...Z.", [400, 600], [.left], ""),
    ("What is open at the end of the stream ends.", "aaa", "A..Z", [0, 400], [.endOfStream], ""),
    ("still: ignore leaves out what never moved, jitter or not.", "abababab", ".........", [], [], ", still: ignore"),
    ("still: ignore: what moves appears when it has moved.", "ababcccc", "....A...Z", [800, 1400], [.endOfStream], ", still: ignore"),
    ("A score that is never reached is not there.", "aaaa", ".....", [], [], ", min_score: 0.9"),
    ("A box that is too small doesn't count.", "aaaa", ".....", [], [], ", min_size: 10%"),
    ("A box that is large enough does.", "aaaa", "A...Z", [0, 600], [.endOfStream], ", min_size: 7%"),
    ("Carried only: never detected, never there.", "'a'a'a", "....", [], [], ""),
  ])
  func life(_ sentence: String, _ track: String, _ told: String, _ at: [Int], _ reasons: [EndReason], _ more: String) throws {
    let answer = try Self.timeline(more).run(track)
    #expect(answer.diagram(Self.letters) == told, "\(sentence)")
    #expect(answer.all.map { milliseconds($0.mediaTime) } == at, "\(sentence)")
    #expect(answer.all.compactMap(\.reason) == reasons, "\(sentence)")
  }

  @Test("An end shows the box that was last detected, not where it was carried since")
  func lastBox() throws {
    let events = try Self.timeline().run("ab'c'c'c!").all
    #expect(events.map(\.object?.detected) == [true, false])
    #expect(events.last?.object?.box.bottomCenter.x == 0.51)
  }

  @Test("Without a rule file every query has its rule, suppress queries none")
  func standard() {
    let queries = [Query(id: "person", text: "a person"), Query(id: "poster", text: "a poster", suppresses: true), Query(id: "dog", text: "dog")]
    let rules = RuleSet.standard(queries: queries)
    #expect(rules.ruleIDs == ["person", "dog"])
    var engine = RuleEngine(rules: rules, context: RuleContext(queries: queries, size: Timeline.size, stream: "s", session: 1, epoch: 0))
    let box = Box(left: 0.2, top: 0.2, right: 0.3, bottom: 0.3)
    let tracks = (0..<3).map { Track(id: TrackID(session: 1, number: $0), query: $0, state: .confirmed, box: box, score: 1, medianScore: 1, detected: true,
                                     wasConfirmed: true, firstDetected: MediaTime(seconds: 0.5), lastDetected: MediaTime(seconds: 1)) }
    let events = engine.judge(tracks, at: MediaTime(seconds: 1), pts: 10)
    #expect(events.map(\.type) == [.objectAppeared, .objectAppeared])
    #expect(events.map(\.subject) == ["track/1-0", "track/1-2"])
    // When it was first detected, not when it was believed.
    #expect(events.map(\.mediaTime) == [MediaTime(seconds: 0.5), MediaTime(seconds: 0.5)])
    #expect(engine.finish(at: MediaTime(seconds: 2), reason: .stopped, pts: nil).map(\.reason) == [.stopped, .stopped])
  }

  @Test("A tentative track is not looked at; one that is no longer told of has ended")
  func states() {
    let queries = [Query(id: "person", text: "a person")]
    var engine = RuleEngine(rules: .standard(queries: queries), context: RuleContext(queries: queries, size: Timeline.size, stream: "s", session: 1, epoch: 0))
    var track = Track(id: TrackID(session: 1, number: 1), query: 0, state: .tentative, box: Box(left: 0.2, top: 0.2, right: 0.3, bottom: 0.3), score: 1, medianScore: 1,
                      detected: true, wasConfirmed: false, firstDetected: .zero, lastDetected: .zero)
    #expect(engine.judge([track], at: .zero, pts: 0).isEmpty)
    track.state = .ended
    #expect(engine.judge([track], at: MediaTime(seconds: 1), pts: 1).isEmpty)
    track.state = .confirmed
    #expect(engine.judge([track], at: MediaTime(seconds: 2), pts: 2).map(\.type) == [.objectAppeared])
    #expect(engine.judge([], at: MediaTime(seconds: 3), pts: 3).map(\.type) == [.objectEnded])
  }
}
