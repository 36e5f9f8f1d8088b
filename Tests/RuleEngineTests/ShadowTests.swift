import EventLog
import RuleEngine
import Scene
import Testing

/// A rule on trial tells what it would have told, and alarms nobody.
@Suite struct ShadowTests {
  static let file = """
    zones: {yard: [[0.5, 0], [1, 0], [1, 1], [0.5, 1]]}
    lines: {gate: [[0.5, 0], [0.5, 1]]}
    rules:
      - {id: real, kind: line.crossed, line: gate, severity: alert, snapshot: true}
      - {id: trial, kind: line.crossed, line: gate, severity: alert, snapshot: true, shadow: true}
    """

  @Test("Both tell the same crossing and count apart; only the real one has a severity and a picture")
  func apart() throws {
    let set = try RuleSet.parse(Self.file, file: "r.yaml", queries: nil)
    let events = try Timeline(rules: Self.file, places: ZoneEnteredTests.places).run("oxxxx").all
    try #require(events.map { $0.rule?.id } == ["real", "trial"])
    #expect(events.map(\.isShadow) == [false, true])
    #expect(events.map(\.severity) == [.alert, nil])
    #expect(events.map { $0.integer("count") } == [1, 1])
    #expect(events.map(set.wantsSnapshot) == [true, false])
    #expect(events[0].mediaTime == events[1].mediaTime)
  }

  @Test("A start that was a shadow's has an end that is")
  func ends() throws {
    let rules = "zones: {yard: [[0.5, 0], [1, 0], [1, 1], [0.5, 1]]}\nrules: [{id: r, kind: zone.entered, zone: yard, shadow: true}]"
    let events = try Timeline(rules: rules, places: ZoneEnteredTests.places).run("oxxxxx!").all
    #expect(events.map(\.phase) == [.start, .end] && events.allSatisfy(\.isShadow))
  }
}
