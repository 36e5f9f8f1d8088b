import Foundation
import Testing

/// Recordings and MOT text through `replay`.
@Suite struct ReplayTests {
  static let mot = ["--fps", "10", "--size", "768x576", "--query", "person"]

  @Test func aRowIsADetectedBoxOfAConfirmedTrack() throws {
    let scratch = try Scratch()
    let rows = (1...20).map { "\($0),7,\(100 + 10 * $0),100,40,80,1,-1,-1,-1" }
    let tracks = try scratch.file("gt.txt", rows.joined(separator: "\n") + "\n")
    let rules = try scratch.file("gate.yaml", "size: 768x576\nlines: {gate: [[220, 0], [220, 576]]}\nrules:\n  - {id: gate, kind: line.crossed, line: gate}\n")
    let result = try Owlwatch.run(["replay", "--tracks", tracks, "--rules", rules] + Self.mot)
    #expect(result.status == 0 && result.errors.isEmpty)
    // The feet stand on the line, 220, on frame 10; beyond its band (1 % of 960 pixels) on frame 11; and 400 ms later it is told.
    #expect(result.output == """
      {"specversion":"1.0","id":"\(result.events.first?["id"] as? String ?? "")","source":"urn:owlwatch:gt","type":"owlwatch.line.crossed",\
      "subject":"line/gate","time":"1970-01-01T00:00:00.900Z","datacontenttype":"application/json","data":{"seq":1,"session":1,"media_time":0.900,"pts":14,\
      "time_base":"1/10","time_source":"media","rule":{"id":"gate","kind":"line.crossed"},"query":{"id":"person","text":"person"},\
      "object":{"track":"1-7","score":1,"detected":true,"box":{"left":0.3255,"top":0.1736,"right":0.3776,"bottom":0.3125}},"direction":"left","count":1}}

      """, "\(result.output)")
  }

  @Test func theLogMayBeAFile() throws {
    let scratch = try Scratch()
    let tracks = try scratch.file("gt.txt", (1...30).map { "\($0),1,100,100,40,80,1\n" }.joined())
    let log = scratch.path + "/events.jsonl"
    let printed = try Owlwatch.run(["replay", "--tracks", tracks] + Self.mot)
    let written = try Owlwatch.run(["replay", "--tracks", tracks, "--output", log] + Self.mot)
    #expect(printed.lines.count == 2 && written.status == 0 && written.output.isEmpty)
    #expect(try scratch.read("events.jsonl") == printed.output)
  }

  /// MOT text keeps boxes alone: with every frame looked at, that is all there is to know, but for when a track came to be believed,
  /// and with it the order in which events are told.
  @Test func anAnalysisRecordedAsTextReplaysToTheSameEvents() throws {
    let scratch = try Scratch()
    let detections = scratch.path + "/d.txt", tracks = scratch.path + "/t.txt"
    let analysed = try Owlwatch.run("analyze", Owlwatch.clip, "--query", "car", "--sample", "all", "--to", "10s", "--threshold", "0.5",
                                    "--record-detections", detections, "--record-tracks", tracks)
    #expect(analysed.status == 0)
    func told(_ result: Owlwatch.Result) -> [String] {
      result.events.map { "\($0.type) \($0.track ?? "") \(($0.mediaTime * 100).rounded())" }
    }
    #expect(told(analysed).count >= 2)
    let text = ["--fps", "12.5", "--size", "768x432", "--query", "car"]
    let again = try Owlwatch.run(["replay", "--detections", detections, "--threshold", "0.5"] + text)
    #expect(told(again) == told(analysed))
    #expect(told(try Owlwatch.run(["replay", "--tracks", tracks] + text)).sorted() == told(analysed).sorted())
  }

  @Test(.enabled(if: TestData.isThere, "OWLWATCH_TESTDATA names no folder with test material"))
  func realDetectionsGiveTheSameBytesOnEveryRun() throws {
    let arguments = try ["replay", "--detections", TestData.path("e2e/PETS09-S2L1/det/det.txt"), "--rules", Owlwatch.root.appending(path: "Rules/gate.yaml").path] + Self.mot
    let first = try Owlwatch.run(arguments)
    #expect(first.status == 0 && first.events.count { $0.type == "owlwatch.line.crossed" } > 10)
    #expect(try Owlwatch.run(arguments).output == first.output)
  }
}

/// PETS09-S2L1's ground truth through the binary, against crossings and stays that others derived from it, frame by frame.
@Suite(.enabled(if: TestData.isThere, "OWLWATCH_TESTDATA names no folder with test material")) struct PETSReplayTests {
  struct Derived: Decodable {
    struct Crossing: Decodable { var frame: Int, id: Int, dir: String }
    var line_crossings: [Crossing]
    var zone_intervals_frames: [String: [[Int]]]
    var zone_rect: [Int]
  }
  /// What happened to whom on which frame.
  struct Fact: Hashable, CustomStringConvertible {
    var what: String, track: Int, frame: Int
    var description: String { "\(what) of \(track) on frame \(frame)" }
  }

  static func derived() throws -> Derived {
    try JSONDecoder().decode(Derived.self, from: Data(contentsOf: URL(filePath: TestData.path("e2e/PETS09-S2L1/derived_events.json"))))
  }

  static func truth(_ derived: Derived) -> [Fact] {
    derived.line_crossings.map { Fact(what: $0.dir == "L->R" ? "left" : "right", track: $0.id, frame: $0.frame) }
      + derived.zone_intervals_frames.flatMap { id, intervals in
        intervals.flatMap { [Fact(what: "entered", track: Int(id)!, frame: $0[0]), Fact(what: "exited", track: Int(id)!, frame: $0[1])] }
      }
  }

  static func replay(_ derived: Derived, zone: String, line: String, of recording: (flag: String, file: String) = ("--tracks", "gt/gt.txt")) throws -> [Fact] {
    let scratch = try Scratch(), r = derived.zone_rect
    let rules = try scratch.file("pets.yaml", """
      size: 768x576
      zones: {yard: [[\(r[0]), \(r[1])], [\(r[2]), \(r[1])], [\(r[2]), \(r[3])], [\(r[0]), \(r[3])]]}
      lines: {gate: [[384, 0], [384, 576]]}
      rules:
        - {id: yard, kind: zone.entered, zone: yard\(zone)}
        - {id: gate, kind: line.crossed, line: gate\(line)}

      """)
    let result = try Owlwatch.run(["replay", recording.flag, TestData.path("e2e/PETS09-S2L1/" + recording.file), "--rules", rules] + ReplayTests.mot)
    try #require(result.status == 0, "\(result.errors)")
    return result.events.map { event in
      let what = event.data["direction"] as? String ?? String(event.type.dropFirst("owlwatch.zone.".count))
      return Fact(what: what, track: Int(event.track?.split(separator: "-").last ?? "") ?? -1, frame: Int((event.mediaTime * 10).rounded()) + 1)
    }
  }

  /// Pairs facts off, frames one apart counting as the same; gives what is left of both.
  static func unmatched(_ truth: [Fact], _ told: [Fact]) -> (missing: [Fact], invented: [Fact]) {
    var told = told, missing: [Fact] = []
    for fact in truth {
      let near = told.indices.filter { told[$0].what == fact.what && told[$0].track == fact.track && abs(told[$0].frame - fact.frame) <= 1 }
      if let index = near.min(by: { abs(told[$0].frame - fact.frame) < abs(told[$1].frame - fact.frame) }) { told.remove(at: index) } else { missing.append(fact) }
    }
    return (missing, told)
  }

  @Test func withoutHoldsEveryCrossingAndStayIsFoundAndNoneIsInvented() throws {
    let derived = try Self.derived()
    let told = try Self.replay(derived, zone: ", enter_hold: 0s, exit_hold: 0s, margin: 0", line: ", hold: 0s, band: 0")
    let (missing, invented) = Self.unmatched(Self.truth(derived), told)
    #expect(Self.truth(derived).count == 84)
    #expect(missing.isEmpty && invented.isEmpty, "missing \(missing), invented \(invented)")
  }

  /// With the holds that rules have by default, two things are too short: a crossing three frames before the end, and an
  /// absence of 1.9 s within a stay.
  @Test func withHoldsWhatIsLongerThanTheyAreIsFound() throws {
    let derived = try Self.derived()
    let (missing, invented) = try Self.unmatched(Self.truth(derived), Self.replay(derived, zone: "", line: ""))
    #expect(Set(missing) == [Fact(what: "left", track: 4, frame: 792), Fact(what: "exited", track: 1, frame: 728), Fact(what: "entered", track: 1, frame: 747)])
    #expect(invented.isEmpty, "\(invented)")
  }

  /// A detector's boxes have other tracks and less certain feet, and some have nobody in them: 29 of the 32 crossings are told within half a
  /// second, and sixteen besides (eleven if no lost track were taken up again: with boxes as doubtful as these, some are the wrong ones).
  @Test func detectionsTellTheSameCrossings() throws {
    let derived = try Self.derived()
    var told = try Self.replay(derived, zone: "", line: "", of: ("--detections", "det/det.txt")).filter { ["left", "right"].contains($0.what) }
    let count = told.count
    let missing = derived.line_crossings.filter { truth in
      let near = told.firstIndex { $0.what == (truth.dir == "L->R" ? "left" : "right") && abs($0.frame - truth.frame) <= 5 }
      if let near { told.remove(at: near) }
      return near == nil
    }
    #expect(missing.count <= 3 && told.count <= 16, "of \(count) told: missing \(missing), beyond the truth \(told)")
  }
}
