import ArgumentParser
import Foundation
import Scene
import Worker

struct Analyze: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Analyse video files as fast as the machine allows.",
    discussion: """
      Takes files, folders (their videos, in order of name) and stream files (.yaml). With --output, an analysis that was \
      killed goes on where its last checkpoint was; the finished log is the same, byte for byte.
      """)

  @Argument(help: "Video files, folders, stream files; - for standard input.", completion: .file())
  var inputs: [String] = []

  @Option(help: ArgumentHelp("Read more inputs from this file, a line each; - for standard input.", valueName: "file"))
  var filesFrom: String?

  @OptionGroup var options: StreamOptions

  @Option(help: ArgumentHelp("Begin at this position (90s, 1:30).", valueName: "position"))
  var from: String?

  @Option(help: ArgumentHelp("End before this position.", valueName: "position"))
  var to: String?

  @Option(help: ArgumentHelp("Camera time of the first frame, e.g. 2026-05-04T10:11:12Z (default: the file's metadata).", valueName: "time"))
  var startTime: String?

  @Option(help: "Files analysed side by side.")
  var jobs = 1

  @Flag(help: "Begin anew where an earlier analysis left a log or a checkpoint.")
  var restart = false

  @Flag(help: "Write after what the log already holds.")
  var append = false

  @Option(help: ArgumentHelp("Wall time between checkpoints.", valueName: "duration"))
  var checkpointEvery = "5s"

  @Option(help: "Progress on standard error: auto (a line on terminals), json (a line of JSON a second), none.")
  var progress = ProgressStyle.auto

  func run() throws {
    let signals = Signals()
    let inputs = try allInputs()
    var job = AnalyzeJob(inputs: inputs)
    guard (1...256).contains(jobs) else { throw ValidationError("--jobs \(jobs): give 1 to 256") }
    guard let interval = MediaInterval(text: checkpointEvery) else { throw ValidationError("--checkpoint-every \(checkpointEvery): write it like 5s") }
    job.jobs = jobs; job.restart = restart; job.append = append; job.checkpointInterval = interval
    let detector = try DetectorFactory.make(inputs[0])
    let reporter = ProgressReporter(style: progress, inputs: inputs.count)
    reporter.start()
    let began = ContinuousClock.now
    let outcomes: [AnalyzeJob.Outcome]
    do {
      outcomes = try job.run(detector: detector, stop: signals.stop, warn: { Terminal.say("owlwatch: \($0)") }, began: reporter.began)
    } catch {
      reporter.stop()
      throw error
    }
    reporter.stop()
    for outcome in outcomes { if let error = outcome.error { Terminal.say("owlwatch: \(error)") } }
    Summary(outcomes: outcomes, wall: ContinuousClock.now - began, skipsBeginning: from != nil).say(style: progress)
    signals.exitIfStopped()
    try fail(outcomes)
  }

  /// One input that failed alone decides the exit code; among several it is 1.
  private func fail(_ outcomes: [AnalyzeJob.Outcome]) throws {
    let failed = outcomes.compactMap(\.error)
    guard let first = failed.first else { return }
    let known = ExitStatus(of: first) ?? .internalError
    throw ExitCode(outcomes.count == 1 || known == .ioError ? known.rawValue : ExitStatus.someFailed.rawValue)
  }

  private func allInputs() throws -> [StreamSettings] {
    var flags = try options.settings()
    flags.from = try from.map { try PositionText.parse($0, "--from") }
    flags.to = try to.map { try PositionText.parse($0, "--to") }
    flags.startTime = try startTime.map { try CameraTimeText.parse($0, "--start-time") }
    if let from = flags.from, let to = flags.to, to <= from { throw ValidationError("--to must come after --from") }
    let names = inputs + (try filesFrom.map(InputList.lines(of:)) ?? [])
    let found = try InputList.expand(names, flags: flags)
    guard !found.isEmpty else { throw ValidationError("no input: name a video file, a folder or a stream file") }
    guard found.count == 1 || (flags.recordDetections == nil && flags.recordTracks == nil) else {
      throw ValidationError("--record-detections and --record-tracks take one input at a time")
    }
    return found
  }
}
