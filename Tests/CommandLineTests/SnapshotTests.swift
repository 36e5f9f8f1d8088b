import Foundation
import Testing

/// `snapshot: true`, with kinds about tracks, zones and ways: the picture is where the event says, as seen from the log.
@Suite struct SnapshotTests {
  static let rules = """
    size: 768x432
    zones: {lane: [[60, 90], [700, 90], [700, 400], [60, 400]]}
    lines: {barrier: [[0, 230], [768, 230]]}
    rules:
      - {id: waits, kind: zone.loitering, zone: lane, query: car, anchor: center, after: 1s, snapshot: true}
      - {id: busy, kind: zone.occupancy, zone: lane, query: car, anchor: center, max: 1, hold: 400ms, snapshot: true}
      - {id: upward, kind: object.wrong_direction, query: car, forbidden: up, snapshot: true}
      - {id: passes, kind: then, first: waits, next: crossed, within: 1m, same: track, snapshot: true}
      - {id: crossed, kind: line.crossed, line: barrier, query: car, anchor: center}
    """

  /// Analyses the sample clip and gives its events, the log being `logs/e.jsonl` in the scratch folder.
  static func events(_ scratch: Scratch, _ more: [String]) throws -> [[String: Any]] {
    try FileManager.default.createDirectory(atPath: scratch.path + "/logs", withIntermediateDirectories: true)
    let rules = try scratch.file("r.yaml", rules), log = scratch.path + "/logs/e.jsonl"
    let result = try Owlwatch.run(["analyze", Owlwatch.clip, "--query", "car", "--every", "200ms", "--from", "4s", "--to", "9s", "--rules", rules, "--output", log, "--restart"] + more)
    #expect(result.status == 0, "\(result.errors)")
    return try Owlwatch.run("tail", log).events
  }

  static func paths(_ events: [[String: Any]]) -> [String: String] {
    Dictionary(events.compactMap { event in
      guard let rule = (event.data["rule"] as? [String: Any])?["id"] as? String, let path = event.data["snapshot"] as? String else { return nil }
      return (rule, path)
    }) { first, _ in first }
  }

  @Test func eachKindThatAsksForItHasItsPictureBesideTheLog() throws {
    let scratch = try Scratch()
    let paths = Self.paths(try Self.events(scratch, []))
    #expect(Set(paths.keys) == ["waits", "busy", "upward", "passes"])
    for path in paths.values {
      #expect(path.hasPrefix("snapshots/") && path.hasSuffix(".png"))
      let picture = try Data(contentsOf: URL(filePath: scratch.path + "/logs/" + path))
      #expect(picture.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    }
  }

  @Test(arguments: [("logs/pictures", "pictures/"), ("logs", ""), ("pictures/gate", "../pictures/gate/"), (".", "../")])
  func aFolderNearTheLogIsNamedFromTheLogSoThatBothCanBeMoved(_ folder: String, _ shown: String) throws {
    let scratch = try Scratch(), other = try Scratch()
    let paths = Self.paths(try Self.events(scratch, ["--snapshots", scratch.path + "/" + folder]))
    try #require(paths.count == 4)
    try FileManager.default.moveItem(atPath: scratch.path, toPath: other.path + "/moved")
    for path in paths.values {
      #expect(path.hasPrefix(shown) && !path.dropFirst(shown.count).contains("/"), "\(path)")
      #expect(FileManager.default.fileExists(atPath: other.path + "/moved/logs/" + path), "\(path)")
    }
  }

  @Test func aFolderElsewhereIsNamedInFull() throws {
    let scratch = try Scratch(), far = try Scratch()
    let paths = Self.paths(try Self.events(scratch, ["--snapshots", far.path + "/pictures"]))
    #expect(paths.count == 4 && paths.values.allSatisfy { $0.hasPrefix(far.path + "/pictures/") && FileManager.default.fileExists(atPath: $0) }, "\(paths)")
  }

  /// An event counts for more than its picture: all events come, the loss is told once.
  @Test func aFolderThatCannotBeMadeCostsNoEvent() throws {
    let scratch = try Scratch(), blocked = try scratch.file("blocked", "a file")
    let rules = Owlwatch.root.appending(path: "Rules/car-park.yaml").path
    let arguments = ["analyze", Owlwatch.clip, "--query", "car", "--rules", rules, "--snapshots"]
    let good = try Owlwatch.run(arguments + [try scratch.file("pictures")])
    let bad = try Owlwatch.run(arguments + [blocked])
    try #require(good.status == 0 && good.output.contains("\"snapshot\":"), "\(good.errors)")
    #expect(bad.status == 0, "\(bad.errors)")
    #expect(bad.lines.count == good.lines.count && !bad.output.contains("\"snapshot\":"))
    let warnings = bad.errors.split(separator: "\n").filter { $0.contains("without the snapshots") }
    #expect(warnings.count == 1 && warnings[0].contains(blocked) && warnings[0].contains("--snapshots") && !bad.errors.contains("NSCocoa"), "\(bad.errors)")
  }
}
