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

  @Test("What is due in a gap is told with the next: nobody counted then")
  func gap() throws {
    let events = try LineCrossedTests.timeline(", every: 1s", kind: "line.count").run("lrrrr__rrrrr").all
    #expect(events.map { milliseconds($0.mediaTime) } == [2000, 2200])
    let inside = try LineCrossedTests.timeline(", every: 400ms", kind: "line.count").run("lrr___rrr").all
    #expect(inside.map { milliseconds($0.mediaTime) } == [400, 1200, 1600])
  }

  /// Six in the morning, and a count that begins anew then.
  struct Morning {
    static let six: Int64 = 1_777_867_200
    var engine: RuleEngine
    private var context: RuleContext

    /// - Parameter epoch: seconds from six.
    init(_ epoch: Int64) throws {
      let rules = try RuleSet.parse(LineCrossedTests.timeline(", every: 1h, reset_at: \"06:00\", timezone: Europe/Berlin", kind: "line.count").rules, file: nil, queries: Timeline.queries)
      context = RuleContext(queries: Timeline.queries, size: Timeline.size, stream: "s", session: 1, epoch: (Self.six + epoch) * 1_000_000_000)
      engine = RuleEngine(rules: rules, context: context)
    }

    /// One person crosses to the left of the line, from a second on, in a second.
    mutating func walk(from start: Double, number: Int) -> [Event] {
      [0.3, 0.7, 0.7, 0.7, 0.7, 0.7].enumerated().flatMap { index, x in
        let time = MediaTime(seconds: start + Double(index) * 0.2)
        let track = Track(id: TrackID(session: context.session, number: number), query: 0, state: .confirmed, box: Box(left: x - 0.05, top: 0.4, right: x + 0.05, bottom: 0.5),
                          score: 1, medianScore: 1, detected: true, wasConfirmed: true, firstDetected: MediaTime(seconds: start), lastDetected: time)
        return engine.judge([track], at: time, pts: Int64(index))
      }
    }

    mutating func begin(_ epoch: Int64) {
      context.session += 1
      context.epoch = (Self.six + epoch) * 1_000_000_000
      engine.begin(context)
    }

    mutating func correct(_ epoch: Int64) { engine.correctClock(epoch: (Self.six + epoch) * 1_000_000_000) }
    mutating func end(_ seconds: Double) -> [Event] { engine.finish(at: MediaTime(seconds: seconds), reason: .stopped, pts: nil) }
  }

  @Test("A reset that fell between two sessions is made: the morning's first count is not yesterday's")
  func resetWhileDown() throws {
    var morning = try Morning(-60)
    _ = morning.walk(from: 0, number: 1)
    #expect(morning.end(1).map(Self.counts) == [["left": 1, "right": 0]])
    morning.begin(60)
    #expect(morning.walk(from: 0, number: 1).isEmpty)
    let last = morning.end(1)
    #expect(last.map(Self.counts) == [["left": 1, "right": 0]] && last.first?.seconds("since") == 0)
  }

  @Test("Since when was counted is told in this session's media time")
  func sinceBefore() throws {
    var morning = try Morning(3600)
    _ = morning.walk(from: 0, number: 1) + morning.end(1)
    morning.begin(3660)
    _ = morning.walk(from: 0, number: 1)
    #expect(morning.end(1).map { $0.seconds("since") } == [-60])
  }

  @Test("The sender's clock is put right by a second, forward or back, about a reset: it is made once")
  func correctedReset() throws {
    var forward = try Morning(-2)
    #expect(forward.walk(from: 0, number: 1).isEmpty)
    forward.correct(-1)
    #expect(forward.walk(from: 1.2, number: 2).map(Self.counts) == [["left": 1, "right": 0]])
    #expect(forward.end(3).map(Self.counts) == [["left": 1, "right": 0]])
    var back = try Morning(-1)
    #expect(back.walk(from: 0, number: 1).map(Self.counts) == [["left": 1, "right": 0]])
    back.correct(-2)
    #expect(back.walk(from: 1.2, number: 2).isEmpty && back.walk(from: 2.4, number: 3).isEmpty)
    #expect(back.end(4).map(Self.counts) == [["left": 2, "right": 0]])
  }

  @Test("A clock that was hours off: the reset of the right clock is waited for, one from before the counting is none")
  func correctedByHours() throws {
    var early = try Morning(-8 * 3600)
    #expect(early.walk(from: 0, number: 1).isEmpty)
    early.correct(3600)
    #expect(early.walk(from: 1.2, number: 2).isEmpty && early.end(3).map(Self.counts) == [["left": 2, "right": 0]])
    var late = try Morning(3600)
    #expect(late.walk(from: 0, number: 1).isEmpty)
    late.correct(-2)
    #expect(late.walk(from: 1.2, number: 2).map { milliseconds($0.mediaTime) } == [2000])
  }
}
