import ArgumentParser
import Foundation
import Scene
import Worker

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what made an event, or why a rule did not fire.",
    discussion: """
      What was seen is judged again under the same rules: from a recording (--tracks, --detections), or from the source itself (--source).

        owlwatch explain EVENT-ID --log events.jsonl --tracks tracks.jsonl --rules Rules/gate.yaml
        owlwatch explain --why-not --rule gate-in --track 1-12 --at 12:03:05 --tracks tracks.jsonl --rules Rules/gate.yaml

      The first tells the rule with its settings, what had to hold and how it stood, and the detections that began each timer. The second \
      tells the first condition that failed, by how much, and the nearest setting that fires, found by judging again with it.
      """)

  @Argument(help: "The event's id, or its beginning where that is unique in the log.")
  var event: String?

  @Option(help: ArgumentHelp("The event log that holds the event.", valueName: "file"), completion: .file())
  var log: String?

  @Option(help: ArgumentHelp("The rule file.", valueName: "file"), completion: .file(extensions: ["yaml", "yml"]))
  var rules: String?

  @Flag(help: "Say why a rule did not fire.")
  var whyNot = false

  @Option(help: ArgumentHelp("With --why-not: the rule.", valueName: "id"))
  var rule: String?

  @Option(help: ArgumentHelp("With --why-not: the track, e.g. 7-12; none where the rule is about a zone or the stream.", valueName: "id"))
  var track: String?

  @Option(help: ArgumentHelp("With --why-not: when: 12:03:05 on the camera's clock (UTC), 93.5s or 1:30 into the stream, or 2026-05-04T12:03:05Z.", valueName: "time"))
  var at: String?

  @Option(help: ArgumentHelp("With --why-not: how far from then to look.", valueName: "duration"))
  var within = "5s"

  @OptionGroup var recording: RecordingOptions

  @Option(help: "text or json.")
  var format = AnswerFormat.text

  func run() throws {
    let signals = Signals()
    let tell = { (line: String) in Terminal.say("owlwatch: \(line)") }
    let answer = whyNot ? try whyNot(signals, tell) : try explained(signals, tell)
    signals.exitIfStopped()
    try Output.write(Data((answer + "\n").utf8))
  }

  private func explained(_ signals: Signals, _ tell: (String) -> Void) throws -> String {
    guard let event else { throw ValidationError("which event? give its id from the log, or ask --why-not") }
    for (flag, value) in [("--rule", rule), ("--track", track), ("--at", at)] where value != nil { throw ValidationError("\(flag) belongs to --why-not") }
    guard let log else { throw ValidationError("which log holds event \(event)? give --log FILE") }
    let explanation = try Explanation(of: event, log: log, from: recording.recording(rules: rules), stop: signals.stop, tell: tell)
    return format == .json ? explanation.json : explanation.text
  }

  private func whyNot(_ signals: Signals, _ tell: (String) -> Void) throws -> String {
    guard event == nil else { throw ValidationError("an event that is there has no why-not: leave out '\(event ?? "")'") }
    guard let rule, let at else { throw ValidationError("--why-not needs --rule ID, --track ID and --at TIME; --track only where the rule is about tracks") }
    let id = try track.map { text throws in
      guard let id = TrackID(text) else { throw ValidationError("--track \(text): a track is written session-number, e.g. 7-12") }
      return id
    }
    guard let interval = MediaInterval(text: within), interval > .zero else { throw ValidationError("--within \(within): write it like 5s") }
    let question = WhyNot.Question(rule: rule, track: id, at: at, within: interval)
    let answer = try WhyNot(question, from: recording.recording(rules: rules), stop: signals.stop, tell: tell)
    return format == .json ? answer.json : answer.text
  }
}
