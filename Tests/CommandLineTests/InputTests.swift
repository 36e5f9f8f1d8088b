import Foundation
import Testing

/// What `analyze` takes, and what it says on standard error meanwhile.
@Suite struct InputTests {
  static let quick = ["--query", "car", "--every", "500ms"]

  @Test func aListOfFilesOnStandardInput() throws {
    let one = try Owlwatch.stillClip(), two = try Owlwatch.shortClip()
    let listed = try Owlwatch.run(["analyze", "--files-from", "-"] + Self.quick, input: Data("\(one)\n\n\(two)\n".utf8))
    let named = try Owlwatch.run(["analyze", one, two] + Self.quick)
    #expect(listed.status == 0 && !listed.lines.isEmpty)
    #expect(listed.output == named.output)
  }

  @Test func aPipeIsAnInput() throws {
    let clip = try Owlwatch.shortClip()
    let piped = try Owlwatch.run(["analyze", "-", "--stream", "short"] + Self.quick, input: Data(contentsOf: URL(filePath: clip)))
    let named = try Owlwatch.run(["analyze", clip] + Self.quick)
    #expect(piped.status == 0, "\(piped.errors)")
    #expect(!named.lines.isEmpty && piped.output == named.output)
  }

  @Test func aStreamFileFromAnyFolder() throws {
    let scratch = try Scratch()
    let file = try scratch.file("short.yaml", "stream: gate\nsource: \(try Owlwatch.shortClip())\nevery: 500ms\nqueries: {car: car}\noutput: log/events.jsonl\n")
    _ = try scratch.folder("log")
    let result = try Owlwatch.run(["analyze", file], in: "/")
    #expect(result.status == 0 && result.output.isEmpty, "\(result.errors)")
    #expect(try scratch.read("log/events.jsonl").contains("urn:owlwatch:gate"))
    // A flag beats the file.
    let named = try Owlwatch.run(["analyze", file, "--stream", "yard", "--output", "-"], in: "/")
    #expect(named.events.allSatisfy { $0["source"] as? String == "urn:owlwatch:yard" } && !named.events.isEmpty)
  }

  @Test func aBeginningBeyondTheEndIsTold() throws {
    let clip = try Owlwatch.shortClip(), said = "warning: nothing was looked at in \(clip): --from lies beyond its end"
    #expect(try Owlwatch.run(["analyze", clip, "--from", "1000s"] + Self.quick).errors.contains(said))
    #expect(try !Owlwatch.run(["analyze", clip] + Self.quick).errors.contains("warning"))
  }

  @Test func noTerminalNoProgressButASummary() throws {
    let result = try Owlwatch.run(["analyze", try Owlwatch.shortClip()] + Self.quick)
    let lines = result.errors.split(separator: "\n").map(String.init)
    try #require(lines.count == 3, "\(result.errors)")
    #expect(lines[0].wholeMatch(of: /\d+ frames in \d+\.\d s \(\d+ a second\), \d+ looked at through \d+\.\d regions each \(\d+ % of the picture\)/) != nil, "\(lines[0])")
    #expect(lines[1].wholeMatch(of: /\d+ detections?, \d+ tracks?, \d+ events?/) != nil, "\(lines[1])")
    #expect(lines[2].wholeMatch(of: /time by stage: decode \d+\.\d+ s, regions \d+\.\d+ s, detect \d+\.\d+ s, track \d+\.\d+ s, rules and log \d+\.\d+ s/) != nil, "\(lines[2])")
    #expect(try Owlwatch.run(["analyze", try Owlwatch.shortClip(), "--progress", "none"] + Self.quick).errors.isEmpty)
  }

  @Test func onATerminalALineSaysHowFarItIs() throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/script")
    let words = [Owlwatch.binary, "analyze", Owlwatch.clip, "--query", "car", "--every", "80ms", "--output", "/dev/null"]
    process.arguments = ["-qefc", words.map { "'\($0)'" }.joined(separator: " "), "/dev/null"]
    let result = try Running(process).finish()
    #expect(result.status == 0)
    #expect(result.output.firstMatch(of: /\d+ % · \d+ frames, \d+ a second · \d+ looked at · \d+ events? · \d+:\d\d left/) != nil, "\(result.output)")
  }

  @Test func programsReadHowFarItIs() throws {
    let result = try Owlwatch.run("analyze", Owlwatch.clip, "--query", "car", "--every", "80ms", "--to", "12s", "--progress", "json")
    let lines = try result.errors.split(separator: "\n").map { try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]) }
    let summary = try #require(lines.last?["summary"] as? [String: Double])
    #expect(Set(summary.keys).isSuperset(of: ["frames", "keyframes", "detections", "tracks", "events", "regions", "looked_at", "decode_seconds",
                                              "look_seconds", "detect_seconds", "track_seconds", "judge_seconds", "wall_seconds"]))
    #expect(summary["keyframes"] == 150 && summary["events"] == Double(result.lines.count))
    #expect((0...1).contains(summary["looked_at"] ?? -1))
    for line in lines.dropLast() { #expect(line["frames"] is Double && line["elapsed"] is Double) }
  }

  @Test func helpAndVersionGoToStandardOutput() throws {
    for verb in ["", "watch", "analyze", "tail", "detect", "track", "replay", "models", "rules"] {
      let result = try Owlwatch.run((verb.isEmpty ? [] : [verb]) + ["--help"])
      #expect(result.status == 0 && result.errors.isEmpty && result.output.contains("USAGE: owlwatch"))
    }
    #expect(try Owlwatch.run("--help").output.replacing(/\s+/, with: " ").contains("69 a stream or a server is unavailable"))
    #expect(try Owlwatch.run("--version").output.contains("."))
  }

  @Test(.enabled(if: TestData.isThere, "OWLWATCH_TESTDATA names no folder with test material"))
  func realClipsOfEveryKindGoThrough() throws {
    for clip in ["video/intel-preview-gifs/worker-zone-detection.gif", "video/overhead-walking-h264-in-avi/vtest.avi",
                 "video/roboflow-night-street/example_video.mp4", "video/degirum-trafficHD-short/TrafficHD_short.mp4"] {
      let result = try Owlwatch.run("analyze", try TestData.path(clip), "--query", "person", "--every", "2s", "--look", "whole")
      #expect(result.status == 0 && !result.errors.contains("warning"), "\(clip): \(result.errors)")
    }
  }
}
