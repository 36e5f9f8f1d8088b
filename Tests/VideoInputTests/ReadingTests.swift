import Foundation
import Scene
import Testing
import VideoInput

/// Clips that ffmpeg makes for the test: sampling, positions, containers.
@Suite struct ReadingTests {
  private func milliseconds(_ reading: Reading) -> [Int64] { reading.looks.map { $0.nanoseconds / 1_000_000 } }

  @Test func everyAndRateAndAll() throws {
    let clip = try Workshop.shared.pattern(to: "sampling.mp4")
    #expect(try milliseconds(read(clip, .every(.milliseconds(500)))) == (0..<20).map { $0 * 500 + ($0 % 2 == 0 ? 0 : 20) })
    #expect(try milliseconds(read(clip, .every(.seconds(3)))) == [0, 3000, 6000, 9000])
    #expect(try milliseconds(read(clip, #require(.perSecond(1)))) == (0..<10).map { $0 * 1000 })
    #expect(try milliseconds(read(clip, .all)) == (0..<250).map { $0 * 40 })
  }

  @Test func ofIntraFramesAloneNothingElseIsDecoded() throws {
    let clip = try Workshop.shared.pattern(to: "intra.mp4")
    let reading = try read(clip, .intra)
    #expect(milliseconds(reading) == [0, 2000, 4000, 6000, 8000])
    #expect(reading.statistics.framesDecoded == 5)
    #expect(reading.statistics.packets == 250)
  }

  @Test(arguments: ["mp4", "mkv", "ts", "avi"]) func fromIsInclusiveAndToIsNot(container: String) throws {
    let clip = try Workshop.shared.pattern(to: "positions.\(container)")
    let whole = try read(clip, .all, sums: true)
    #expect(whole.looks.count == 250)
    for (from, to) in [(0.0, 1.0), (2.0, 4.0), (5.02, 6.0), (9.0, 20.0), (6.6, 6.68)] {
      let part = try read(clip, .all, from: from, to: to, sums: true)
      let wanted = whole.looks.filter { $0.nanoseconds >= Int64(from * 1e9) && $0.nanoseconds < Int64(to * 1e9) }
      #expect(part.looks == wanted, "\(container) \(from)…\(to)")
      #expect(part.indices == Array(wanted.indices))
    }
    #expect(try read(clip, .all, from: 100).looks.isEmpty)
  }

  /// MPEG program streams give a time to some frames alone; elementary streams to none.
  @Test(arguments: ["mpg", "m2v"]) func framesWithoutTimeStampsStandOneDurationApart(container: String) throws {
    let clip = try Workshop.shared.pattern("-c:v mpeg2video -b:v 2M -bf 2 -g 12", to: "stamps.\(container)")
    let reading = try read(clip)
    #expect(reading.looks.count == 250)
    #expect(milliseconds(reading) == (0..<250).map { $0 * 40 })
    #expect(reading.gaps == [] && reading.steps == [])
  }

  @Test func aClockThatJumpsBackBeginsANewSession() throws {
    let workshop = Workshop.shared
    let first = try workshop.pattern(seconds: 4, to: "before.ts"), second = try workshop.pattern(seconds: 3, to: "after.ts")
    var bytes = try Data(contentsOf: URL(fileURLWithPath: first))
    bytes.append(try Data(contentsOf: URL(fileURLWithPath: second)))
    let joined = try workshop.write(Array(bytes), to: "joined.ts")
    let reading = try read(joined, .every(.seconds(1)))
    #expect(milliseconds(reading) == [0, 1000, 2000, 3000, 0, 1000, 2000])
    #expect(reading.steps.map(\.from.nanoseconds) == [3_960_000_000])
    #expect(reading.steps.allSatisfy { abs($0.to.seconds) < 0.1 })
  }

  @Test func aPipeIsReadAsItComes() throws {
    let workshop = Workshop.shared
    let clip = try workshop.pattern(to: "pipe.mkv"), pipe = workshop.file("named-pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    let writer = Process()
    writer.executableURL = URL(fileURLWithPath: "/bin/sh")
    writer.arguments = ["-c", "cat \"$0\" > \"$1\"", clip, pipe]
    try writer.run()
    #expect(try read(pipe, .every(.seconds(1)), sums: true).looks == read(clip, .every(.seconds(1)), sums: true).looks)
    writer.waitUntilExit()
  }

  @Test func anIndexAtTheEndOfAPipeIsToldHowToMend() throws {
    let workshop = Workshop.shared
    let clip = try workshop.ffmpeg("-f lavfi -i testsrc2=s=640x480:r=25 -t 20 -pix_fmt yuv420p -c:v libx264 -qp 10", to: "index-at-end.mp4"), pipe = workshop.file("mp4-pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    let writer = Process()
    writer.executableURL = URL(fileURLWithPath: "/bin/sh")
    writer.arguments = ["-c", "cat \"$0\" > \"$1\" 2>/dev/null", clip, pipe]
    try writer.run()
    let error = #expect(throws: VideoInputError.self) { _ = try read(pipe, .every(.seconds(1))) }
    #expect(error?.description.contains("faststart") == true, "\(error?.description ?? "")")
    writer.terminate()
    writer.waitUntilExit()
  }

  @Test func theWebIsReadLikeAFile() throws {
    let workshop = Workshop.shared
    let clip = try workshop.pattern("-c:v libx264 -preset veryfast -bf 2 -g 50 -movflags +faststart", to: "web.mp4")
    let server = try WebServer(folder: workshop.path)
    #expect(try read(server.address + "/web.mp4", .every(.seconds(1)), sums: true).looks == read(clip, .every(.seconds(1)), sums: true).looks)
    #expect(try read(server.address + "/web.mp4", .every(.seconds(1)), from: 7).looks.count == 3)
    let missing = #expect(throws: VideoInputError.self) { _ = try read(server.address + "/missing.mp4") }
    #expect(missing?.kind == .notFound)
    let refused = #expect(throws: VideoInputError.self) { _ = try read("http://127.0.0.1:9/clip.mp4") }
    #expect(refused?.kind == .unavailable)
  }

  @Test func soundAloneIsNoVideo() throws {
    let sound = try Workshop.shared.ffmpeg("-f lavfi -i sine=d=1 -c:a aac", to: "sound.m4a")
    let error = #expect(throws: VideoInputError.self) { _ = try read(sound) }
    #expect(error?.kind == .noVideoStream)
    #expect(error?.description.contains("it has no video stream (it holds aac)") == true)
  }
}

/// Python's web server over a folder, on a free port of loopback.
final class WebServer {
  let address: String
  private let process = Process()

  init(folder: String) throws {
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", folder]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    // "Serving HTTP on 127.0.0.1 port 40123 (http://127.0.0.1:40123/) ..."
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    let port = try #require(line.split(separator: " ").compactMap { Int($0) }.first, "\(line)")
    address = "http://127.0.0.1:\(port)"
  }

  deinit { process.terminate() }
}
