import Foundation
import Testing

/// kill -9 at any instant: at a seeded change of the log's folder (a write then half done; between an event's birth and its line; between the steps of
/// a rotation), and at seeded times. The finished log is byte for byte the undisturbed run's.
///
/// A soak: `OWLWATCH_KILLS=1200 swift test -c release --skip-build --filter KillTests`. Continuous integration kills 50 times.
@Suite(.serialized) struct KillTests {
  static let kills = ProcessInfo.processInfo.environment["OWLWATCH_KILLS"].flatMap { Int($0) } ?? (ProcessInfo.processInfo.environment["CI"] == "true" ? 50 : 20)
  /// Many parts of the crowd's log.
  static let rotation = ["--rotate-size", "12KB"]

  static let analysis = ["analyze", Owlwatch.clip, "--query", "car", "--every", "400ms", "--threshold", "0.5", "--from", "4s", "--to", "18s", "--output", "events.jsonl",
                         "--record-detections", "detections.jsonl", "--record-tracks", "tracks.txt", "--checkpoint-every", "20ms"]

  static func replay(_ scratch: Scratch, rules text: String = Crowd.rules) throws -> [String] {
    let detections = try scratch.file("crowd.txt", Crowd.detections()), rules = try scratch.file("rules.yaml", text)
    return ["replay", "--detections", detections, "--rules", rules, "--output", "events.jsonl"] + Crowd.flags
  }

  @Test(arguments: [[], ["--rotate-size", "2KB"]]) func analyses(flags: [String]) throws {
    let scratch = try Scratch()
    let job = try DisturbedJob(Self.analysis + flags, in: scratch)
    #expect(flags.isEmpty ? job.whole.count == 3 : job.whole.count > 4, "\(job.whole.keys)")
    try soak(job, kills: max(4, Self.kills / 10), seed: 1, byTime: true, in: scratch)
  }

  @Test(arguments: [[], rotation, rotation + ["--sync", "each"], rotation + ["--keep", "40KB"]]) func replays(flags: [String]) throws {
    let scratch = try Scratch()
    let job = try DisturbedJob(Self.replay(scratch) + flags, in: scratch)
    #expect(flags.isEmpty ? job.whole.count == 1 : job.whole.count > 10, "\(job.whole.keys)")
    try soak(job, kills: max(4, Self.kills / 4), seed: 2, byTime: false, in: scratch)
  }

  /// A few kills, then it may finish; until there have been enough.
  private func soak(_ job: DisturbedJob, kills wanted: Int, seed: UInt64, byTime: Bool, in scratch: Scratch) throws {
    var random = SplitMix(state: seed), killed = 0, round = 0
    while killed < wanted {
      let folder = try scratch.folder("killed")
      var plans: [String] = []
      for number in 0..<4 {
        if byTime && number % 2 == 0 {
          let seconds = 0.02 + random.unit() * 1.2
          plans.append("\(seconds) s")
          let running = try Owlwatch.start(job.words, in: folder)
          Thread.sleep(forTimeInterval: seconds)
          running.signal(SIGKILL)
          if DisturbedJob.isKilled(running.finish(), plans[number]) { killed += 1 }
        } else {
          let plan = "kill=\(1 + Int(random.unit() * Double(job.changes)))"
          plans.append(plan)
          if try job.isKilled(in: folder, plan: plan) { killed += 1 }
        }
      }
      try job.finish(in: folder, "seed \(seed), round \(round), killed at \(plans)")
      round += 1
    }
    print("killed \(killed) times in \(round) rounds: \(job.words[0]) \(job.words.suffix(3).joined(separator: " ")), \(job.whole.count) files the same, byte for byte")
  }

  /// A live stream cannot be seen again: what was written stays, what was open ends as `recovered`, numbers go on.
  @Test func watches() throws {
    let scratch = try Scratch(), folder = try scratch.folder("live"), log = folder + "/events.jsonl"
    let stream = try scratch.file("loop.ts")
    let make = Process()
    make.executableURL = URL(filePath: "/usr/bin/env")
    make.arguments = ["ffmpeg", "-v", "error", "-y", "-stream_loop", "3", "-i", Owlwatch.clip, "-an", "-c:v", "mpeg2video", "-q:v", "4", "-f", "mpegts", stream]
    let made = try Running(make).finish()
    try #require(made.status == 0, "\(made.errors)")
    var random = SplitMix(state: 3), killed = 0, before = Data()
    let wanted = max(4, Self.kills / 20)
    let words = ["watch", stream, "--stream", "loop", "--query", "car", "--every", "400ms", "--output", log, "--rotate-size", "8KB"]
    while killed < wanted {
      let plan = "kill=\(4 + Int(random.unit() * 24))"
      let result = try Owlwatch.run(words, in: folder, environment: FaultyDisk.environment(folder, plan: plan))
      #expect(result.status == 128 + SIGKILL, "\(plan): \(result.errors)")
      killed += 1
      let now = Data(try Owlwatch.run("tail", log, "--format", "json").output.utf8)
      #expect(now.starts(with: before), "\(plan): lines that were there are gone or changed")
      before = now
    }
    // Once more, to the end of what it watches.
    let last = try Owlwatch.start(words, in: folder)
    #expect(last.wait(seconds: 60) { $0.errorsSoFar.contains(" up, ") })
    last.signal(SIGTERM)
    #expect(last.finish().status == 128 + SIGTERM)
    try check(Owlwatch.run("tail", log, "--format", "json").events, sessions: killed + 1)
    print("killed \(killed) watches")
  }

  /// Each event once, in order, numbers unbroken, and whatever started ended once.
  private func check(_ events: [[String: Any]], sessions: Int) throws {
    #expect(events.map { $0.data["seq"] as? Int } == Array(1...max(1, events.count)))
    let ids = events.filter { !$0.type.hasSuffix("log.checkpoint") }.compactMap { $0["id"] as? String }
    #expect(Set(ids).count == ids.count)
    let numbers = events.compactMap { $0.data["session"] as? Int }
    #expect(Set(numbers).count <= sessions && numbers.max() ?? 0 > 1)
    var open: Set<String> = []
    for event in events {
      guard let phase = event.phase, let episode = event.data["episode"] as? String else { continue }
      if phase == "start" { #expect(open.insert(episode).inserted, "\(episode) starts twice") }
      if phase == "end" { #expect(open.remove(episode) != nil, "\(episode) ends without a start") }
    }
    #expect(open.isEmpty, "never ended: \(open)")
    #expect(events.contains { $0.reason == "recovered" })
  }

  @Test(arguments: [("settings", ["--threshold", "0.9"]), ("rule file", ["--rules", "rules.yaml"]), ("other.mp4", [])])
  func aCheckpointOfAnotherAnalysisIsRefusedByName(what: String, flags: [String]) throws {
    let scratch = try Scratch(), folder = try scratch.folder("folder")
    _ = try scratch.file("folder/rules.yaml", "rules:\n  - {id: car, kind: object.appeared, query: car}\n")
    let job = try DisturbedJob(Self.analysis, in: scratch)
    #expect(try job.isKilled(in: folder, plan: "kill=\(job.changes / 2)"))
    let left = try DisturbedJob.content(folder)
    var words = job.words
    if flags.isEmpty {
      // The same pictures and an empty box behind them.
      try (Data(contentsOf: URL(filePath: Owlwatch.clip)) + Data([0, 0, 0, 8] + Array("free".utf8))).write(to: URL(filePath: scratch.path + "/" + what))
      words[1] = scratch.path + "/" + what
    }
    let other = try Owlwatch.run(words + flags, in: folder)
    #expect(other.status == 65)
    #expect(other.errors.contains("events.jsonl.checkpoint") && other.errors.contains(what) && other.errors.contains("--restart"), "\(other.errors)")
    #expect(try DisturbedJob.content(folder) == left)
    #expect(try Owlwatch.run(words + flags + ["--restart"], in: folder).status == 0)
    try FileManager.default.removeItem(atPath: folder + "/rules.yaml")
    if flags.isEmpty { return }
    #expect(try Owlwatch.run(job.words + ["--restart"], in: folder).status == 0)
    #expect(try DisturbedJob.content(folder) == job.whole)
  }

  /// Killed before it had anything to go back to, and begun anew over parts that rotation left.
  @Test func restartLeavesNothingOfTheLogBefore() throws {
    let scratch = try Scratch(), folder = try scratch.folder("folder")
    let job = try DisturbedJob(Self.replay(scratch) + Self.rotation, in: scratch)
    #expect(try Owlwatch.run(job.words, in: folder).status == 0)
    #expect(try Owlwatch.run(job.words, in: folder).status == 73)
    #expect(try Owlwatch.run(job.words + ["--restart"], in: folder).status == 0)
    #expect(try DisturbedJob.content(folder) == job.whole)
  }

  @Test func restartTouchesNothingThatIsNoLog() throws {
    let scratch = try Scratch(), folder = try scratch.folder("folder")
    _ = try scratch.file("folder/events.jsonl", "dear diary")
    let result = try Owlwatch.run(try Self.replay(scratch) + ["--restart"], in: folder)
    #expect(result.status == 65 && result.errors.contains("no event log"), "\(result.errors)")
    #expect(try scratch.read("folder/events.jsonl") == "dear diary")
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
