import Foundation
import Testing

extension Owlwatch {
  /// Clips that ffmpeg makes once for all tests of a run.
  static let clips: Scratch = {
    guard let scratch = try? Scratch() else { preconditionFailure("the temporary folder can be written to") }
    atexit { try? FileManager.default.removeItem(atPath: Owlwatch.clips.path) }
    return scratch
  }()
  private static let lock = NSLock()

  /// - Parameter arguments: words between blanks; the file's name comes behind them.
  static func makeClip(_ name: String, _ arguments: String) throws -> String {
    try lock.withLock {
      let path = clips.path + "/" + name
      if FileManager.default.fileExists(atPath: path) { return path }
      let process = Process(), errors = Pipe()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = ["ffmpeg", "-v", "error", "-nostdin", "-y"] + arguments.split(separator: " ").map(String.init) + [path]
      process.standardError = errors
      process.standardInput = FileHandle.nullDevice
      try process.run()
      let words = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      try #require(process.terminationStatus == 0, "\(words)")
      return path
    }
  }

  /// Seconds 4 to 14 of the sample clip, readable from a pipe.
  static func shortClip() throws -> String { try makeClip("short.mkv", "-ss 4 -t 10 -i \(clip) -c:v libx264 -preset veryfast -an") }
  /// Two seconds in which nothing happens.
  static func stillClip() throws -> String { try makeClip("still.mp4", "-f lavfi -i color=gray:s=320x240:r=10:d=2 -pix_fmt yuv420p -movflags +faststart") }
}
