import ArgumentParser
import Foundation
import Scene
import Worker

extension Rules {
  struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show what each of two rule files, or of two rules of a log, says.",
      discussion: """
        Two rule files are judged on the same recording (--tracks, --detections) or source (--source):

          owlwatch rules compare Rules/gate.yaml new-gate.yaml --tracks tracks.jsonl

        With --log nothing is judged: it compares what two rules told that ran side by side, by their ids or by the files they stand \
        in; one of them is usually on trial (`shadow: true`):

          owlwatch rules compare through-the-gate through-the-gate-2 --log events.jsonl

        Events are the same where type, phase, object and direction are, and their times differ by no more than --within.
        """)

    @Argument(help: "A rule file; with --log also a rule's id.", completion: .file(extensions: ["yaml", "yml"]))
    var a: String

    @Argument(help: "Another.", completion: .file(extensions: ["yaml", "yml"]))
    var b: String

    @Option(help: ArgumentHelp("Event log that holds the events of both.", valueName: "file"), completion: .file())
    var log: String?

    @Option(help: ArgumentHelp("How much later or earlier the same event may be.", valueName: "duration"))
    var within = "5s"

    @OptionGroup var recording: RecordingOptions

    @Option(help: "text or json.")
    var format = AnswerFormat.text

    func run() throws {
      let signals = Signals()
      guard let interval = MediaInterval(text: within) else { throw ValidationError("--within \(within): write it like 5s") }
      let comparison: RuleComparison
      if let log {
        guard recording.tracks == nil, recording.detections == nil, recording.source == nil else {
          throw ValidationError("--log compares what was told, a recording what would be told: give one of them")
        }
        comparison = try RuleComparison.reading(a, b, log: log, within: interval)
      } else {
        comparison = try RuleComparison.judging(a, b, from: recording.recording(rules: a), within: interval, stop: signals.stop) { Terminal.say("owlwatch: \($0)") }
      }
      signals.exitIfStopped()
      try Output.write(Data(((format == .json ? comparison.json : comparison.text) + "\n").utf8))
    }
  }
}
