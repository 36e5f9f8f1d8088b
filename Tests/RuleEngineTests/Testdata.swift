import EventLog
import Foundation
import RuleEngine
import Scene
import Testing

/// A file of the test material; nil where that is absent, and then the test is skipped. In CI it must be there.
func testdata(_ path: String) -> String? {
  let environment = ProcessInfo.processInfo.environment
  guard let root = environment["OWLWATCH_TESTDATA"] else {
    precondition(environment["CI"] != "true", "OWLWATCH_TESTDATA is not set, and in CI the test material must be there")
    return nil
  }
  let file = root + "/" + path
  guard FileManager.default.fileExists(atPath: file) else {
    precondition(environment["CI"] != "true", "\(file) is missing, and in CI the test material must be there")
    return nil
  }
  return file
}

let testdataComment: Comment = "needs the test material: set OWLWATCH_TESTDATA to its folder"

/// Ground truth in MOT format: every row a detected box of a confirmed track, ended on the frame after its last.
struct MOTTruth {
  /// By frame, from 0.
  var frames: [[(id: Int, box: Box)]] = []
  var framesPerSecond = 10.0

  init(path: String, size: PictureSize) throws {
    for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
      let values = line.split(separator: ",").map { Double($0)! }
      let frame = Int(values[0]) - 1, w = Double(size.width), h = Double(size.height)
      while frames.count <= frame { frames.append([]) }
      let box = Box(left: values[2] / w, top: values[3] / h, right: (values[2] + values[4]) / w, bottom: (values[3] + values[5]) / h)
      frames[frame].append((id: Int(values[1]), box: box))
    }
  }

  /// - Parameter every: each which frame is a keyframe.
  func judged(by engine: inout RuleEngine, every: Int = 1) -> [Event] {
    var events: [Event] = []
    var live: [Int: Track] = [:]
    var last = MediaTime.zero
    for frame in stride(from: 0, to: frames.count, by: every) {
      let time = MediaTime(seconds: Double(frame) / framesPerSecond)
      var tracks: [Track] = []
      for row in frames[frame] {
        var track = live[row.id] ?? Track(id: TrackID(session: 1, number: row.id), query: 0, state: .confirmed, box: row.box, score: 1, medianScore: 1,
                                          detected: true, wasConfirmed: true, firstDetected: time, lastDetected: time)
        track.box = row.box
        track.lastDetected = time
        live[row.id] = track
        tracks.append(track)
      }
      for id in live.keys.sorted() where live[id]!.lastDetected < time {
        var track = live.removeValue(forKey: id)!
        track.state = .ended
        track.detected = false
        tracks.append(track)
      }
      events += engine.judge(tracks, at: time, pts: Int64(frame))
      last = time
    }
    return events + engine.finish(at: last, reason: .endOfStream, pts: nil)
  }
}
