import Foundation
import Testing

/// A disk that takes half, is full, or breaks.
@Suite struct FaultyDiskTests {
  private func job(_ flags: [String], in scratch: Scratch) throws -> DisturbedJob { try DisturbedJob(KillTests.replay(scratch) + flags, in: scratch) }

  @Test(arguments: ["short=7", "interrupted", "short=100,interrupted"]) func halfWritesAndInterruptionsChangeNothing(plan: String) throws {
    let scratch = try Scratch(), folder = try scratch.folder("disturbed")
    let job = try job(KillTests.rotation, in: scratch)
    #expect(try !job.isKilled(in: folder, plan: plan))
    #expect(try DisturbedJob.content(folder) == job.whole)
  }

  /// From the 30th change on the disk refuses four times, two seconds with the default wait.
  @Test(arguments: [("full=30+4", "No space left", []), ("broken=30+4", "Input/output error", []), ("full=30+4", "No space left", KillTests.rotation),
                    ("broken=30+4", "Input/output error", ["--sync", "each"])])
  func itIsSaidOnceAndGoesOn(plan: String, words: String, flags: [String]) throws {
    let scratch = try Scratch(), folder = try scratch.folder("disturbed")
    let job = try job(flags, in: scratch)
    let result = try Owlwatch.run(job.words, in: folder, environment: FaultyDisk.environment(folder, plan: plan))
    #expect(result.status == 0)
    #expect(result.errors.components(separatedBy: words).count == 2 && result.errors.contains("waiting until it works again"), "\(result.errors)")
    #expect(result.errors.components(separatedBy: "works again; going on").count == 2, "\(result.errors)")
    #expect(try DisturbedJob.content(folder) == job.whole)
  }

  @Test(arguments: [("full=30+1000000", "No space left"), ("broken=30+1000000", "Input/output error")])
  func orItEndsWithWholeLinesAndIsGoneOnWith(plan: String, words: String) throws {
    let scratch = try Scratch(), folder = try scratch.folder("disturbed")
    let job = try job([], in: scratch)
    let result = try Owlwatch.run(job.words + ["--when-full", "exit"], in: folder, environment: FaultyDisk.environment(folder, plan: plan))
    #expect(result.status == 74)
    #expect(result.errors.split(separator: "\n").count == 1 && result.errors.contains(words) && result.errors.contains("events.jsonl"), "\(result.errors)")
    let left = try Data(contentsOf: URL(filePath: folder + "/events.jsonl"))
    #expect(left.last == 10 && job.whole["events.jsonl"]?.starts(with: left) == true)
    try job.finish(in: folder, plan)
  }

  /// A tmpfs with 40 KB left: the log waits until somebody makes room.
  @Test(.enabled(if: SmallDisk.canMount, "unshare can mount no tmpfs here")) func aFullDiskIsWaitedOut() throws {
    let scratch = try Scratch()
    let job = try job([], in: scratch), mount = try scratch.folder("small")
    let script = #"""
      mount -t tmpfs -o size=1000k none "$1" && cd "$1" && shift && head -c 960000 /dev/zero > ballast && { "$@" & } && sleep 4 && rm ballast && wait $! && cat events.jsonl
      """#
    let process = SmallDisk.shell(script, [mount, Owlwatch.binary] + job.words + ["--sync", "each"])
    let result = try Running(process).finish()
    let whole = try #require(job.whole["events.jsonl"])
    #expect(result.errors.components(separatedBy: "No space left").count == 2, "\(result.errors)")
    #expect(whole.count > 60_000 && Data(result.output.utf8) == whole)
  }
}
