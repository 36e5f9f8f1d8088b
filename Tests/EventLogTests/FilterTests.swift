import EventLog
import Foundation
import Scene
import Testing

@Suite struct FilterTests {
  /// The sample crossing, a zone event of another stream without an object, and a loitering alert.
  static func lines() throws -> [String] {
    let yard = StreamContext(stream: "yard \"ü\"", session: 3, timeBase: Rational(1, 25), timeSource: .file, epoch: 0)
    let occupancy = Event(type: .zoneOccupancy, subject: "zone/yard", mediaTime: MediaTime(seconds: 60),
                          rule: RuleReference(id: "full", kind: "zone.occupancy"), query: QueryReference(id: "person", text: "a person"))
    var loiterer = event(5, severity: .alert)
    loiterer.type = .zoneLoitering
    loiterer.subject = "track/1-5"
    loiterer.details = [Detail("zone", .text("yard"))]
    return try [line(crossing), line(occupancy, in: yard), line(loiterer)].map { String($0.dropLast()) }
  }

  static func passing(_ filter: EventFilter, _ lines: [String]) -> String {
    let prepared = PreparedFilter(filter)
    return lines.enumerated().compactMap { index, line in
      Array(line.utf8).withUnsafeBytes { prepared.matches($0) } ? "\(index)" : nil
    }.joined()
  }

  static let rows: [(name: String, ask: @Sendable (inout EventFilter) -> Void, passing: String)] = [
    ("nothing asked", { _ in }, "012"),
    ("type", { $0.types = ["line.crossed"] }, "0"),
    ("type with its prefix", { $0.types = ["owlwatch.zone.occupancy"] }, "1"),
    ("family", { $0.types = ["zone"] }, "12"),
    ("family with a star", { $0.types = ["zone.*"] }, "12"),
    ("one type of two", { $0.types = ["line.crossed", "zone.loitering"] }, "02"),
    ("half a type is no family", { $0.types = ["zon"] }, ""),
    ("half a type is no type", { $0.types = ["line.cross"] }, ""),
    ("rule", { $0.rules = ["gate-in"] }, "02"),
    ("query", { $0.queries = ["person"] }, "1"),
    ("stream", { $0.streams = ["gate-cam"] }, "02"),
    ("stream that needs escapes", { $0.streams = ["yard \"ü\""] }, "1"),
    ("beginning of a stream", { $0.streams = ["gate"] }, ""),
    ("track", { $0.tracks = ["7-12"] }, "0"),
    ("beginning of a track", { $0.tracks = ["7-1"] }, ""),
    ("zone as subject and in the data", { $0.zones = ["yard"] }, "12"),
    ("score reached exactly", { $0.minimumScore = 0.31 }, "02"),
    ("score not reached", { $0.minimumScore = 0.3101 }, ""),
    ("severity", { $0.minimumSeverity = .warning }, "2"),
    ("since, inclusive", { $0.since = 1_777_889_472_345_000_000 }, "0"),
    ("since a moment later", { $0.since = 1_777_889_472_345_000_001 }, ""),
    ("until, exclusive", { $0.until = 60_000_000_000 }, ""),
    ("until a moment later", { $0.until = 60_000_000_001 }, "1"),
    ("both must hold", { $0.types = ["line.crossed"]; $0.queries = ["person"] }, ""),
  ]

  @Test(arguments: rows.indices)
  func table(row: Int) throws {
    var filter = EventFilter()
    Self.rows[row].ask(&filter)
    #expect(Self.passing(filter, try Self.lines()) == Self.rows[row].passing, "\(Self.rows[row].name)")
  }

  @Test func shadowsAreShownHiddenOrAlone() throws {
    var trial = crossing
    trial.isShadow = true
    var named = crossing
    named.details.append(Detail("note", .text(#""shadow":true"#)))
    let lines = try Self.lines() + [String(line(trial).dropLast()), String(line(named).dropLast())]
    for (shadows, passing) in [(EventFilter.Shadows.show, "01234"), (.hide, "0124"), (.only, "3")] {
      var filter = EventFilter()
      filter.shadows = shadows
      #expect(Self.passing(filter, lines) == passing)
    }
  }

  @Test func keysInAnotherOrderAndSpacesAreRead() {
    let foreign = #"{ "data" : {"object":{"score":0.5,"track":"1-2"}, "rule":{"kind":"x","id":"\u0067ate-in"}}, "type":"owlwatch.line.crossed", "specversion":"1.0"}"#
    var filter = EventFilter()
    filter.types = ["line.crossed"]
    filter.rules = ["gate-in"]
    filter.tracks = ["1-2"]
    filter.minimumScore = 0.5
    #expect(Self.passing(filter, [foreign]) == "0")
  }

  @Test func valuesThatLookLikeFieldsAreNotFields() throws {
    var event = crossing
    event.query?.text = #"","type":"owlwatch.zone.entered","x":""#
    event.details = [Detail("note", .fields([Detail("type", .text("owlwatch.zone.entered")), Detail("rule", .text("other"))]))]
    var filter = EventFilter()
    filter.types = ["zone.entered"]
    #expect(Self.passing(filter, [try line(event).trimmingCharacters(in: .newlines)]) == "")
    filter.types = ["line.crossed"]
    filter.rules = ["gate-in"]
    #expect(Self.passing(filter, [try line(event).trimmingCharacters(in: .newlines)]) == "0")
  }

  /// Whatever stands in a line, looking at it ends, and never beyond its end.
  @Test func mutatedLinesAreSurvived() throws {
    var random = SeededGenerator(seed: 7)
    let lines = try Self.lines().map { Array($0.utf8) }
    var filter = EventFilter()
    filter.types = ["zone"]
    filter.zones = ["yard"]
    filter.minimumScore = 0.1
    filter.since = 0
    let prepared = PreparedFilter(filter)
    var matched = 0, decoded = 0
    for _ in 0..<20_000 {
      var line = lines.randomElement(using: &random)!
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<line.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: line[place] = UInt8.random(in: 0...255, using: &random)
        case 1: line.remove(at: place)
        case 2: line.insert("\"\\{}[],:".utf8.randomElement(using: &random)!, at: place)
        default: line.removeSubrange(place...)
        }
        if line.isEmpty { line = [0] }
      }
      line.withUnsafeBytes {
        if prepared.matches($0) { matched += 1 }
        if LoggedEvent(line: $0) != nil { decoded += 1 }
        var output: [UInt8] = []
        var formatter = LineFormatter(.text)
        formatter.append($0, to: &output)
      }
    }
    #expect(matched > 100 && decoded > 1000)
    let deep = Array((#"{"specversion":"1.0","data":"# + String(repeating: "[", count: 1_000_000)).utf8)
    deep.withUnsafeBytes {
      #expect(!prepared.matches($0))
      #expect(LoggedEvent(line: $0) == nil)
    }
  }

  @Test(arguments: [
    ("2026-05-04T10:11:12.345Z", 1_777_889_472_345_000_000), ("2026-05-04T12:11:12.345+02:00", 1_777_889_472_345_000_000),
    ("2026-05-04T10:11:12", 1_777_889_472_000_000_000), ("2026-05-04 10:11", 1_777_889_460_000_000_000), ("2026-05-04", 1_777_852_800_000_000_000),
    ("10m", 400_000_000_000), ("1h", -2_600_000_000_000), ("500ms", 999_500_000_000),
  ] as [(String, Int64)])
  func timesAreRead(text: String, nanoseconds: Int64) throws {
    #expect(try EventFilter.time(text, now: 1_000_000_000_000) == nanoseconds)
  }

  @Test(arguments: ["", "yesterday", "2026-13-01", "2026-02-30", "2026-05-04T25:00", "2026-05-04T10:11:12.Z", "2026-05-04T10:11+2", "10", "-5m", "9999-01-01"])
  func otherTextIsNoTime(text: String) {
    #expect(throws: EventLogError.self) { try EventFilter.time(text, now: 0) }
  }
}

struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }
  mutating func next() -> UInt64 {
    // xorshift64*, Vigna 2016.
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return state &* 0x2545_F491_4F6C_DD1D
  }
}
