import Foundation
import Testing

/// Nothing that was there is written over by mistake, and nothing asked for in vain is tried for ever.
@Suite struct OverwriteTests {
  @Test(arguments: [
    (["analyze", "c.mp4", "--record-tracks", "./c.mp4"], 64, "--record-tracks ./c.mp4: that is an input"),
    (["analyze", "c.mp4", "--record-detections", "link.mp4"], 64, "--record-detections link.mp4: that is an input"),
    (["analyze", "c.mp4", "--output", "c.mp4"], 64, "--output c.mp4: that is an input"),
    (["detect", "p.png", "--annotate", "p.png"], 64, "--annotate p.png: that is an input"),
    (["detect", "p.png", "--tensors", "p.png"], 64, "--tensors p.png: that is an input"),
    (["analyze", "c.mp4", "--output", "x.jsonl", "--record-tracks", "../at/x.jsonl"], 64, "--record-tracks ../at/x.jsonl: that is --output"),
    (["analyze", "c.mp4", "--record-detections", "x.jsonl", "--record-tracks", "x.jsonl"], 64, "that is --record-detections"),
    (["analyze", "c.mp4", "--record-tracks", "p.png"], 73, "p.png: holds something else than a recording"),
  ])
  func inputsAndOtherOutputsStayAsTheyAre(arguments: [String], status: Int, says: String) throws {
    let scratch = try Scratch(), folder = try scratch.folder("at")
    try FileManager.default.copyItem(atPath: Owlwatch.clip, toPath: folder + "/c.mp4")
    try FileManager.default.createSymbolicLink(atPath: folder + "/link.mp4", withDestinationPath: "c.mp4")
    try FileManager.default.copyItem(atPath: Owlwatch.root.appending(path: "Reports/demo.png").path, toPath: folder + "/p.png")
    func contents() throws -> [String: Data] {
      try Dictionary(uniqueKeysWithValues: FileManager.default.contentsOfDirectory(atPath: folder).map { ($0, try Data(contentsOf: URL(filePath: folder + "/" + $0))) })
    }
    let before = try contents()
    let result = try Owlwatch.run(arguments + ["--query", "car"], in: folder)
    #expect(result.status == Int32(status) && result.errors.contains(says), "\(result.errors)")
    #expect(try contents() == before)
  }

  @Test func aRecordingTakesTheOlderOnesPlace() throws {
    let scratch = try Scratch(), recording = try scratch.file("tracks.txt")
    for seconds in ["8s", "6s"] {
      let result = try Owlwatch.run("analyze", Owlwatch.clip, "--query", "car", "--to", seconds, "--record-tracks", recording)
      #expect(result.status == 0, "\(result.errors)")
    }
    let rows = try String(contentsOfFile: recording, encoding: .utf8).split(separator: "\n")
    #expect(!rows.isEmpty && rows.allSatisfy { Int($0.prefix { $0 != "," }) ?? .max < 6 * 30 })
  }

  /// A row far ahead means frames without rows, not memory for each.
  @Test(arguments: ["--tracks", "--detections"]) func aFrameFarAheadCostsNoMemory(kind: String) throws {
    let scratch = try Scratch(), recording = try scratch.file("far.txt", "1,1,10,10,5,20,1\n10000000,1,10,10,5,20,1\n")
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-c", "ulimit -v 3000000; exec \"$@\"", "bash", Owlwatch.binary, "replay", kind, recording, "--fps", "10", "--size", "768x576", "--query", "person"]
    let result = try Running(process).finish()
    #expect(result.status == 0, "\(result.errors)")
  }

  @Test func aSchemeThatFFmpegDoesNotKnowIsNotTriedForEver() throws {
    let result = try Owlwatch.run("watch", "rstp://127.0.0.1/gate", "--query", "car")
    #expect(result.status == 65 && result.errors.contains("rstp://127.0.0.1/gate: not supported"), "\(result.errors)")
  }

  @Test func typesThatDoNotExistAreTold() throws {
    let result = try Owlwatch.run("tail", "/no/such/log", "--type", "zone.enterd")
    #expect(result.status == 64 && result.errors.contains("zone.entered"), "\(result.errors)")
    for type in ["zone", "zone.*", "owlwatch.line.crossed"] { #expect(try Owlwatch.run("tail", "/no/such/log", "--type", type).status == 66) }
  }
}
