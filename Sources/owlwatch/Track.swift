import ArgumentParser
import Foundation
import Scene
import Tracking
import Worker

struct Track: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "MOT detections in, MOT tracks out.",
    discussion: "Reads frame,id,left,top,width,height,score,… (frames from 1, pixels) and writes the same with ids: what trackeval reads.")

  @Argument(help: "Detections; - for standard input.", completion: .file())
  var detections: String

  @Option(help: "Frames a second: the time between frame numbers.")
  var fps: Double

  @Option(help: "Score from which a detection counts as high.")
  var high = 0.6

  @Option(help: "Score from which a detection can keep a track alive.")
  var low = 0.1

  @Option(help: "Score from which a detection begins a track.")
  var new = 0.7

  @Option(help: ArgumentHelp("A track that was not seen for so long ends.", valueName: "duration"))
  var lostAfter: String?

  @Option(help: ArgumentHelp("Picture size in pixels; proportions are all that matters.", valueName: "size"))
  var size = "1920x1080"

  @Option(help: "Leave out boxes of fewer square pixels.")
  var minimumArea = 0.0

  @Option(help: ArgumentHelp("Draw tracks straight through so many missed frames.", valueName: "frames"))
  var bridge = 0

  func run() throws {
    guard high > 0, low >= 0, new >= 0 else { throw ValidationError("--high must be above 0, --low and --new not below") }
    let rate = try FrameRateText.check(fps)
    let picture = try SizeText.parse(size, "--size")
    var options = TrackerOptions(high: high, low: low, new: new)
    if let lostAfter {
      guard let interval = MediaInterval(text: lostAfter) else { throw ValidationError("--lost-after \(lostAfter): write it like 1s") }
      options.lostAfter = interval
    }
    var tracker = Tracker(options: options, size: picture)
    var tracks = MOTTracks(size: picture, minimumArea: minimumArea, bridgedFrames: bridge)
    let frames = try MOTReader(file: detections == "-" ? "standard input" : detections).frames(of: read())
    var next = frames.startIndex
    for number in 1..<((frames.last?.number ?? 0) + 1) {
      let frame = frames[next].number == number ? frames[next] : MOTFrame(number: number, rows: [])
      if frame.rows.isEmpty == false { next += 1 }
      tracks.add(tracker.update(frame.detections(in: picture), at: frame.time(fps: rate)), frame: number)
    }
    try Output.write(Data(tracks.finish().map(\.line).joined().utf8))
  }

  private func read() throws -> Data {
    if detections == "-" { return FileHandle.standardInput.readDataToEndOfFile() }
    guard let data = FileManager.default.contents(atPath: detections) else {
      throw WorkerError(.noInput, "\(detections): cannot read these detections; name an existing file of MOT text, or - for standard input")
    }
    return data
  }
}
