import ArgumentParser
import Foundation
import Scene
import Worker

struct Watch: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Watch live streams until stopped.",
    discussion: """
      Takes a URL (rtsp, http), a device (/dev/video0), - for standard input, or stream files (.yaml), several at once. \
      Reconnects for ever; SIGINT and SIGTERM end it cleanly, a second signal at once.
      """)

  @Argument(help: "URL, device or stream files.", completion: .file())
  var sources: [String]

  @OptionGroup var options: StreamOptions

  @Option(help: ArgumentHelp("A stream that is silent for this long is down.", valueName: "duration"))
  var stallTimeout: String?

  func run() throws {
    let signals = Signals()
    var flags = try options.settings()
    flags.stallTimeout = try stallTimeout.map {
      guard let interval = MediaInterval(text: $0), interval > .zero else { throw ValidationError("--stall-timeout \($0): write it like 10s") }
      return interval
    }
    let streams = try sources.map { source in
      if InputList.isStreamFile(source) { return flags.over(try StreamSettings.load(path: source)) }
      var settings = flags
      settings.source = source
      return settings
    }
    let detector = try DetectorFactory.make(streams[0])
    let reporter = ProgressReporter(style: .auto, inputs: streams.count)
    reporter.start()
    defer { reporter.stop() }
    try WatchJob(streams: streams).run(detector: detector, stop: signals.stop, tell: { Terminal.say("owlwatch: \($0)") }, began: reporter.began)
    reporter.stop()
    Summary(outcomes: reporter.outcomes, wall: reporter.wall).say(style: .auto)
    signals.exitIfStopped()
  }
}
