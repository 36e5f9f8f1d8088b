import Configuration
import EventLog
import RuleEngine
import Scene
import Testing

/// How things stand between a rule and a track, keyframe by keyframe. One letter is 200 ms.
@Suite struct ConditionsTests {
  static let places = ZoneEnteredTests.places
  static let zone = "zones: {yard: [[0.5, 0], [1, 0], [1, 1], [0.5, 1]]}\nlines: {gate: [[0.5, 0], [0.5, 1]]}\n"

  /// The first condition that fails after each keyframe, by its setting; `-` where none does, `.` where the track isn't there.
  static func failing(_ rule: String, _ diagram: String, query: Int = 0) throws -> [String] {
    try standings(rule, diagram, query: query).map { $0.map { $0.firstFailed.map { $0.key ?? "detected" } ?? "-" } ?? "." }
  }

  static func standings(_ rule: String, _ diagram: String, query: Int = 0) throws -> [Conditions?] {
    let set = try RuleSet.parse(zone + "rules: [{id: r, query: person, \(rule)}]", file: nil, queries: Timeline.queries)
    var engine = RuleEngine(rules: set, context: RuleContext(queries: Timeline.queries, size: Timeline.size, stream: "test", session: 1, epoch: 0))
    let keyframes = Timeline.keyframes(diagram)
    var actor = Timeline.Actor(number: 1, query: query, keyframes: keyframes)
    return keyframes.indices.map { index in
      let time = MediaTime(nanoseconds: Int64(index) * 200_000_000)
      _ = engine.judge([actor.track(at: index, time, places, Point(x: 0.05, y: 0.1))].compactMap { $0 }, at: time, pts: Int64(index))
      return engine.conditions(of: TrackID(session: 1, number: 1), rule: "r")
    }
  }

  @Test(arguments: [
    ("kind: zone.entered, zone: yard", " ooxxxxx", [".", "zone", "zone", "enter_hold", "enter_hold", "enter_hold", "-", "-"]),
    ("kind: zone.entered, zone: yard", "ox'xxo", ["zone", "enter_hold", "detected", "enter_hold", "zone"]),
    ("kind: zone.loitering, zone: yard, after: 1s", "oxxxxxxx", ["zone", "enter_hold", "enter_hold", "enter_hold", "after", "after", "-", "-"]),
    ("kind: line.crossed, line: gate, directions: {left: out}", "oxxxx", ["line", "hold", "hold", "-", "line"]),
    ("kind: line.crossed, line: gate, directions: {right: in}", "oxxxx", ["line", "directions", "directions", "directions", "line"]),
    ("kind: line.crossed, line: gate, directions: {right: in}", "xmm", ["line", "band", "band"]),
    ("kind: zone.entered, zone: yard, min_score: 0.9", "xxxxx", ["min_score", "min_score", "min_score", "min_score", "min_score"]),
    ("kind: zone.entered, zone: yard, active: 12:00-13:00", "xx", ["active", "active"]),
    ("kind: zone.entered, zone: yard, still: ignore", "xx", ["still", "still"]),
    ("kind: zone.entered, zone: yard, min_size: 20%", "xx", ["min_size", "min_size"]),
  ])
  func firstFailed(rule: String, track: String, failing: [String]) throws {
    #expect(try Self.failing(rule, track) == failing)
  }

  @Test("A track of another query fails there")
  func otherQuery() throws {
    #expect(try Self.failing("kind: zone.entered, zone: yard", "xx", query: 1) == ["query", "query"])
  }

  @Test("Values, what is needed, since when, and what the setting would have to be")
  func measured() throws {
    let standing = try #require(try Self.standings("kind: zone.entered, zone: yard", "oxxx")[2])
    let hold = try #require(standing.firstFailed)
    // The border was crossed at 100 ms.
    #expect(hold.value == .time(.milliseconds(300)) && hold.needed == .time(.milliseconds(600)))
    #expect(hold.since == MediaTime(nanoseconds: 100_000_000) && hold.remedy == .write("300ms"))
    #expect(standing.sight?.isDetected == true && standing.sight?.anchor == Point(x: 0.7, y: 0.5))
    let outside = try #require(try Self.standings("kind: zone.entered, zone: yard", "o")[0]?.firstFailed)
    #expect(outside.value?.text == "14.14%" && outside.remedy == nil)
  }

  @Test("What ends a visit: beyond the margin, for the exit hold")
  func endConditions() throws {
    let standings = try Self.standings("kind: zone.entered, zone: yard", "oxxxxmo")
    let within = try #require(standings[5]?.toEnd), beyond = try #require(standings[6]?.toEnd)
    #expect(within.map(\.isMet) == [false, false] && within[1].since == nil)
    #expect(beyond.map(\.isMet) == [true, false] && beyond[1].since != nil)
  }

  @Test("A setting is changed as if it stood in the file, and an impossible one is refused")
  func changes() throws {
    let rules = try RuleSet.parse(Self.zone + "rules: [{id: r, kind: zone.entered, zone: yard, cooldown: 1m}]", file: "r.yaml", queries: nil)
    let changed = try rules.changed([SettingChange(.rule("r", key: "enter_hold"), "1s"), SettingChange(.rule("r", key: "cooldown"), nil),
                                     SettingChange(.zone("yard"), "[[0, 0], [1, 0], [1, 1]]")])
    #expect(changed.settings(of: "r").map { "\($0.key) \($0.text)" } == ["zone yard", "enter_hold 1s", "exit_hold 2s", "margin 1%", "anchor bottom_center"])
    #expect(changed.zones[0].points.count == 3)
    #expect(throws: ConfigurationError.self) { try rules.changed([SettingChange(.rule("r", key: "enter_hold"), "soon")]) }
  }
}
