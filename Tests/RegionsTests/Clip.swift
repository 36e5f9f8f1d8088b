import Foundation
import Scene

/// Real clips, decoded by the `ffmpeg` command.
enum Clip {
  static let folder = ProcessInfo.processInfo.environment["OWLWATCH_TESTDATA"]
  /// Tests that need real clips run where these are, and in CI, where their absence is a failure.
  static var isThere: Bool { folder != nil || ProcessInfo.processInfo.environment["CI"] == "true" }

  struct Failure: Error { var reason: String }

  /// Hands over every `every`th frame, with its number from 0.
  static func frames(of path: String, size: PictureSize, every: Int, to take: (Int, Picture) throws -> Void) throws {
    guard let folder else { throw Failure(reason: "OWLWATCH_TESTDATA does not name the folder of test clips") }
    let file = folder + "/" + path
    guard FileManager.default.isReadableFile(atPath: file) else { throw Failure(reason: "no file \(file)") }
    let process = Process(), pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["ffmpeg", "-v", "error", "-nostdin", "-threads", "1", "-i", file, "-vf", "select='not(mod(n,\(every)))'",
                         "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    process.standardOutput = pipe
    try process.run()
    defer { process.terminate(); process.waitUntilExit() }
    let length = size.width * size.height * 3
    var index = 0, waiting = Data()
    while let more = try pipe.fileHandleForReading.read(upToCount: 1 << 20), !more.isEmpty {
      waiting.append(more)
      while waiting.count >= length {
        try take(index * every, picture(of: waiting.prefix(length), size: size))
        waiting = Data(waiting.dropFirst(length))
        index += 1
      }
    }
    if index == 0 { throw Failure(reason: "ffmpeg gave no frame of \(file)") }
  }

  private static func picture(of bytes: Data, size: PictureSize) -> Picture {
    let picture = Picture(size: size)
    bytes.withUnsafeBytes { source in
      for y in 0..<size.height {
        picture.pixels.advanced(by: y * picture.rowBytes)
          .copyMemory(from: source.baseAddress! + y * size.width * 3, byteCount: size.width * 3)
      }
    }
    return picture
  }
}
