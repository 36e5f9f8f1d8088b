import ArgumentParser
import Foundation
import Regions
import Scene
import Worker

/// Where verbs that judge again find what was seen: a recording, or the source to be looked at once more.
struct RecordingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Recorded tracks (analyze --record-tracks): .jsonl, or MOT text.", valueName: "file"), completion: .file())
  var tracks: String?

  @Option(help: ArgumentHelp("Recorded detections (analyze --record-detections), likewise.", valueName: "file"), completion: .file())
  var detections: String?

  @Option(help: ArgumentHelp("Without a recording: look at this again, as it was analysed: a stream's file (.yaml) with its queries, rules and sampling, or a video.", valueName: "file"), completion: .file())
  var source: String?

  @Option(help: "Frames a second of MOT text.")
  var fps: Double?

  @Option(help: ArgumentHelp("Picture size of MOT text in pixels, e.g. 768x576.", valueName: "size"))
  var size: String?

  @Option(help: "Id of the stream in events (default: the recording's).")
  var stream: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("What was looked for, repeatable (default: what the recording or the stream's file says).", valueName: "words"))
  var query: [String] = []

  @Option(help: "Score from which a detection counted (default: the recording's or the model's).")
  var threshold: Double?

  @Option(help: ArgumentHelp("Sampling of the source, as analyze had it.", valueName: "duration"))
  var every: String?

  @OptionGroup var detector: DetectorOptions

  @Option(help: ArgumentHelp("Camera time of the first frame, e.g. 2026-05-04T10:11:12Z.", valueName: "time"))
  var startTime: String?

  /// What was given, with its settings.
  /// - Parameter rules: the rule file's flag; it beats the stream's file.
  func recording(rules: String?) throws -> RecordingSource {
    guard [tracks, detections, source].count(where: { $0 != nil }) == 1 else {
      throw ValidationError("say where what was seen is to be found, by one of: --tracks FILE or --detections FILE (recordings of analyze --record-tracks, --record-detections), "
                            + "or --source FILE (the stream's .yaml or the video, to be looked at again)")
    }
    var flags = StreamSettings()
    flags.stream = stream
    flags.queries = try query.map { text throws in try QueryText.parse(text) }
    flags.threshold = try threshold.map { try share($0, "--threshold") }
    flags.rules = rules
    flags.sampling = try SamplingText.parse(every: every, rate: nil, sample: nil)
    try detector.put(into: &flags)
    flags.startTime = try startTime.map { try CameraTimeText.parse($0, "--start-time") }
    var recording: RecordingSource
    if let source {
      let found = try InputList.expand([source], flags: flags)
      guard found.count == 1 else { throw ValidationError("--source \(source): name one video or one stream's file") }
      recording = RecordingSource(.source, settings: found[0])
    } else {
      recording = RecordingSource(tracks.map { .tracks($0) } ?? .detections(detections ?? ""), settings: flags)
    }
    recording.framesPerSecond = try fps.map(FrameRateText.check)
    recording.size = try size.map { try SizeText.parse($0, "--size") }
    return recording
  }
}

/// How answers come out.
enum AnswerFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json
}
