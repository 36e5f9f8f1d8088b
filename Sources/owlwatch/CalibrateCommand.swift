import ArgumentParser
import Foundation
import Scene
import Worker

struct Calibrate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Propose score thresholds for a budget of false alarms.",
    discussion: """
      Looks at a recording with low thresholds, asks which events are right (a dialogue on a terminal, or a table that is filled in \
      elsewhere), and proposes for each query the lowest threshold whose wrong events stay within the budget, with a table of what \
      scores said and what was right. The change to the stream's file is shown as a diff; --apply makes it.

        owlwatch calibrate --query person --budget 2/hour recording.mp4 --marks marks.csv    # writes marks.csv: mark right, wrong
        owlwatch calibrate --query person --budget 2/hour recording.mp4 --marks marks.csv --for Streams/gate.yaml --apply

      Events are what the rule file tells that begins or happens about objects; without one, every object that appears. A recording \
      is a video, a stream's file whose source is one, or recorded detections (analyze --record-detections).
      """)

  @Argument(help: "The recording: a video, a stream's file (.yaml), or recorded detections (.jsonl, or MOT text with --fps and --size).", completion: .file())
  var recording: String

  @Option(help: ArgumentHelp("False alarms that are bearable: 2/hour, 10/day, 1/week.", valueName: "number/time"))
  var budget: String

  @Option(name: .shortAndLong, help: ArgumentHelp("Which queries: as analyze takes them for a video, else ids of the stream's or recording's (default: all of them).", valueName: "words"))
  var query: [String] = []

  @Option(help: ArgumentHelp("Table of marks; written where it isn't there, read where it is. A dialogue keeps its marks here, too.", valueName: "file"), completion: .file())
  var marks: String?

  @Option(name: .customLong("for"), help: ArgumentHelp("The stream's file that the thresholds are for; its queries, rules, model and sampling hold for the recording.", valueName: "file"), completion: .file(extensions: ["yaml", "yml"]))
  var stream: String?

  @Option(help: ArgumentHelp("Rule file.", valueName: "file"), completion: .file(extensions: ["yaml", "yml"]))
  var rules: String?

  @Option(help: "Score from which detections count now (default: the stream's, the recording's or the model's).")
  var threshold: Double?

  @Option(help: ArgumentHelp("Look at a frame of a video every so often.", valueName: "duration"))
  var every: String?

  @OptionGroup var detector: DetectorOptions

  @Option(help: "Frames a second of MOT text.")
  var fps: Double?

  @Option(help: ArgumentHelp("Picture size of MOT text in pixels, e.g. 768x576.", valueName: "size"))
  var size: String?

  @Flag(help: "Write the thresholds into the stream's file.")
  var apply = false

  func run() throws {
    let signals = Signals()
    let bearable = try FalseAlarmBudget(budget)
    let file = stream ?? (Self.isStreamFile(recording) ? recording : nil)
    guard !apply || file != nil else { throw ValidationError("--apply needs the stream's file: --for Streams/gate.yaml") }
    let source = try source(file)
    // A video has only the queries that are given here; a stream or a recording may have more than are asked for.
    let names = file == nil && source.origin == .source ? [] : try query.map { text throws in try QueryText.parse(text).id }
    var calibration = try Calibration(source, queries: names, budget: bearable, stop: signals.stop) { Terminal.say("owlwatch: \($0)") }
    signals.exitIfStopped()
    guard try mark(&calibration) else { return }
    let report = try calibration.report()
    try Output.write(Data((report.text + "\n").utf8))
    try propose(report.thresholds, file: file)
  }

  private static func isStreamFile(_ path: String) -> Bool { path.hasSuffix(".yaml") || path.hasSuffix(".yml") }

  private func source(_ file: String?) throws -> RecordingSource {
    var flags = StreamSettings()
    flags.threshold = try threshold.map { try share($0, "--threshold") }
    flags.rules = rules
    flags.sampling = try SamplingText.parse(every: every, rate: nil, sample: nil)
    try detector.put(into: &flags)
    var settings = try file.map { try flags.over(StreamSettings.load(path: $0)) } ?? flags
    let isDetections = recording.hasSuffix(".jsonl") || fps != nil
    if file == nil { settings.queries = isDetections && fps == nil ? [] : try query.map { text throws in try QueryText.parse(text) } }
    if !Self.isStreamFile(recording) { settings.source = recording }
    settings.output = nil; settings.recordDetections = nil; settings.recordTracks = nil
    var source = RecordingSource(isDetections ? .detections(recording) : .source, settings: settings)
    source.framesPerSecond = try fps.map(FrameRateText.check)
    source.size = try size.map { try SizeText.parse($0, "--size") }
    return source
  }

  /// False where there is nothing more to do but for a person to fill in the table.
  private func mark(_ calibration: inout Calibration) throws -> Bool {
    if let marks, FileManager.default.fileExists(atPath: marks) { try calibration.readMarks(marks) }
    if isatty(STDIN_FILENO) == 1, calibration.events.contains(where: { $0.mark == nil }) {
      MarkingDialogue().run(&calibration)
      if let marks { try write(calibration.marksText, to: marks) }
    }
    guard !calibration.isMarked, !calibration.events.isEmpty else { return true }
    if let marks {
      try write(calibration.marksText, to: marks)
      Terminal.say("owlwatch: \(marks): \(calibration.events.count) events to be marked: write right or wrong in front of each and run this again")
    } else {
      try Output.write(Data(calibration.marksText.utf8))
    }
    return false
  }

  private func write(_ text: String, to path: String) throws {
    do { try Data(text.utf8).write(to: URL(filePath: path), options: .atomic) } catch {
      throw WorkerError(.cannotCreate, "\(path): cannot write the marks; name a file in a folder you may write to")
    }
  }

  private func propose(_ thresholds: [(query: String, text: String, threshold: Double)], file: String?) throws {
    guard !thresholds.isEmpty else { return }
    guard let file else {
      let lines = thresholds.map { "  \($0.query): {text: \($0.text), threshold: \($0.threshold)}" }
      return try Output.write(Data("\nqueries:\n\(lines.joined(separator: "\n"))\n".utf8))
    }
    let edit = try StreamFileEdit(path: file, thresholds: thresholds)
    try Output.write(Data("\n\(edit.diff)".utf8))
    guard apply else { return }
    try edit.apply()
    Terminal.say("owlwatch: \(file): written")
  }
}
