import EventLog
import RuleEngine
import Scene
import Testing

@Suite struct LineCountTests {
  static func counts(_ event: Event) -> [String: Int] {
    guard case .fields(let fields)? = event.detail("counts") else { return [:] }
    return Dictionary(uniqueKeysWithValues: fields.compactMap { field in
      if case .integer(let value) = field.value { (field.key, value) } else { nil }
    })
  }

  @Test("Counts are told at multiples of `every`, and once more at the end")
  func every() throws {
    let events = try LineCrossedTests.timeline(", every: 1s", kind: "line.count").run("lrrrrllllrrrr").all
    #expect(events.map { milliseconds($0.mediaTime) } == [1000, 2000, 2400])
    #expect(events.map(Self.counts) == [["left": 1, "right": 0], ["left": 1, "right": 1], ["left": 2, "right": 1]])
    #expect(events.allSatisfy { $0.type == .lineCount && $0.phase == nil && $0.query?.id == "person" && $0.object == nil })
  }

  @Test("An end on a multiple of `every` tells nothing twice")
  func endOnMultiple() throws {
    let events = try LineCrossedTests.timeline(", every: 1s", kind: "line.count").run("lrrrrl").all
    #expect(events.map { milliseconds($0.mediaTime) } == [1000])
  }

  @Test("The default is 60 s")
  func standard() throws {
    var timeline = LineCrossedTests.timeline(kind: "line.count")
    timeline.step = .seconds(10)
    #expect(try timeline.run("llllllllllllll").all.map { milliseconds($0.mediaTime) } == [60_000, 120_000, 130_000])
  }

  @Test("At a reset the count is told and starts anew; the camera's clock decides")
  func reset() throws {
    var timeline = LineCrossedTests.timeline(", every: 1h, reset_at: \"06:00\", timezone: Europe/Berlin", kind: "line.count")
    // 2026-05-04T03:59:59Z is one second before six in Berlin.
    timeline.epoch = 1_777_867_199_000_000_000
    let events = try timeline.run("lrrrrllllrrrr").all
    #expect(events.map { milliseconds($0.mediaTime) } == [1000, 2400])
    #expect(events.map(Self.counts) == [["left": 1, "right": 0], ["left": 1, "right": 1]])
    #expect(events.map { $0.seconds("since") } == [0, 1])
  }

  @Test("Counts go on from session to session")
  func sessions() throws {
    let rules = try RuleSet.parse(LineCrossedTests.timeline(", every: 1h", kind: "line.count").rules, file: nil, queries: Timeline.queries)
    let context = RuleContext(queries: Timeline.queries, size: Timeline.size, stream: "s", session: 1, epoch: 0)
    var engine = RuleEngine(rules: rules, context: context)
    func walk(_ engine: inout RuleEngine, session: Int) -> [Event] {
      for (index, x) in [0.3, 0.7, 0.7, 0.7, 0.7].enumerated() {
        let time = MediaTime(nanoseconds: Int64(index) * 200_000_000)
        let track = Track(id: TrackID(session: session, number: 1), query: 0, state: .confirmed, box: Box(left: x - 0.05, top: 0.4, right: x + 0.05, bottom: 0.5),
                          score: 1, medianScore: 1, detected: true, wasConfirmed: true, firstDetected: .zero, lastDetected: time)
        _ = engine.judge([track], at: time, pts: Int64(index))
      }
      return engine.finish(at: MediaTime(seconds: 0.8), reason: .gap, pts: 5)
    }
    #expect(walk(&engine, session: 1).map(Self.counts) == [["left": 1, "right": 0]])
    var next = context
    next.session = 2
    engine.begin(next)
    #expect(walk(&engine, session: 2).map(Self.counts) == [["left": 2, "right": 0]])
  }
}
