import Foundation
import Testing

/// Live streams through the built binary, served by GStreamer's RTSP server on loopback.
@Suite(.serialized) struct WatchTests {
  @Test func aServerThatDiesAndComesBackIsANewSessionAndNothingIsInvented() throws {
    var server = try RTSPServer(Owlwatch.clip)
    let watching = try Owlwatch.start(["watch", server.address, "--query", "car", "--every", "200ms", "--stall-timeout", "3s"])
    #expect(watching.wait(seconds: 60) { $0.outputSoFar.contains("object.appeared") }, "\(watching.errorsSoFar)")
    server.kill()
    #expect(watching.wait(seconds: 30) { $0.outputSoFar.contains("stream.down") }, "\(watching.errorsSoFar)")
    server = try RTSPServer(Owlwatch.clip, port: server.port)
    let seesAgain = { (running: Running) in running.events(since: "stream.down").contains { $0.type == "owlwatch.object.appeared" } }
    #expect(watching.wait(seconds: 90, until: seesAgain), "\(watching.errorsSoFar)")
    watching.signal(SIGINT)
    let result = watching.finish()
    #expect(result.status == 130)

    let kinds = result.events.map { $0.type.dropFirst("owlwatch.".count) }
    let ups = kinds.indices.filter { kinds[$0] == "stream.up" }, downs = kinds.indices.filter { kinds[$0] == "stream.down" }
    #expect(ups.count == 2 && downs.count == 1 && kinds.first == "stream.up")
    // Between down and up nothing is said of the scene.
    if ups.count == 2, downs.count == 1 { #expect(downs[0] + 1 == ups[1], "\(kinds)") }
    #expect(result.events.map { $0.data["session"] as? Int } == kinds.indices.map { $0 < ups[1] ? 1 : 2 })
    #expect(result.events.filter { $0.type == "owlwatch.stream.up" }.map(\.mediaTime) == [0, 0])
    expectEndings(result.events)
    #expect(result.events.filter { $0.data["session"] as? Int == 1 && $0.phase == "end" }.allSatisfy { ["gap", "left", "lost"].contains($0.reason) })
    #expect(result.events.last?.reason == "stopped")
    #expect(Set(result.events.compactMap { $0["id"] as? String }).count == result.events.count)
    // Sender time, and it is now.
    let seen = result.events.filter { $0.type == "owlwatch.object.appeared" }
    #expect(seen.allSatisfy { $0.data["time_source"] as? String == "rtcp" })
    let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    for event in result.events {
      let time = try #require((event["time"] as? String).flatMap { try? style.parse($0) })
      #expect(abs(time.timeIntervalSinceNow) < 300)
    }
    #expect(result.errors.contains("gate: up, 768x432 h264") && result.errors.contains("trying again in"))
  }

  @Test func terminatingEndsWhatIsOpen() throws {
    let server = try RTSPServer(Owlwatch.clip)
    let scratch = try Scratch(), log = try scratch.file("gate.jsonl")
    let watching = try Owlwatch.start(["watch", server.address, "--query", "car", "--threshold", "0.5", "--every", "200ms", "--output", log])
    #expect(watching.wait(seconds: 90) { _ in (try? scratch.read("gate.jsonl"))?.contains("object.appeared") == true }, "\(watching.errorsSoFar)")
    watching.signal(SIGTERM)
    let result = watching.finish()
    #expect(result.status == 143)
    let events = Owlwatch.Result(status: 0, output: try scratch.read("gate.jsonl"), errors: "").events
    expectEndings(events)
    #expect(events.last?.reason == "stopped")
    #expect(result.output.isEmpty)
  }

  @Test func aPasswordIsUsedAndNeverTold() throws {
    let server = try RTSPServer(Owlwatch.clip, user: "viewer", password: "s3cret-word")
    func watch(_ password: String, until condition: @escaping (Running) -> Bool) throws -> Owlwatch.Result {
      let address = server.address.replacing("rtsp://", with: "rtsp://viewer:\(password)@")
      let watching = try Owlwatch.start(["watch", address, "--query", "car", "--every", "1s"])
      #expect(watching.wait(seconds: 60, until: condition), "\(watching.errorsSoFar)")
      watching.signal(SIGINT)
      return watching.finish()
    }
    let right = try watch("s3cret-word") { $0.outputSoFar.contains("stream.up") }
    let wrong = try watch("wr0ng-word") { $0.errorsSoFar.contains("trying again") }
    #expect(wrong.errors.contains("user name or password"), "\(wrong.errors)")
    for result in [right, wrong] {
      #expect(!(result.output + result.errors).contains("s3cret-word") && !(result.output + result.errors).contains("wr0ng-word"))
    }
  }

  @Test func whatIsNotThereIsTriedForEver() throws {
    let server = try RTSPServer(Owlwatch.clip)
    for address in [server.address + "-wrong", "rtsp://viewer:s3cret@127.0.0.1:9/gate"] {
      let watching = try Owlwatch.start(["watch", address, "--query", "car"])
      #expect(watching.wait(seconds: 30) { $0.errorsSoFar.split(separator: "\n").count { $0.contains("trying again in") } >= 2 }, "\(watching.errorsSoFar)")
      #expect(!watching.errorsSoFar.contains("s3cret"))
      watching.signal(SIGINT)
      let result = watching.finish()
      #expect(result.status == 130)
      #expect(result.output.isEmpty, "a stream that was never up has no events")
    }
    // The other verb has an end.
    let analysed = try Owlwatch.run("analyze", "rtsp://viewer:s3cret@127.0.0.1:9/gate", "--query", "car")
    #expect(analysed.status == 69)
    #expect(analysed.errors.contains("viewer:***@") && !analysed.errors.contains("s3cret"))
  }

  /// Accepts connections, and never says a word.
  @Test func aSilentServerIsGivenUpInTimeAndTriedAgain() throws {
    let silent = try SilentServer()
    let watching = try Owlwatch.start(["watch", "rtsp://127.0.0.1:\(silent.port)/gate", "--query", "car"])
    #expect(watching.wait(seconds: 30) { $0.errorsSoFar.contains("no answer in time") }, "\(watching.errorsSoFar)")
    #expect(watching.errorsSoFar.contains("trying again in"))
    // Stopping does not wait for the server either.
    Thread.sleep(forTimeInterval: 2)
    let asked = Date()
    watching.signal(SIGTERM)
    #expect(watching.finish().status == 143)
    #expect(Date().timeIntervalSince(asked) < 3)
  }

  @Test func aFileThatIsNotThereIsNotWaitedFor() throws {
    let result = try Owlwatch.run("watch", "/no/such/clip.mp4", "--query", "car")
    #expect(result.status == 66)
    #expect(result.errors.contains("/no/such/clip.mp4"))
  }

  @Test func aPipeThatEndsEnds() throws {
    let clip = try Data(contentsOf: URL(filePath: Owlwatch.shortClip()))
    let result = try Owlwatch.run(["watch", "-", "--query", "car", "--every", "400ms"], input: clip)
    #expect(result.status == 0)
    #expect(result.events.first?.type == "owlwatch.stream.up")
    #expect(result.events.allSatisfy { $0["source"] as? String == "urn:owlwatch:stdin" })
    expectEndings(result.events)
  }

  /// A log that nobody reads holds the clean end up; a second signal doesn't wait for it.
  @Test func aSecondSignalExitsAtOnce() throws {
    let scratch = try Scratch()
    // A crossing every frame or two: far more than a pipe holds.
    let rows = (1...4000).flatMap { frame in (0..<4).map { "\(frame),\(frame / 3 * 4 + $0),\(10 + 50 * $0),10,40,80,1,-1,-1,-1" } }
    let tracks = try scratch.file("many.txt", rows.joined(separator: "\n") + "\n")
    let process = Process()
    process.executableURL = URL(filePath: Owlwatch.binary)
    process.arguments = ["replay", "--tracks", tracks, "--fps", "1", "--size", "768x576", "--query", "person"]
    let unread = Pipe()
    process.standardOutput = unread
    process.standardError = FileHandle.nullDevice
    try process.run()
    Thread.sleep(forTimeInterval: 3)
    kill(process.processIdentifier, SIGINT)
    Thread.sleep(forTimeInterval: 1)
    try #require(process.isRunning, "it waits for its reader")
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 130)
    withExtendedLifetime(unread) {}
  }

  /// Whatever started has ended, once.
  private func expectEndings(_ events: [[String: Any]]) {
    let started = events.filter { $0.phase == "start" }.compactMap { $0.data["episode"] as? String }
    let ended = events.filter { $0.phase == "end" }.compactMap { $0.data["episode"] as? String }
    #expect(started.sorted() == ended.sorted())
  }
}

extension Running {
  /// Events so far that came after the last one whose type ends so.
  func events(since type: String) -> ArraySlice<[String: Any]> {
    let events = Owlwatch.Result(status: 0, output: outputSoFar, errors: "").events
    guard let last = events.lastIndex(where: { $0.type.hasSuffix(type) }) else { return [] }
    return events[(last + 1)...]
  }
}
