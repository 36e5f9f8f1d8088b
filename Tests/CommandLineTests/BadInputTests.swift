import Foundation
import Testing

/// Bad input gets one clear line on standard error (what, where, what to do) and the right exit code; nothing on standard output,
/// nothing half-written, never a crash.
@Suite struct BadInputTests {
  /// One row of the table: what is typed, the exit code, and what the line must say.
  struct Row: CustomTestStringConvertible, Sendable {
    var name: String
    var status: Int32
    var says: [String]
    var arguments: @Sendable () throws -> [String]

    init(_ name: String, _ status: Int32, _ says: String..., arguments: @escaping @Sendable () throws -> [String]) {
      self.name = name; self.status = status; self.says = says; self.arguments = arguments
    }
    var testDescription: String { name }
  }

  private static func file(_ name: String, _ content: String) throws -> String { try Owlwatch.clips.file(name, content) }
  private static func analyze(_ path: String, _ flags: String...) -> [String] { ["analyze", path, "--query", "car"] + flags }
  private static func rules(_ name: String, _ content: String) throws -> [String] {
    analyze(Owlwatch.clip, "--rules", try file(name, content))
  }

  static let rows: [Row] = [
    Row("text called a video", 65, "words.mp4", "not a video") { analyze(try file("words.mp4", "these are words\n")) },
    Row("noise called a video", 65, "noise.mp4", "not a video") {
      var random = SplitMix(state: 3)
      return analyze(try Owlwatch.clips.file("noise.mp4", bytes: (0..<100_000).map { _ in UInt8(random.unit() * 255) }))
    },
    Row("an empty file", 65, "empty.mp4", "it is empty") { analyze(try file("empty.mp4", "")) },
    Row("no such file", 66, "/no/such.mp4", "check the path") { analyze("/no/such.mp4") },
    Row("a folder without videos", 66, "no video files in this folder") { analyze(try Owlwatch.clips.folder("bare")) },
    Row("a folder as a picture", 66, "it is a directory") { ["detect", try Owlwatch.clips.folder("bare-2"), "--query", "car"] },
    Row("sound without pictures", 65, "no video stream", "aac") { analyze(try Owlwatch.makeClip("sound.m4a", "-f lavfi -i sine=d=1 -c:a aac")) },
    Row("an MP4 cut off before its index", 65, "cut.mp4", "moov atom not found") {
      let whole = try Data(contentsOf: URL(filePath: Owlwatch.makeClip("index-last.mp4", "-i \(Owlwatch.clip) -c copy -an")))
      return analyze(try Owlwatch.clips.file("cut.mp4", bytes: Array(whole.prefix(whole.count / 2))))
    },
    Row("a megabyte of brackets", 65, "brackets.yaml:1", "nested more than 64 deep") { try rules("brackets.yaml", String(repeating: "[", count: 1 << 20)) },
    Row("aliases that explode", 65, "bomb.yaml", "anchors and aliases") {
      let levels = zip("bcdefghij", "abcdefghi").map { "\($0): &\($0) [\(Array(repeating: "*\($1)", count: 9).joined(separator: ", "))]\n" }
      return try rules("bomb.yaml", "a: &a [x, x, x, x, x, x, x, x, x]\n" + levels.joined())
    },
    Row("a zone of two points", 65, "two.yaml:2", "zones.yard", "at least 3") {
      try rules("two.yaml", "zones:\n  yard: [[0.1, 0.1], [0.9, 0.9]]\nrules:\n  - {id: a, kind: zone.entered, zone: yard, query: car}\n")
    },
    Row("a rule about a query that nobody made", 65, "query.yaml:2", "rules[0].query", "did you mean 'car'?") {
      try rules("query.yaml", "rules:\n  - {id: a, kind: object.appeared, query: cat}\n")
    },
    Row("a key that no rule has", 65, "key.yaml:2", "querry", "query") { try rules("key.yaml", "rules:\n  - {id: a, kind: object.appeared, querry: car}\n") },
    Row("a missing rule file", 66, "/no/rules.yaml", "no such file") { analyze(Owlwatch.clip, "--rules", "/no/rules.yaml") },
    Row("a folder as a rule file", 66, "directory") { analyze(Owlwatch.clip, "--rules", "/") },
    Row("a stream file without a source", 65, "stream.yaml", "source") { ["analyze", try file("stream.yaml", "queries: {car: car}\n")] },
    Row("a stream file with an unknown key", 65, "unknown.yaml:2", "querys", "queries") { ["analyze", try file("unknown.yaml", "source: a.mp4\nquerys: {car: car}\n")] },
    Row("a variable that the environment lacks", 65, "OWLWATCH_NO_SUCH", "export") { ["watch", try file("secret.yaml", "source: rtsp://u:${OWLWATCH_NO_SUCH}@h/1\nqueries: {car: car}\n")] },
    Row("not a number among detections", 65, "nan.txt:1", "nan") { ["track", "--fps", "10", try file("nan.txt", "1,-1,10,10,nan,20,0.9,-1,-1,-1\n")] },
    Row("infinity in a replay", 65, "infinite.txt:2", "inf") {
      ["replay", "--detections", try file("infinite.txt", "1,-1,10,10,5,20,0.9\n2,-1,inf,10,5,20,0.9\n"), "--fps", "10", "--size", "100x100", "--query", "car"]
    },
    Row("a frame number beyond all sense", 65, "frames.txt:1") {
      ["replay", "--detections", try file("frames.txt", "9223372036854775807,-1,10,10,5,20,0.9\n"), "--fps", "10", "--size", "100x100", "--query", "car"]
    },
    Row("a recording that is none", 65, "words.jsonl:1") { ["replay", "--detections", try file("words.jsonl", "these are words\n")] },
    Row("MOT text without its rate and size", 64, "--fps", "--size") { ["replay", "--tracks", try file("plain.txt", "1,1,10,10,5,20,1\n"), "--query", "car"] },
    Row("a log in a folder that isn't there", 73, "/no/such/log.jsonl", "create it") { analyze(Owlwatch.clip, "--output", "/no/such/log.jsonl") },
    Row("a folder as a log", 73, "Is a directory") { analyze(Owlwatch.clip, "--output", try Owlwatch.clips.folder("log-folder")) },
    Row("a recording in a folder that isn't there", 73, "/no/such/tracks.txt") { analyze(Owlwatch.clip, "--record-tracks", "/no/such/tracks.txt") },
    Row("an annotated picture in a folder that isn't there", 73, "/no/such/out.png") {
      ["detect", try Owlwatch.makeClip("grey16.png", "-f lavfi -i color=0x808080:s=40x30,format=gray16 -frames:v 1"), "--query", "car", "--annotate", "/no/such/out.png"]
    },
    Row("a model that isn't there", 66, "no-such-model", "models list") { analyze(Owlwatch.clip, "--model", "no-such-model") },
    Row("nothing to look for", 64, "--query") { ["analyze", Owlwatch.clip] },
    Row("an empty query", 64, "empty", "--query person") { ["analyze", Owlwatch.clip, "--query", " "] },
    Row("two queries of one name", 64, "'car'") { ["analyze", Owlwatch.clip, "--query", "car", "--query", "a car"] },
    Row("an interval of nothing", 64, "0s", "500ms") { analyze(Owlwatch.clip, "--every", "0s") },
    Row("two ways to sample", 64, "exclude one another") { analyze(Owlwatch.clip, "--every", "1s", "--sample", "intra") },
    Row("a position that is none", 64, "--from", "1:30") { analyze(Owlwatch.clip, "--from", "soon") },
    Row("a time that is none", 64, "--start-time", "2026-05-04T10:11:12Z") { analyze(Owlwatch.clip, "--start-time", "yesterday") },
    Row("a list of inputs that isn't there", 66, "/no/list", "standard input") { ["analyze", "--files-from", "/no/list", "--query", "car"] },
  ]

  @Test(arguments: rows) func oneClearLineAndTheRightExitCode(row: Row) throws {
    let result = try Owlwatch.run(row.arguments())
    #expect(result.status == row.status, "\(result.errors)")
    #expect(result.output.isEmpty)
    let lines = result.errors.split(separator: "\n")
    #expect(lines.count == 1, "\(result.errors)")
    #expect(lines.first?.hasPrefix("owlwatch: ") == true, "\(result.errors)")
    for words in row.says { #expect(result.errors.contains(words), "\(words) is not in: \(result.errors)") }
  }

  /// ArgumentParser words these, with the usage line behind.
  @Test(arguments: [(["analyze"], "no input"), (["watch"], "sources"), (["analyze", "a.mp4", "--qery", "car"], "--query"),
                    (["analyze", "a.mp4", "--query", "car", "--from", "5s", "--to", "4s"], "--to must come after --from"),
                    (["analyze", "a.mp4", "--query", "car", "--jobs", "0"], "--jobs 0"), (["look"], "look"),
                    (["replay", "--query", "car"], "--detections"), (["track", "a.txt"], "--fps")])
  func wrongUseSaysHowItIsMeant(arguments: [String], says: String) throws {
    let result = try Owlwatch.run(arguments)
    #expect(result.status == 64)
    #expect(result.output.isEmpty)
    #expect(result.errors.hasPrefix("Error: ") && result.errors.contains("Usage: owlwatch") && result.errors.contains(says), "\(result.errors)")
  }

  @Test(arguments: [
    ("dot.mkv", "-f lavfi -i color=0x20C040:s=16x16:r=5:d=1,format=gbrp,crop=1:1 -c:v ffv1"),
    ("wall.avi", "-f lavfi -i color=0x20C040:s=7680x4320:r=1:d=1 -c:v mjpeg -q:v 20 -pix_fmt yuvj420p"),
    ("grey.png", "-f lavfi -i color=0x808080:s=40x30,format=gray16 -frames:v 1"),
  ])
  func theSmallestTheLargestAndSixteenBitsAreJustPictures(name: String, recipe: String) throws {
    let result = try Owlwatch.run("analyze", try Owlwatch.makeClip(name, recipe), "--query", "car")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.isEmpty)
    #expect(result.errors.contains("looked at"))
  }

  @Test func aTimeStampThatJumpsBackBeginsASession() throws {
    let one = try Owlwatch.makeClip("one.ts", "-ss 4 -t 6 -i \(Owlwatch.clip) -c:v libx264 -preset veryfast -an")
    let bytes = try Data(contentsOf: URL(filePath: one))
    let twice = try Owlwatch.clips.file("twice.ts", bytes: Array(bytes + bytes))
    let result = try Owlwatch.run("analyze", twice, "--query", "car", "--every", "200ms")
    #expect(result.status == 0)
    let steps = result.events.filter { $0.type == "owlwatch.stream.clock_step" }
    #expect(steps.count == 1)
    #expect(steps.first?.data["session"] as? Int == 2)
    // What was open ends at the jump, with that reason, and the same is seen once more.
    let appeared = result.events.filter { $0.type == "owlwatch.object.appeared" }
    #expect(appeared.count == 2 && Set(appeared.map(\.mediaTime)).count == 1)
    #expect(result.events.filter { $0.phase == "end" }.map(\.reason).first == "gap")
    // Camera time goes on: six seconds later, less the frame at the joint.
    let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    let times = try appeared.map { try style.parse($0["time"] as? String ?? "") }
    #expect(times.count == 2 && abs(times[1].timeIntervalSince(times[0]) - 5.92) < 0.1, "\(times)")
  }

  @Test func aTruncatedFileGivesWhatItHoldsAGapAndAWarning() throws {
    let whole = try Owlwatch.makeClip("whole.mp4", "-i \(Owlwatch.clip) -c:v libx264 -preset veryfast -g 25 -an -movflags +faststart")
    let bytes = try Data(contentsOf: URL(filePath: whole))
    let cut = try Owlwatch.clips.file("truncated.mp4", bytes: Array(bytes.prefix(bytes.count / 2)))
    let result = try Owlwatch.run("analyze", cut, "--query", "car", "--every", "200ms")
    #expect(result.status == 0)
    let gaps = result.events.filter { $0.type == "owlwatch.stream.gap" }
    #expect(gaps.count == 1)
    #expect(gaps.first?.data["why"] as? String == "damaged")
    let lost = try #require(gaps.first?.data["lost"] as? Int)
    #expect(lost > 100)
    #expect(result.errors.contains("warning: 1 gap in the input, \(lost) damaged packets or frames lost"), "\(result.errors)")
    #expect(result.events.contains { $0.type == "owlwatch.object.appeared" })
  }

  @Test func aClosedPipeGetsOneLine() throws {
    for arguments in [["rules", "schema"], ["models", "list"], ["detect", try Owlwatch.makeClip("grey-2.png", "-f lavfi -i color=gray:s=40x30 -frames:v 1"), "--query", "car"]] {
      let result = try shell("\"$0\" \"$@\" | true; exit ${PIPESTATUS[0]}", arguments)
      // A short answer may be through before its reader leaves.
      #expect(result.status == 74 || (result.status == 0 && arguments[0] != "rules"), "\(arguments): \(result.status)")
      #expect(result.errors.split(separator: "\n").count { $0.contains("standard output") } == (result.status == 74 ? 1 : 0))
    }
    let closed = try shell("exec \"$0\" \"$@\" >&-", ["analyze", try Owlwatch.shortClip(), "--query", "car", "--every", "200ms"])
    #expect(closed.status == 74)
    #expect(closed.errors.split(separator: "\n").count { $0.contains("standard output") } == 1, "\(closed.errors)")
  }

  @Test func aFullDeviceIsSaidOnce() throws {
    for arguments in [["rules", "schema"], ["analyze", try Owlwatch.shortClip(), "--query", "car", "--every", "200ms", "--when-full", "exit"]] {
      let result = try shell("exec \"$0\" \"$@\" > /dev/full", arguments)
      #expect(result.status == 74, "\(result.errors)")
      #expect(result.errors.split(separator: "\n").count { $0.contains("No space left on device") } == 1, "\(result.errors)")
    }
  }

  private func shell(_ script: String, _ arguments: [String]) throws -> Owlwatch.Result {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-c", script, Owlwatch.binary] + arguments
    return try Running(process).finish()
  }
}
