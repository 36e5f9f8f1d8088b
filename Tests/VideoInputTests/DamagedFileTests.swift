import Foundation
import Testing
import Scene
import VideoInput

/// Files that are cut off or overwritten: what can be decoded comes, with one gap for each damaged stretch.
@Suite struct DamagedFileTests {
  private func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

  @Test(arguments: ["mp4", "mkv", "ts", "avi"]) func whatIsLeftOfATruncatedFile(container: String) throws {
    let workshop = Workshop.shared
    let movflags = container == "mp4" ? " -movflags +faststart" : ""
    let whole = try workshop.pattern("-c:v libx264 -preset veryfast -bf 2 -g 50" + movflags, to: "whole.\(container)")
    let all = try bytes(whole)
    let cut = try workshop.write(Array(all.prefix(all.count * 6 / 10)), to: "cut.\(container)")
    let reading = try read(cut)
    let reference = try read(whole, sums: true)
    // Every frame that is given out is one of the whole file's, at its time.
    #expect((100..<200).contains(reading.looks.count), "\(reading.looks.count)")
    #expect(reading.looks.map(\.nanoseconds) == Array(reference.looks.map(\.nanoseconds).prefix(reading.looks.count)))
    // MPEG-TS promises no length, and FFmpeg corrects AVI's by the file's: nothing but torn frames can be known to be missing.
    #expect(container == "ts" ? reading.gaps.count <= 1 : reading.gaps.count == 1, "\(reading.gaps)")
    guard container == "mp4" || container == "mkv", let gap = reading.gaps.first else { return }
    #expect(abs(gap.to.seconds - 10) < 0.1)
    #expect(gap.lostPackets + gap.lostFrames >= 40, "\(gap)")
  }

  @Test(arguments: ["mp4", "mkv", "ts", "avi"]) func oneOverwrittenStretchIsOneGap(container: String) throws {
    let workshop = Workshop.shared
    // An intra frame more often than the second after which frames are trusted again without one.
    let whole = try workshop.pattern("-c:v libx264 -preset veryfast -bf 2 -g 20", to: "sound.\(container)")
    var broken = try bytes(whole)
    let reference = try read(whole, sums: true)
    var random = SeededBytes(state: 7)
    let start = broken.count * 45 / 100
    for index in start..<start + broken.count / 50 { broken[index] = random.next() }
    let reading = try read(workshop.write(broken, to: "broken.\(container)"), sums: true)
    #expect(reading.gaps.count == 1, "\(container): \(reading.gaps)")
    #expect(reading.gaps.allSatisfy { $0.reason == .damaged && $0.to.seconds - $0.from.seconds < 3 })
    // AVI has no time stamps: frames that are lost with their headers are not counted, and what follows comes early.
    if container == "avi" { return }
    // What is looked at outside the gap is exactly what the sound file shows there.
    let truth = Dictionary(uniqueKeysWithValues: reference.looks.map { ($0.nanoseconds, $0.sum) })
    #expect(reading.looks.count > 150)
    #expect(reading.looks.filter { truth[$0.nanoseconds] != $0.sum } == [], "\(container)")
  }

  @Test func twoStretchesAreTwoGaps() throws {
    let workshop = Workshop.shared
    let whole = try workshop.pattern(seconds: 20, to: "long.mp4")
    var broken = try bytes(whole)
    var random = SeededBytes(state: 11)
    for part in [25, 70] {
      let start = broken.count * part / 100
      for index in start..<start + broken.count / 100 { broken[index] = random.next() }
    }
    let reading = try read(workshop.write(broken, to: "twice.mp4"))
    #expect(reading.gaps.count == 2, "\(reading.gaps)")
    #expect(reading.statistics.gaps == 2)
  }

  @Test func anIndexThatIsGoneLeavesNothing() throws {
    let workshop = Workshop.shared
    let all = try bytes(workshop.pattern(to: "index.mp4"))
    let cut = try workshop.write(Array(all.prefix(all.count / 2)), to: "no-index.mp4")
    let error = #expect(throws: VideoInputError.self) { _ = try read(cut) }
    #expect(error?.kind == .notAVideo)
    #expect(error?.description.contains("moov atom not found") == true, "\(error?.description ?? "")")
  }
}

/// A seeded generator of bytes, the same everywhere.
struct SeededBytes {
  var state: UInt64
  mutating func next() -> UInt8 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return UInt8(truncatingIfNeeded: state >> 33)
  }
}
