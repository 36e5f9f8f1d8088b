import Foundation
import Testing

@Suite struct AnalyzeTests {
  /// Four cars' worth of the sample clip, looked at five times a second.
  static let short = ["analyze", Owlwatch.clip, "--query", "car", "--every", "200ms", "--from", "4s", "--to", "18s"]

  @Test func standardOutputHoldsEventsAndNothingElse() throws {
    let result = try Owlwatch.run(Self.short)
    #expect(result.status == 0)
    #expect(!result.lines.isEmpty)
    #expect(result.events.count == result.lines.count)
    #expect(result.events.allSatisfy { $0["specversion"] as? String == "1.0" && $0["source"] as? String == "urn:owlwatch:car-park" })
    #expect(result.events.map { $0.data["seq"] as? Int } == Array(1...result.lines.count))
  }

  @Test func whatStartsEnds() throws {
    let events = try Owlwatch.run(Self.short).events
    let appeared = events.filter { $0.type == "owlwatch.object.appeared" }.compactMap(\.track)
    let ended = events.filter { $0.type == "owlwatch.object.ended" }.compactMap(\.track)
    #expect(appeared.count >= 3)
    #expect(Set(appeared) == Set(ended))
    #expect(ended.count == appeared.count)
  }

  @Test(arguments: [["--threads", "1"], ["--threads", "2"], ["--threads", "3"]])
  func theSameBytesOnEveryRunAndAnyThreadCount(flags: [String]) throws {
    #expect(try Owlwatch.run(Self.short).output == Owlwatch.run(Self.short + flags).output)
  }

  @Test func theBinaryRunsFromAnyFolder() throws {
    let result = try Owlwatch.run(Self.short, in: "/")
    #expect(result.status == 0)
    #expect(!result.lines.isEmpty)
  }

  @Test func aRecordingReplaysToTheSameEvents() throws {
    let scratch = try Scratch()
    let detections = try scratch.file("d.jsonl"), tracks = try scratch.file("t.jsonl")
    let analysed = try Owlwatch.run(Self.short + ["--record-detections", detections, "--record-tracks", tracks])
    #expect(analysed.status == 0)
    #expect(!analysed.lines.isEmpty)
    #expect(try Owlwatch.run("replay", "--detections", detections).output == analysed.output)
    #expect(try Owlwatch.run("replay", "--tracks", tracks).output == analysed.output)
  }

  @Test func filesSideBySideGiveTheLogOfOneAfterTheOther() throws {
    let scratch = try Scratch()
    for name in ["a.mp4", "b.mp4", "c.mp4"] { try FileManager.default.createSymbolicLink(atPath: scratch.path + "/" + name, withDestinationPath: Owlwatch.clip) }
    let flags = ["analyze", scratch.path, "--query", "car", "--every", "400ms", "--to", "9s"]
    let one = try Owlwatch.run(flags + ["--jobs", "1"]), three = try Owlwatch.run(flags + ["--jobs", "3"])
    #expect(one.status == 0)
    #expect(Set(one.events.compactMap { $0["source"] as? String }) == ["urn:owlwatch:a", "urn:owlwatch:b", "urn:owlwatch:c"])
    #expect(one.output == three.output)
  }

  @Test func oneBadFileAmongGoodOnesFailsAloneAndSaysSo() throws {
    let scratch = try Scratch()
    let bad = try scratch.file("bad.mp4", "this is not a video")
    let result = try Owlwatch.run("analyze", bad, Owlwatch.clip, "--query", "car", "--every", "400ms", "--to", "9s")
    #expect(result.status == 1)
    #expect(result.errors.contains(bad))
    #expect(!result.lines.isEmpty)
  }

  @Test func aLogThatHoldsEventsIsNotOverwritten() throws {
    let scratch = try Scratch()
    let log = try scratch.file("events.jsonl")
    let flags = Self.short + ["--output", log]
    #expect(try Owlwatch.run(flags).status == 0)
    let first = try scratch.read("events.jsonl")
    let refused = try Owlwatch.run(flags)
    #expect(refused.status == 73)
    #expect(refused.errors.contains("--append") && refused.errors.contains("--restart"))
    #expect(try scratch.read("events.jsonl") == first)
    #expect(try Owlwatch.run(flags + ["--restart"]).status == 0)
    #expect(try scratch.read("events.jsonl") == first)
  }

  @Test func progressForProgramsIsJSON() throws {
    let result = try Owlwatch.run(Self.short + ["--progress", "json"])
    let lines = result.errors.split(separator: "\n")
    #expect(lines.last?.contains("\"summary\"") == true)
    for line in lines { #expect((try? JSONSerialization.jsonObject(with: Data(line.utf8))) != nil, "\(line)") }
  }

  @Test func aWordTheModelNeverSawIsSaidOnce() throws {
    let result = try Owlwatch.run("analyze", Owlwatch.clip, "--query", "unicorn", "--every", "2s", "--to", "3s")
    #expect(result.status == 0)
    #expect(result.errors.split(separator: "\n").count { $0.contains("unicorn") } == 1)
  }

  @Test func anInterruptEndsWhatIsOpenAndTheExitCodeSaysSo() throws {
    let running = try Owlwatch.start(["analyze", Owlwatch.clip, "--query", "car", "--sample", "all"])
    #expect(running.wait(seconds: 60) { $0.outputSoFar.contains("object.appeared") })
    running.signal(SIGINT)
    let result = running.finish()
    #expect(result.status == 130)
    #expect(result.events.last?.reason == "stopped")
    let appeared = result.events.count { $0.type.hasSuffix("appeared") }, ended = result.events.count { $0.type.hasSuffix("ended") }
    #expect(appeared == ended)
  }

  @Test func aReaderThatGoesAwayGetsOneLine() throws {
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/bash")
    shell.arguments = ["-c", "\"$0\" \"${@}\" | true; exit ${PIPESTATUS[0]}", Owlwatch.binary] + Self.short
    let result = try Running(shell).finish()
    #expect(result.status == 74)
    #expect(result.errors.split(separator: "\n").count { $0.contains("standard output") } == 1)
  }
}
