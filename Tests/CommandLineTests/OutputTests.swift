import Foundation
import Testing

/// An output that cannot be created: one line with the path, the reason and the remedy; status 73; nothing on standard output, nothing left behind.
@Suite struct OutputTests {
  /// Everything that writes a file, its path last.
  enum Output: String, CaseIterable {
    case analysis, replay, watch, detections, tracks, annotated, tensors

    func words(_ scratch: Scratch) throws -> [String] {
      switch self {
      case .analysis: ["analyze", Owlwatch.clip, "--query", "car", "--output"]
      case .replay: try KillTests.replay(scratch) + ["--output"]
      case .watch: ["watch", Owlwatch.clip, "--query", "car", "--output"]
      case .detections: ["analyze", Owlwatch.clip, "--query", "car", "--record-detections"]
      case .tracks: ["analyze", Owlwatch.clip, "--query", "car", "--record-tracks"]
      case .annotated: ["detect", try scratch.picture(width: 40, height: 30), "--query", "car", "--annotate"]
      case .tensors: ["detect", try scratch.picture(width: 40, height: 30), "--query", "car", "--tensors"]
      }
    }
  }

  private func expectOneLine(_ result: Owlwatch.Result, _ path: String, _ reasons: [String]) {
    #expect(result.status == 73, "\(result)")
    #expect(result.output.isEmpty)
    let lines = result.errors.split(separator: "\n").map(String.init)
    #expect(lines.count == 1 && lines[0].hasPrefix("owlwatch: ") && lines[0].contains(path), "\(result.errors)")
    #expect(reasons.contains { lines.first?.contains($0) == true }, "\(result.errors)")
    // What is wrong; what to do.
    #expect(lines.first?.contains("; ") == true, "\(result.errors)")
  }

  @Test(arguments: Output.allCases) func aFolderThatIsNotThere(output: Output) throws {
    let scratch = try Scratch(), folder = try scratch.folder("here")
    let result = try Owlwatch.run(output.words(scratch) + ["no/such.jsonl"], in: folder)
    expectOneLine(result, "no/such.jsonl", ["folder does not exist", "No such file or directory"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
  }

  @Test(arguments: Output.allCases) func aFolderInstead(output: Output) throws {
    let scratch = try Scratch(), folder = try scratch.folder("here")
    _ = try scratch.folder("here/folder")
    let result = try Owlwatch.run(output.words(scratch) + ["folder"], in: folder)
    expectOneLine(result, "folder", ["Is a directory"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["folder"])
  }

  @Test(.enabled(if: SmallDisk.canMount, "unshare can mount no tmpfs here"), arguments: Output.allCases, ["out.jsonl", "folder/out.jsonl"])
  func aDiskThatIsOnlyToBeRead(output: Output, path: String) throws {
    let scratch = try Scratch()
    let (result, left) = try SmallDisk.run(output.words(scratch) + [path], readOnly: true, in: scratch)
    expectOneLine(result, path, ["Read-only file system"])
    #expect(try FileManager.default.subpathsOfDirectory(atPath: left) == ["folder"])
  }

  @Test(arguments: Output.allCases) func aFolderThatOthersWriteIn(output: Output) throws {
    let scratch = try Scratch(), folder = try scratch.folder("locked"), words = try output.words(scratch)
    chmod(scratch.path, 0o755)
    chmod(folder, 0o555)
    defer { chmod(folder, 0o755) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    // Root may write anywhere: be nobody.
    process.arguments = (getuid() == 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []) + [Owlwatch.binary] + words + ["out.jsonl"]
    process.currentDirectoryURL = URL(filePath: folder)
    expectOneLine(try Running(process).finish(), "out.jsonl", ["Permission denied"])
  }
}
