import Foundation
import Testing

/// `owlwatch tail --follow` beside a worker that is faster than it looks.
@Suite struct FollowTests {
  /// Nothing is there when it starts; by its next look the log has come, and many parts of it have come, gone and been compressed.
  @Test func partsThatCameAndWentBetweenTwoLooksAreRead() throws {
    let scratch = try Scratch(), folder = try scratch.folder("log"), log = folder + "/events.jsonl"
    let tail = try Owlwatch.start(["tail", log, "--follow", "--format", "json"])
    defer { tail.signal(SIGKILL) }
    Thread.sleep(forTimeInterval: 0.5)
    let detections = try scratch.file("crowd.txt", Crowd.detections()), rules = try scratch.file("rules.yaml", Crowd.rules)
    let written = try Owlwatch.run(["replay", "--detections", detections, "--rules", rules, "--output", log, "--rotate-size", "4KB"] + Crowd.flags)
    #expect(written.status == 0, "\(written.errors)")
    let all = try Owlwatch.run("tail", log).output
    _ = tail.wait(seconds: 20) { $0.outputSoFar.utf8.count >= all.utf8.count }
    let followed = tail.outputSoFar
    #expect(followed == all, "\(followed.split(separator: "\n").count) of \(all.split(separator: "\n").count) lines; \(tail.errorsSoFar)")
    let ids = all.split(separator: "\n").compactMap { $0.firstMatch(of: /"id":"([0-9a-f-]{36})"/)?.1 }
    #expect(ids.count > 100 && Set(ids).count == ids.count)
  }
}
