import Foundation
import Testing

@Suite(.enabled(if: SmallDisk.canMount, "unshare can mount no tmpfs here")) struct FullDiskTests {
  private func names(_ folder: String) throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder) }

  @Test(arguments: ["--tensors", "--annotate"]) func nothingHalfIsLeftBehind(flag: String) throws {
    let scratch = try Scratch()
    let words = ["detect", "--model", SmallModel.golden + "/owlvit-odd", "--query", "cat", "--look", "whole", try scratch.picture(width: 400, height: 300), flag, "out"]
    let full = try SmallDisk.run(words, kilobytes: 8, in: scratch)
    #expect(full.result.status == 73 || full.result.status == 74, "\(full.result)")
    #expect(full.result.errors.split(separator: "\n").count == 1 && full.result.errors.contains("out") && full.result.errors.contains("No space left"), "\(full.result.errors)")
    #expect(try names(full.left).isEmpty)
    let roomy = try SmallDisk.run(words, kilobytes: 4096, in: scratch)
    #expect(try roomy.result.status == 0 && names(roomy.left) == ["out"], "\(roomy)")
  }

  /// And in the log, which lies where there is room, all that had started ends.
  @Test func aRecordingEndsWithAWholeLine() throws {
    let scratch = try Scratch(), log = scratch.path + "/events.jsonl"
    let words = ["analyze", Owlwatch.clip, "--query", "car", "--every", "100ms", "--record-detections", "detections.jsonl", "--output", log]
    let full = try SmallDisk.run(words, kilobytes: 16, in: scratch)
    #expect(full.result.status == 74)
    #expect(full.result.errors.split(separator: "\n").count { $0.contains("detections.jsonl: cannot write the recording: No space left on device; free some room") } == 1, "\(full.result.errors)")
    let kept = try scratch.read("left/detections.jsonl")
    #expect(kept.hasSuffix("}\n") && kept.count > 8000)
    #expect(try Owlwatch.run("replay", "--detections", full.left + "/detections.jsonl").status == 0)
    let phases = try Owlwatch.run("tail", log).events.compactMap(\.phase)
    #expect(!phases.isEmpty && phases.count { $0 == "start" } == phases.count { $0 == "end" }, "\(phases)")
  }
}
