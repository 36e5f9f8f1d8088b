import Foundation
import Scene
import Testing
import VideoInput

/// What FFmpeg's own tools say of a clip.
enum Truth {
  /// PTS of every frame in order of presentation.
  static func times(_ path: String) throws -> [Int64] {
    try run("ffprobe", ["-v", "error", "-select_streams", "v:0", "-show_entries", "frame=best_effort_timestamp", "-of", "csv=p=0", path])
      .split(whereSeparator: { !$0.isNumber && $0 != "-" }).compactMap { Int64($0) }
  }

  /// Seconds a tick.
  static func tick(_ path: String) throws -> (numerator: Int64, denominator: Int64) {
    let parts = try run("ffprobe", ["-v", "error", "-select_streams", "v:0", "-show_entries", "stream=time_base", "-of", "csv=p=0", path])
      .split(whereSeparator: { !$0.isNumber }).compactMap { Int64($0) }
    try #require(parts.count >= 2)
    return (parts[0], parts[1])
  }

  /// The frames that `every` names, by the sentence of `Sampling.every` and nothing else.
  static func sampled(_ times: [Int64], every milliseconds: Int64, tick: (numerator: Int64, denominator: Int64)) -> [Int64] {
    func cell(_ pts: Int64) -> Int64 {
      let nanoseconds = (Double(pts - times[0]) * Double(tick.numerator) / Double(tick.denominator) * 1e9).rounded()
      return Int64(nanoseconds) / (milliseconds * 1_000_000)
    }
    return times.indices.filter { $0 == 0 || cell(times[$0]) != cell(times[$0 - 1]) }.map { times[$0] }
  }

  /// RGB bytes of the first frame as ffmpeg shows it, rotation applied.
  static func firstFrame(_ path: String) throws -> [UInt8] {
    let process = Process(), output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["ffmpeg", "-v", "error", "-nostdin", "-i", path, "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    process.standardOutput = output
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Array(bytes)
  }
}
