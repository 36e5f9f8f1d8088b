import Foundation
import Testing

/// A tmpfs in a mount namespace of its own: of a few kilobytes, or one that is only to be read.
enum SmallDisk {
  static let canMount: Bool = {
    let process = shell("mount -t tmpfs none /mnt", [])
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  /// A shell that may mount; its arguments are `$1`, `$2` …
  static func shell(_ script: String, _ arguments: [String]) -> Process {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["unshare", "-rm", "sh", "-c", script, "sh"] + arguments
    return process
  }

  /// Runs owlwatch with the disk as its current folder.
  /// - Returns: how it ended, and a folder with a copy of what is then on the disk.
  static func run(_ words: [String], kilobytes: Int = 64, readOnly: Bool = false, in scratch: Scratch) throws -> (result: Owlwatch.Result, left: String) {
    let disk = try scratch.folder("disk"), left = try scratch.folder("left")
    let script = """
      mount -t tmpfs -o size=$1k none "$2" && cd "$2" || exit 99
      [ "$4" = rw ] || { mkdir folder; mount -o remount,ro "$2"; }
      left=$3; shift 4
      "$@"; status=$?
      cp -R . "$left"; exit $status
      """
    let process = shell(script, ["\(kilobytes)", disk, left, readOnly ? "ro" : "rw", Owlwatch.binary] + words)
    return (try Running(process).finish(), left)
  }
}
