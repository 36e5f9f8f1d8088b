import ArgumentParser
import Foundation
import Scene
import Worker

struct Replay: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Recorded detections or tracks in, events out.",
    discussion: """
      Reads what `analyze --record-detections` and `--record-tracks` wrote, and MOT text from anywhere. With --tracks, every \
      row of MOT text is taken as a detected box of a confirmed track.
      """)

  @Option(help: ArgumentHelp("Detections: MOT text, or JSON Lines where the name ends in .jsonl.", valueName: "file"))
  var detections: String?

  @Option(help: ArgumentHelp("Tracks, likewise.", valueName: "file"))
  var tracks: String?

  @Option(help: "Frames a second of MOT text.")
  var fps: Double?

  @Option(help: ArgumentHelp("Picture size of MOT text in pixels, e.g. 768x576.", valueName: "size"))
  var size: String?

  @Option(help: "Id that names the stream in events.")
  var stream: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("What was looked for, repeatable (default: what the recording says).", valueName: "words"))
  var query: [String] = []

  @Option(help: "Score from which a detection counts (default: the recording's; MOT text: all count).")
  var threshold: Double?

  @Option(help: ArgumentHelp("Rule file; without one every query gets object.appeared and object.ended.", valueName: "file"))
  var rules: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("Event log (default: standard output).", valueName: "file"))
  var output: String?

  @OptionGroup var log: LogFlags

  @Flag(help: "Begin anew where an earlier replay left a log or a checkpoint.")
  var restart = false

  @Flag(help: "Write after what the log already holds.")
  var append = false

  @Option(help: ArgumentHelp("Camera time of the first frame, e.g. 2026-05-04T10:11:12Z.", valueName: "time"))
  var startTime: String?

  func run() throws {
    guard (detections == nil) != (tracks == nil) else { throw ValidationError("give either --detections or --tracks") }
    let signals = Signals()
    var settings = StreamSettings()
    settings.stream = stream
    settings.queries = try query.map { text throws in try QueryText.parse(text) }
    settings.threshold = threshold
    settings.rules = rules
    settings.output = output
    try log.put(into: &settings)
    settings.startTime = try startTime.map { try CameraTimeText.parse($0, "--start-time") }
    var job = ReplayJob(recording: detections ?? tracks ?? "", kind: detections != nil ? .detections : .tracks, settings: settings)
    job.restart = restart; job.append = append
    job.framesPerSecond = try fps.map(FrameRateText.check)
    job.size = try size.map { try SizeText.parse($0, "--size") }
    let counts = try job.run(stop: signals.stop)
    if Terminal.isInteractive { Terminal.say("\(counts.keyframes) keyframes, \(counts.events) events") }
    signals.exitIfStopped()
  }
}
