import Foundation
import Testing

@Suite struct TrackTests {
  /// Two people pass each other, one row missing: the tracks keep their ids, and the gap stays a gap.
  @Test func detectionsInTracksOut() throws {
    let rows = (1...12).flatMap { frame -> [String] in
      var now = ["\(frame),-1,\(100 + 4 * frame),100,40,80,0.9,-1,-1,-1"]
      if frame != 6 { now.append("\(frame),-1,\(400 - 4 * frame),300,40,80,0.8,-1,-1,-1") }
      return now
    }
    let input = Data((rows.joined(separator: "\n") + "\n").utf8)
    let result = try Owlwatch.run(["track", "--fps", "30", "-"], input: input)
    #expect(result.status == 0 && result.errors.isEmpty)
    let found = result.lines.map { $0.split(separator: ",").prefix(2).compactMap { Int($0) } }
    #expect(Set(found.map { $0[1] }).count == 2)
    for id in Set(found.map { $0[1] }) {
      let frames = found.filter { $0[1] == id }.map { $0[0] }
      #expect(frames == Array(1...12) || frames == Array(1...12).filter { $0 != 6 }, "\(frames)")
    }
    #expect(result.lines.allSatisfy { $0.split(separator: ",").count == 10 })
    #expect(result.lines.first?.hasPrefix("1,1,104,100,40,80,") == true, "\(result.lines.first ?? "")")
  }

  @Test func nothingInNothingOut() throws {
    let result = try Owlwatch.run(["track", "--fps", "30", "-"], input: Data())
    #expect(result.status == 0 && result.output.isEmpty && result.errors.isEmpty)
  }

  @Test(.enabled(if: TestData.isThere, "OWLWATCH_TESTDATA names no folder with test material")) func theSameBytesOnEveryRun() throws {
    let detections = try TestData.path("e2e/PETS09-S2L1/det/det.txt")
    let first = try Owlwatch.run("track", "--fps", "10", detections)
    #expect(first.lines.count > 1000)
    #expect(try Owlwatch.run("track", "--fps", "10", detections).output == first.output)
  }
}
