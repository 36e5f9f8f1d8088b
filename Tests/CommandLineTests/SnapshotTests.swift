import Foundation
import Testing

/// Pictures of events, for rules with `snapshot: true`.
@Suite struct SnapshotTests {
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
