import Foundation
import Testing

/// The power goes: what was not synced may be gone, in each of the ways in which disks lose it. What `--sync` promises holds; what is left is how the log
/// began; and the work, begun once more, gives the undisturbed log.
@Suite struct PowerCutTests {
  private static let rounds = max(4, KillTests.kills / 10)

  /// Cuts the power once, and lets the work be done once more.
  /// - Returns: the log's lines as they were written, and how many of them are left; nil where it came to its end before.
  private func cut(_ job: DisturbedJob, at change: Int, plan: String = "", _ remains: FaultyDisk.Remains, in scratch: Scratch) throws -> (written: [String], kept: Int)? {
    let folder = try scratch.folder("disturbed"), disk = try scratch.folder("disk")
    guard try job.isKilled(in: folder, plan: "kill=\(change),\(plan)", disk: disk) else { return nil }
    let written = try lines(folder)
    try FaultyDisk.cut(folder, disk: disk, leaving: remains)
    let kept = try lines(folder)
    #expect(written.starts(with: kept), "killed at \(change), \(plan), \(remains): what is left is not how the log began")
    try job.finish(in: folder, "killed at \(change), \(plan), \(remains)")
    return (written, kept.count)
  }

  private func changes(_ job: DisturbedJob, from share: Double = 0, seed: UInt64) -> [Int] {
    var random = SplitMix(state: seed)
    return (0..<Self.rounds).map { _ in 1 + Int((share + random.unit() * (1 - share)) * Double(job.changes - 1)) }
  }

  /// Whole lines of all parts, in order.
  private func lines(_ folder: String) throws -> [String] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    guard names.contains(where: { $0 == "events.jsonl" || $0.hasSuffix(".jsonl.gz") || $0.hasSuffix("Z.jsonl") }) else { return [] }
    let told = try Owlwatch.run("tail", folder + "/events.jsonl", "--format", "json")
    #expect(told.status == 0, "\(told.errors)")
    return told.lines
  }

  /// All but what one `append` was about: the events of a keyframe, and a part's first line.
  @Test(arguments: FaultyDisk.Remains.allCases, [[], KillTests.rotation]) func syncedEachTimeNothingIsLost(remains: FaultyDisk.Remains, flags: [String]) throws {
    let scratch = try Scratch(), job = try DisturbedJob(KillTests.replay(scratch) + flags + ["--sync", "each"], in: scratch)
    for change in changes(job, seed: 7) {
      guard let (written, kept) = try cut(job, at: change, remains, in: scratch) else { continue }
      #expect(written.count - kept <= Crowd.mostAtOnce, "\(change): \(written.count - kept) lines lost")
    }
  }

  /// A line takes 20 ms, so that 400 ms are 20 lines; twice as many where the machine is slow to wake.
  @Test(arguments: FaultyDisk.Remains.allCases) func syncedAfterAWhileThatWhileIsLost(remains: FaultyDisk.Remains) throws {
    let scratch = try Scratch()
    let job = try DisturbedJob(KillTests.replay(scratch, rules: Crowd.rulesWithoutAlerts) + ["--sync", "400ms"], in: scratch)
    for change in changes(job, from: 0.6, seed: 8).prefix(4) {
      let (written, kept) = try #require(try cut(job, at: change, plan: "slow=20", remains, in: scratch))
      #expect(written.count > 60 && written.count - kept <= 40 + Crowd.mostAtOnce, "\(change): \(written.count - kept) of \(written.count) lines lost")
    }
  }

  /// Under every policy: an alert, and what came before it.
  @Test(arguments: FaultyDisk.Remains.allCases, ["1s", "never"]) func noAlertIsLost(remains: FaultyDisk.Remains, policy: String) throws {
    let scratch = try Scratch(), job = try DisturbedJob(KillTests.replay(scratch) + ["--sync", policy], in: scratch)
    var lost = 0
    for change in changes(job, seed: 9) {
      guard let (written, kept) = try cut(job, at: change, remains, in: scratch) else { continue }
      lost = max(lost, written.count - kept)
      #expect(!written.dropFirst(kept).dropLast(Crowd.mostAtOnce).contains { $0.contains(#""severity":"alert""#) }, "\(change)")
    }
    #expect(lost > 0)
  }

  /// What is lost then may be all of the current part; parts before it are on the disk.
  @Test(arguments: FaultyDisk.Remains.allCases) func neverSyncedTheCurrentPartIsLost(remains: FaultyDisk.Remains) throws {
    let scratch = try Scratch()
    let job = try DisturbedJob(KillTests.replay(scratch, rules: Crowd.rulesWithoutAlerts) + ["--sync", "never", "--rotate-size", "20KB"], in: scratch)
    let lost = try changes(job, from: 0.3, seed: 10).map { change -> Int? in
      guard let (written, kept) = try cut(job, at: change, remains, in: scratch) else { return nil }
      return written.dropFirst(kept).reduce(0) { $0 + $1.utf8.count + 1 }
    }
    let sizes = lost.compactMap(\.self)
    #expect(sizes.allSatisfy { $0 <= 20_000 } && sizes.contains { $0 > 1000 }, "bytes lost: \(lost), nil where it came to its end; \(job.changes) changes")
  }

  /// What a failed sync did not save counts as saved for the kernel. It is written once more, or it would be a hole in the log: also where the sync
  /// behind the worker's back fails while the worker goes on.
  @Test(arguments: [Crowd.rules, Crowd.rulesWithoutAlerts], ["", "slow=2"]) func whatAFailedSyncLeftIsNoHole(rules: String, pace: String) throws {
    let scratch = try Scratch(), job = try DisturbedJob(KillTests.replay(scratch, rules: rules) + ["--sync", "1ms"], in: scratch)
    var lasted = 0
    for (round, change) in changes(job, from: 0.5, seed: 11).enumerated() {
      if try cut(job, at: change, plan: "broken=\(20 + round)+2,\(pace)", .names, in: scratch) != nil { lasted += 1 }
    }
    #expect(lasted > 1)
  }

  /// A checkpoint counts on the log's bytes and the recording's: it is there after them, or not at all.
  @Test(arguments: FaultyDisk.Remains.allCases) func anAnalysisGoesOnFromWhatIsLeft(remains: FaultyDisk.Remains) throws {
    let scratch = try Scratch(), job = try DisturbedJob(KillTests.analysis + ["--sync", "never", "--rotate-size", "2KB"], in: scratch)
    for change in changes(job, from: 0.2, seed: 12).prefix(max(2, Self.rounds / 4)) { _ = try cut(job, at: change, remains, in: scratch) }
  }
}
