import Foundation
import Testing
import VideoInput
import Scene

/// Real clips, where the environment has them.
enum TestData {
  static let root = ProcessInfo.processInfo.environment["OWLWATCH_TESTDATA"]
  /// In CI a missing folder is a failure, not a skip.
  static let isThere = root != nil || ProcessInfo.processInfo.environment["CI"] == "true"
  static let comment: Comment = "OWLWATCH_TESTDATA names no folder with test material"

  static func path(_ relative: String) throws -> String {
    let root = try #require(root, comment)
    return root + "/" + relative
  }
}

/// A folder that is gone when the test is over.
final class Workshop: Sendable {
  /// One for the whole run: its clips have names of their own.
  static let shared: Workshop = {
    guard let workshop = try? Workshop() else { preconditionFailure("the temporary folder can be written to") }
    atexit { try? FileManager.default.removeItem(atPath: Workshop.shared.path) }
    return workshop
  }()

  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "owlwatch-video-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  func write(_ bytes: [UInt8], to name: String) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  /// Makes a clip with the ffmpeg command: `arguments` are words between blanks.
  func ffmpeg(_ arguments: String, to name: String) throws -> String {
    _ = try run("ffmpeg", ["-v", "error", "-nostdin", "-y"] + arguments.split(separator: " ").map(String.init) + [file(name)])
    return file(name)
  }

  /// Ten seconds of a moving pattern, 25 frames a second, an intra frame every two seconds.
  func pattern(_ encoding: String = "-c:v libx264 -preset veryfast -bf 2 -g 50", seconds: Int = 10, to name: String) throws -> String {
    try ffmpeg("-f lavfi -i testsrc2=s=320x240:r=25 -t \(seconds) -pix_fmt yuv420p \(encoding)", to: name)
  }
}

struct CommandFailed: Error { var words: String }

/// Runs a command to its end and gives its standard output.
func run(_ command: String, _ arguments: [String]) throws -> String {
  let process = Process(), output = Pipe(), errors = Pipe()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = [command] + arguments
  process.standardOutput = output
  process.standardError = errors
  process.standardInput = FileHandle.nullDevice
  try process.run()
  let bytes = output.fileHandleForReading.readDataToEndOfFile()
  let words = errors.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  guard process.terminationStatus == 0 else {
    throw CommandFailed(words: "\(command) \(arguments.joined(separator: " ")): \(String(decoding: words, as: UTF8.self))")
  }
  return String(decoding: bytes, as: UTF8.self)
}

/// What a keyframe is known by, its picture boiled down to a sum.
struct Look: Hashable, CustomStringConvertible {
  var pts: Int64
  var nanoseconds: Int64
  var sum: UInt64 = 0
  var description: String { "\(pts)@\(Double(nanoseconds) / 1e9)#\(sum)" }
}

struct Reading {
  var looks: [Look] = []
  var indices: [Int] = []
  var gaps: [Gap] = []
  var steps: [ClockStep] = []
  var statistics = InputStatistics()
}

/// Reads a stream to its end.
func read(_ options: InputOptions, sums: Bool = false) throws -> Reading {
  let reader = try VideoReader(options)
  var reading = Reading()
  while let element = try reader.next() {
    switch element {
    case .keyframe(let keyframe):
      reading.looks.append(Look(pts: keyframe.pts, nanoseconds: keyframe.time.nanoseconds, sum: sums ? checksum(keyframe.picture) : 0))
      reading.indices.append(keyframe.index)
    case .gap(let gap): reading.gaps.append(gap)
    case .clockStep(let step): reading.steps.append(step)
    }
  }
  reading.statistics = reader.statistics
  return reading
}

func read(_ path: String, _ sampling: Sampling = .all, from: Double? = nil, to: Double? = nil, threads: Int = 1, sums: Bool = false) throws -> Reading {
  try read(InputOptions(source: path, sampling: sampling, from: from.map { MediaTime(seconds: $0) }, to: to.map { MediaTime(seconds: $0) },
                        decoderThreads: threads), sums: sums)
}

/// FNV-1a over the pixels, padding left out.
func checksum(_ picture: Picture) -> UInt64 {
  var sum: UInt64 = 0xcbf2_9ce4_8422_2325
  let bytes = picture.pixels.assumingMemoryBound(to: UInt8.self)
  for y in 0..<picture.height {
    for x in 0..<picture.width * 3 { sum = (sum ^ UInt64(bytes[y * picture.rowBytes + x])) &* 0x100_0000_01b3 }
  }
  return sum
}

/// The colour of one pixel.
func colour(_ picture: Picture, _ x: Int, _ y: Int) -> [Int] {
  let bytes = picture.pixels.assumingMemoryBound(to: UInt8.self) + y * picture.rowBytes + x * 3
  return [Int(bytes[0]), Int(bytes[1]), Int(bytes[2])]
}

func isNear(_ a: [Int], _ b: [Int], within levels: Int) -> Bool { zip(a, b).allSatisfy { abs($0 - $1) <= levels } }

func firstPicture(_ path: String) throws -> Picture {
  let reader = try VideoReader(InputOptions(source: path))
  guard case .keyframe(let keyframe)? = try reader.next() else { throw CommandFailed(words: "\(path) has no picture") }
  return keyframe.picture
}
