import Foundation
import Testing

/// A disk without room: a tmpfs of a few kilobytes, in a mount namespace of its own.
enum SmallDisk {
  static let canMount: Bool = {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()
}

@Suite(.enabled(if: SmallDisk.canMount, "unshare can mount no tmpfs here")) struct FullDiskTests {
  /// Runs with a tmpfs of `kilobytes` as the current folder; standard output ends with the names that are in it afterwards.
  private func run(kilobytes: Int, _ words: [String], in scratch: Scratch) throws -> (result: Owlwatch.Result, left: [String]) {
    let folder = scratch.path + "/small"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    let script = #"mount -t tmpfs -o size=$1k none "$2" && cd "$2" && shift 2 && "$@"; status=$?; echo; echo left: *; exit $status"#
    process.arguments = ["unshare", "-rm", "sh", "-c", script, "sh", "\(kilobytes)", folder, Owlwatch.binary] + words
    var result = try Running(process).finish()
    let last = try #require(result.lines.last)
    let left = last.split(separator: " ").dropFirst().map(String.init)
    result.output = String(result.output.dropLast(last.count + 2))
    return (result, left == ["*"] ? [] : left)
  }

  @Test(arguments: ["--tensors", "--annotate"]) func nothingHalfIsLeftBehind(flag: String) throws {
    let scratch = try Scratch()
    let words = ["detect", "--model", SmallModel.golden + "/owlvit-odd", "--query", "cat", "--look", "whole", try scratch.picture(width: 400, height: 300), flag, "out"]
    let full = try run(kilobytes: 8, words, in: scratch)
    #expect(full.result.status == 73 || full.result.status == 74, "\(full.result)")
    #expect(full.result.errors.split(separator: "\n").count == 1 && full.result.errors.contains("out") && full.result.errors.contains("No space left"), "\(full.result.errors)")
    #expect(full.left.isEmpty, "\(full.left)")
    let roomy = try run(kilobytes: 4096, words, in: scratch)
    #expect(roomy.result.status == 0 && roomy.left == ["out"], "\(roomy)")
  }
}
