import Configuration
import EventLog
import Scene

/// Reads `tests` of a rule file.
struct RuleTestReader {
  static let standardInterval = MediaInterval.milliseconds(200)
  static let standardTolerance = MediaInterval.milliseconds(200)
  static let standardScore = 0.9
  static let standardSize = Point(x: 0.05, y: 0.1)
  /// A test is no soak: a keyframe is judged in microseconds, a million in a second.
  static let keyframeLimit: Int64 = 1_000_000

  let rules: RuleSet
  /// What tracks may be, as the rules write it.
  let queries: [String]

  init(_ rules: RuleSet) {
    self.rules = rules
    queries = rules.testQueries
  }

  func test(_ node: ConfigurationNode) throws(ConfigurationError) -> RuleTest {
    let fields = try node.fields(known: RuleTestFields.test.map(\.name), of: "a test")
    let every = try fields["every"]?.duration(atLeast: .milliseconds(1)) ?? Self.standardInterval
    var actors: [RuleTest.Actor] = []
    for element in try fields.required("tracks").list(of: "tracks") { actors.append(try actor(element, number: actors.count + 1)) }
    var gaps: [(from: MediaTime, to: MediaTime)] = []
    for element in try fields["gaps"]?.list(of: "gaps") ?? [] { gaps.append(try gap(element, after: gaps.last?.to)) }
    let lastPoint = actors.map(\.last).max() ?? .zero
    let until = try fields["until"].map { node throws(ConfigurationError) in MediaTime.zero + (try node.duration()) } ?? lastPoint
    guard (until - MediaTime.zero).nanoseconds / every.nanoseconds < Self.keyframeLimit else {
      throw node.mistake("the timeline has more than \(Self.keyframeLimit) keyframes", suggestion: "shorten it, or make 'every' longer")
    }
    let start = try fields["start"].map { node throws(ConfigurationError) in try cameraTime(node) } ?? 0
    let required = try fields.required("expect")
    var expected: [RuleTest.Expectation] = []
    for element in try required.list(of: "events") { expected.append(try expectation(element, actors)) }
    let watched = try watchedRules(fields["rules"], expected)
    return RuleTest(name: try fields.required("name").text(), line: node.line, every: every, start: start, until: until, actors: actors, gaps: gaps,
                    expected: expected, watched: watched)
  }

  private func cameraTime(_ node: ConfigurationNode) throws(ConfigurationError) -> Int64 {
    let text = try node.text()
    guard MediaInterval(text: text) == nil, let time = try? EventFilter.time(text) else {
      throw node.mistake("'\(text)' is no point in time", suggestion: "write 2026-05-04T22:00:00Z")
    }
    return time
  }

  private func watchedRules(_ node: ConfigurationNode?, _ expected: [RuleTest.Expectation]) throws(ConfigurationError) -> Set<String> {
    guard let node else { return Set(expected.isEmpty ? rules.ruleIDs : expected.map(\.rule)) }
    var watched = Set(expected.map(\.rule))
    for element in try node.oneOrMore(of: "rules") { watched.insert(try ruleID(element)) }
    return watched
  }

  private func ruleID(_ node: ConfigurationNode) throws(ConfigurationError) -> String { try node.choice(rules.ruleIDs, what: "rule") }

  private func gap(_ node: ConfigurationNode, after last: MediaTime?) throws(ConfigurationError) -> (from: MediaTime, to: MediaTime) {
    let ends = try node.list(of: "times")
    guard ends.count == 2 else { throw node.mistake("a gap has two ends", suggestion: "write [2s, 5s]") }
    let from = MediaTime.zero + (try ends[0].duration()), to = MediaTime.zero + (try ends[1].duration())
    guard from < to, last.map({ $0 <= from }) ?? true else {
      throw node.mistake("a gap ends after it begins, and begins after the one before it", suggestion: "write [2s, 5s]")
    }
    return (from, to)
  }

  private func expectation(_ node: ConfigurationNode, _ actors: [RuleTest.Actor]) throws(ConfigurationError) -> RuleTest.Expectation {
    let fields = try node.fields(known: RuleTestFields.expectation.map(\.name), of: "an expected event")
    var details: [(key: String, value: String)] = []
    for key in ["direction", "count"] { if let value = fields[key] { details.append((key, try value.text())) } }
    for field in try fields["data"]?.mapping(of: "data") ?? [] { details.append((field.key, try field.value.text())) }
    return RuleTest.Expectation(
      line: node.line, rule: try ruleID(fields.required("rule")), at: .zero + (try fields.required("at").duration()),
      within: try fields["within"]?.duration() ?? Self.standardTolerance,
      type: try word(fields, "type"), phase: try word(fields, "phase"), reason: try word(fields, "reason"), severity: try word(fields, "severity"),
      actor: try fields["track"].map { track throws(ConfigurationError) in
        let id = try track.choice(actors.map(\.id), what: "track")
        return actors.firstIndex { $0.id == id }!
      }, details: details)
  }
}

extension RuleTestReader {
  private func word<Word: RawRepresentable & CaseIterable>(_ fields: ConfigurationFields, _ key: String) throws(ConfigurationError) -> Word? where Word.RawValue == String {
    guard let word = try fields[key]?.choice(Word.allCases.map(\.rawValue), what: key) else { return nil }
    return Word(rawValue: word)
  }
}

// Tracks of a test.
extension RuleTestReader {
  private func actor(_ node: ConfigurationNode, number: Int) throws(ConfigurationError) -> RuleTest.Actor {
    let fields = try node.fields(known: RuleTestFields.track.map(\.name), of: "a track")
    let query = try fields["query"]?.choice(queries, what: "query") ?? queries[0]
    let points: [RuleTest.Waypoint]
    if let boxes = fields["boxes"] {
      if let other = fields["path"] ?? fields["box"] { throw other.mistake("'boxes' says where the track is already", suggestion: "keep one of them") }
      points = try waypoints(boxes) { node throws(ConfigurationError) in try box(node) }
    } else {
      points = try path(fields)
    }
    guard points.first?.box != nil, points.last?.box != nil else { throw node.mistake("a track begins and ends where it is seen", suggestion: "give the first and the last point a place") }
    return RuleTest.Actor(id: try fields["id"]?.identifier() ?? String(number), query: queries.firstIndex(of: query)!,
                          score: try fields["score"]?.share() ?? Self.standardScore, points: points)
  }

  private func path(_ fields: ConfigurationFields) throws(ConfigurationError) -> [RuleTest.Waypoint] {
    let size = try fields["box"].map { node throws(ConfigurationError) in normalised(try node.point()) } ?? Self.standardSize
    guard size.x > 0, size.y > 0 else { throw fields["box"]!.mistake("a box is wider and higher than nothing") }
    return try waypoints(fields.required("path")) { node throws(ConfigurationError) in
      let foot = normalised(try node.point())
      return Box(left: foot.x - size.x / 2, top: foot.y - size.y, right: foot.x + size.x / 2, bottom: foot.y)
    }
  }

  private func box(_ node: ConfigurationNode) throws(ConfigurationError) -> Box {
    let sides = try node.list(of: "sides")
    guard sides.count == 4 else { throw node.mistake("a box is four numbers, [left, top, right, bottom]") }
    let start = normalised(Point(x: try sides[0].number(), y: try sides[1].number()))
    let end = normalised(Point(x: try sides[2].number(), y: try sides[3].number()))
    guard start.x < end.x, start.y < end.y else { throw node.mistake("the box has no area", suggestion: "write [left, top, right, bottom]") }
    return Box(left: start.x, top: start.y, right: end.x, bottom: end.y)
  }

  private func waypoints(_ node: ConfigurationNode, _ place: (ConfigurationNode) throws(ConfigurationError) -> Box) throws(ConfigurationError) -> [RuleTest.Waypoint] {
    var points: [RuleTest.Waypoint] = []
    for field in try node.mapping(of: "points in time") {
      guard let time = MediaInterval(text: field.key) else {
        throw ConfigurationError(file: node.file, line: field.line, column: field.column, key: field.value.path, value: field.key,
                                 problem: "'\(field.key)' is no time", suggestion: "write 0s, 1.5s or 2m")
      }
      if let last = points.last, last.time >= .zero + time { throw field.value.mistake("\(field.key) does not come after the point before it") }
      points.append(RuleTest.Waypoint(time: .zero + time, box: field.value.written == "hidden" ? nil : try place(field.value)))
    }
    guard !points.isEmpty else { throw node.mistake("a track has at least one point", suggestion: "write {0s: [100, 200], 4s: [300, 200]}") }
    return points
  }

  private func normalised(_ p: Point) -> Point {
    rules.size.map { Point(x: p.x / Double($0.width), y: p.y / Double($0.height)) } ?? p
  }
}
