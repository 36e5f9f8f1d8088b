import Foundation
import Testing

/// kill -9 at any instant: the finished log is byte for byte the undisturbed run's.
@Suite struct KillTests {
  /// A soak takes 1,000 and more; continuous integration 50.
  static let kills = ProcessInfo.processInfo.environment["OWLWATCH_KILLS"].flatMap { Int($0) } ?? (ProcessInfo.processInfo.environment["CI"] == "true" ? 50 : 8)

  static func flags(_ log: String) -> [String] {
    ["analyze", Owlwatch.clip, "--query", "car", "--every", "400ms", "--from", "4s", "--to", "18s", "--output", log, "--checkpoint-every", "20ms"]
  }

  @Test func killedAtSeededInstantsTheLogIsTheSame() throws {
    let scratch = try Scratch()
    _ = try Owlwatch.run(Self.flags(scratch.path + "/whole.jsonl"))
    let whole = try scratch.read("whole.jsonl")
    #expect(whole.split(separator: "\n").count >= 6)
    var random = SplitMix(state: 20_260_504), killed = 0, round = 0
    while killed < Self.kills {
      let log = scratch.path + "/killed.jsonl"
      // A few kills in one analysis, then it may finish.
      for _ in 0..<4 {
        let running = try Owlwatch.start(Self.flags(log))
        Thread.sleep(forTimeInterval: 0.02 + random.unit() * 1.2)
        running.signal(SIGKILL)
        if running.finish().status == 128 + SIGKILL { killed += 1 }
      }
      let last = try Owlwatch.run(Self.flags(log))
      // Where the last kill came too late, the analysis was finished already and is not begun anew.
      #expect(last.status == 0 || last.status == 73, "\(last.errors)")
      #expect(try scratch.read("killed.jsonl") == whole, "round \(round)")
      for name in try FileManager.default.contentsOfDirectory(atPath: scratch.path) where name.hasPrefix("killed") {
        try FileManager.default.removeItem(atPath: scratch.path + "/" + name)
      }
      round += 1
    }
  }

  @Test func aCheckpointOfOtherSettingsIsRefusedByName() throws {
    let scratch = try Scratch()
    let log = try scratch.file("events.jsonl")
    let running = try Owlwatch.start(Self.flags(log))
    #expect(running.wait(seconds: 60) { _ in FileManager.default.fileExists(atPath: log + ".checkpoint") })
    running.signal(SIGKILL)
    #expect(running.finish().status == 128 + SIGKILL)
    let other = try Owlwatch.run(Self.flags(log) + ["--threshold", "0.9"])
    #expect(other.status == 65)
    #expect(other.errors.contains("settings") && other.errors.contains("--restart"))
  }
}

/// Small, seeded, the same everywhere.
struct SplitMix {
  var state: UInt64
  mutating func unit() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((z ^ (z >> 31)) >> 11) / 9_007_199_254_740_992
  }
}
