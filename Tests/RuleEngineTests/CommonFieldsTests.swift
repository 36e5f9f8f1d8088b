import EventLog
import Foundation
import RuleEngine
import Scene
import Testing

/// The fields that every rule has, with kinds that look at more than one track, and the clock's two nights.
@Suite struct CommonFieldsTests {
  /// A person who stands from before midnight to the morning, a look every ten minutes; when the rule says that it stood.
  static func watch(_ evening: String, _ active: String) throws -> [String] {
    let epoch = try Date(evening, strategy: .iso8601).timeIntervalSince1970
    let queries = Timeline.queries
    let set = try RuleSet.parse("rules: [{id: r, kind: object.stopped, query: person, after: 1m, active: \(active)}]", file: "night.yaml", queries: queries)
    var engine = RuleEngine(rules: set, context: RuleContext(queries: queries, size: Timeline.size, stream: "s", session: 1, epoch: Int64(epoch) * 1_000_000_000))
    var told: [String] = []
    for minute in stride(from: 0, through: 16 * 60, by: 10) {
      let time = MediaTime(seconds: Double(minute) * 60)
      let track = Track(id: TrackID(session: 1, number: 1), query: 0, state: .confirmed, box: Box(left: 0.4, top: 0.4, right: 0.5, bottom: 0.6), score: 0.9, medianScore: 0.9,
                        detected: true, wasConfirmed: true, firstDetected: .zero, lastDetected: time)
      for event in engine.judge([track], at: time, pts: Int64(minute)) {
        let date = Date(timeIntervalSince1970: epoch + event.mediaTime.seconds)
        told.append("\(event.type.rawValue) \(date.formatted(.iso8601)) \(event.reason?.rawValue ?? "")")
      }
    }
    return told
  }

  @Test("Active across midnight: nine hours of a night, eight of the one on which clocks go forward, ten of the one on which they go back", arguments: [
    ("2026-06-10T16:00:00Z", "2026-06-10T20:01:00Z", "2026-06-11T05:00:00Z"),
    ("2026-03-28T16:00:00Z", "2026-03-28T21:01:00Z", "2026-03-29T05:00:00Z"),
    ("2026-10-24T16:00:00Z", "2026-10-24T20:01:00Z", "2026-10-25T06:00:00Z"),
  ])
  func nights(evening: String, start: String, end: String) throws {
    let told = try Self.watch(evening, "{from: \"22:00\", to: \"07:00\", timezone: Europe/Berlin}")
    #expect(told == ["object.stopped \(start) ", "object.moved \(end) inactive"])
  }

  @Test("A day's hours that begin before midnight belong to that day")
  func days() throws {
    // 2026-06-10 is a Wednesday.
    #expect(try Self.watch("2026-06-10T16:00:00Z", "{days: wed, from: \"22:00\", to: \"07:00\", timezone: Europe/Berlin}").count == 2)
    #expect(try Self.watch("2026-06-10T16:00:00Z", "{days: thu, from: \"22:00\", to: \"07:00\", timezone: Europe/Berlin}") == [])
  }

  static func occupancy(_ more: String) throws -> String {
    try ZoneEnteredTests.timeline(", max: 1, hold: 400ms\(more)", kind: "zone.occupancy").run([("ooxxxxoooooxxxxooooo", query: 0)]).diagram(ZoneOccupancyTests.letters)
  }

  @Test("Occupancy: cooldown keeps the second back, min_size, min_score and still leave out whom they name", arguments: [
    ("", "....O...O....O...O..."), (", cooldown: 1m", "....O...O............"), (", min_size: 50%", "....................."), (", min_score: 90%", "....................."),
    (", still: ignore", "....O...O....O...O..."),
  ])
  func occupancy(more: String, told: String) throws {
    #expect(try Self.occupancy(more) == told)
  }

  @Test("What is asked of the person is not asked of the helmet; severity and shadow are told")
  func relation() throws {
    var timeline = Timeline(rules: "rules: [{id: r, kind: relation, query: person, with: truck, min_size: 5%, severity: alert}]", places: RelationTests.places)
    timeline.boxSize = Point(x: 0.1, y: 0.2)
    let events = try timeline.run([("pppppppp", query: 0), ("hhhhhhhh", query: 1)]).all
    #expect(events.map(\.type) == [.relationStarted, .relationEnded] && events[0].severity == .alert && events[0].subject == "relation/r")
    let shadow = try Timeline(rules: "rules: [{id: r, kind: relation, query: person, with: truck, severity: alert, shadow: true}]", places: RelationTests.places)
      .run([("pppppppp", query: 0), ("hhhhhhhh", query: 1)]).all
    #expect(shadow.allSatisfy { $0.isShadow && $0.severity == nil } && shadow.count == 2)
  }

  @Test("A zone on a rule about objects: they count while they are in it, and leaving it ends them")
  func zone() throws {
    let answer = try Timeline(rules: """
      zones: {yard: [[0.5, 0], [1, 0], [1, 1], [0.5, 1]]}
      rules: [{id: r, kind: object.stopped, query: person, after: 1s, zone: yard}]
      """, places: ZoneEnteredTests.places).run("oooooooooxxxxxxxooo")
    #expect(answer.diagram(ObjectStoppedTests.letters) == "..............S.M...")
    #expect(answer.all.map { milliseconds($0.mediaTime) } == [2800, 3000] && answer.all.last?.reason == .left)
    #expect(answer.all.allSatisfy { $0.text("zone") == "yard" })
  }

  /// Looks once a second at a person who stands, from media time zero.
  static func look(_ engine: inout RuleEngine, _ seconds: ClosedRange<Int>, session: Int = 1) -> [String] {
    seconds.flatMap { second in
      let time = MediaTime(seconds: Double(second))
      let track = Track(id: TrackID(session: session, number: 1), query: 0, state: .confirmed, box: Box(left: 0.4, top: 0.4, right: 0.5, bottom: 0.6), score: 0.9, medianScore: 0.9,
                        detected: true, wasConfirmed: true, firstDetected: .zero, lastDetected: time)
      return engine.judge([track], at: time, pts: Int64(second)).map { "\($0.type.rawValue) \(Int($0.mediaTime.seconds)) \($0.reason?.rawValue ?? "")" }
    }
  }

  static func engine(_ fields: String, epoch: Int64) throws -> (RuleEngine, RuleContext) {
    let set = try RuleSet.parse("rules: [{id: r, kind: object.stopped, query: person, after: 2s, \(fields)}]", file: "r.yaml", queries: Timeline.queries)
    let context = RuleContext(queries: Timeline.queries, size: Timeline.size, stream: "s", session: 1, epoch: epoch * 1_000_000_000)
    return (RuleEngine(rules: set, context: context), context)
  }

  @Test("Active goes by the sender's clock from when it is known, not by the worker's")
  func correctedClock() throws {
    // By the worker's clock it is five minutes to ten in the evening, by the camera's five past.
    var (engine, _) = try Self.engine("active: \"22:00-06:00\"", epoch: 86_400 - 7500)
    #expect(Self.look(&engine, 0...9) == [])
    engine.correctClock(epoch: (86_400 - 6900) * 1_000_000_000)
    #expect(Self.look(&engine, 10...15) == ["object.stopped 12 "])
    // And back: it is not ten yet.
    engine.correctClock(epoch: (86_400 - 7500) * 1_000_000_000)
    #expect(Self.look(&engine, 16...20) == ["object.moved 16 inactive"])
  }

  @Test("A cooldown goes on in the next session, by the camera's clock; a clock that starts anew starts it anew")
  func cooldownAcrossSessions() throws {
    var (engine, context) = try Self.engine("cooldown: 1m", epoch: 1000)
    func next(_ epoch: Int64) -> [String] {
      _ = engine.finish(at: MediaTime(seconds: 5), reason: .gap, pts: nil)
      context.session += 1
      context.epoch = epoch * 1_000_000_000
      engine.begin(context)
      return Self.look(&engine, 0...5, session: context.session)
    }
    #expect(Self.look(&engine, 0...5) == ["object.stopped 2 "])
    #expect(next(1020) == [])
    #expect(next(1070) == ["object.stopped 2 "])
    #expect(next(10) == ["object.stopped 2 "])
  }
}
