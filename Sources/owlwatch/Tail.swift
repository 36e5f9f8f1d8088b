import ArgumentParser
import EventLog
import Foundation
import Worker

struct Tail: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Read, follow and filter the event log.",
    discussion: "Filters may be given several times; one of each kind must fit. With --format json lines come out as they are in the log, byte for byte.")

  @Argument(help: "Event log; `-` for standard input, which is read to its end, as is any pipe.", completion: .file())
  var log: String

  @Option(name: [.customShort("n"), .long], help: "Only the last so many lines that pass the filters.")
  var lines: Int?

  @Flag(name: .shortAndLong, help: "Go on as the log grows; survives rotation, truncation, and a log that is not there yet.")
  var follow = false

  @Option(help: ArgumentHelp("Type of event, e.g. zone.entered.", valueName: "type"))
  var type: [String] = []

  @Option(help: ArgumentHelp("Id of a rule.", valueName: "id"))
  var rule: [String] = []

  @Option(help: ArgumentHelp("Id of a query.", valueName: "id"))
  var query: [String] = []

  @Option(help: ArgumentHelp("Id of a stream.", valueName: "id"))
  var stream: [String] = []

  @Option(help: ArgumentHelp("Id of a track, e.g. 7-12.", valueName: "id"))
  var track: [String] = []

  @Option(help: ArgumentHelp("Id of a zone.", valueName: "id"))
  var zone: [String] = []

  @Option(help: "Least score of the object, 0…1.")
  var score: Double?

  @Option(help: "Least severity: \(Severity.allCases.map(\.rawValue).joined(separator: ", ")).")
  var severity: String?

  @Option(help: "Events of rules with `shadow: true`: \(EventFilter.Shadows.allCases.map(\.rawValue).joined(separator: ", ")).")
  var shadow = EventFilter.Shadows.show.rawValue

  @Option(help: ArgumentHelp("From this camera time on: 2026-05-04T10:11:12Z, or 10m ago.", valueName: "time"))
  var since: String?

  @Option(help: ArgumentHelp("Before this camera time.", valueName: "time"))
  var until: String?

  @Option(help: "json (raw lines), text (for people), csv (default: text on a terminal, else json).")
  var format: String?

  @Flag(inversion: .prefixedNo, help: "Colour the text (default: on a terminal).")
  var color: Bool?

  @Flag(help: "Show times in the local time zone instead of UTC.")
  var localTime = false

  func run() throws {
    let signals = Signals()
    if let lines, lines < 0 { throw ValidationError("--lines \(lines): give 0 or more") }
    let tail = LogTail(path: log, filter: try filter(), lastLines: lines, follow: follow)
    let onTerminal = isatty(STDOUT_FILENO) == 1
    let chosen = try format.map { try choice($0, "--format", LineFormat.init(rawValue:), LineFormat.allCases.map(\.rawValue)) }
    let printer = LinePrinter(LineFormatter(chosen ?? (onTerminal ? .text : .json), coloured: color ?? onTerminal, localTime: localTime))
    var callbacks = LogTail.Callbacks { try printer.print($0) }
    callbacks.problem = { Terminal.say("owlwatch: \($0)") }
    callbacks.deleted = { [log] in
      let parts = $0.count == 1 ? "part \($0.lowerBound) was" : "parts \($0.lowerBound) to \($0.upperBound) were"
      Terminal.say("owlwatch: \(log): \(parts) deleted before they could be read: their events are missing here; a larger --keep keeps parts for longer")
    }
    callbacks.idle = { try printer.flush() }
    callbacks.isCancelled = { signals.stop.isSet }
    do {
      try printer.begin()
      try tail.run(callbacks)
      try printer.flush()
    } catch is ClosedPipe {
      // `owlwatch tail … | head` has what it wanted.
    }
    signals.exitIfStopped()
  }

  private func filter() throws -> EventFilter {
    var filter = EventFilter()
    filter.types = try type.map { try choice($0, "--type", { EventTypePattern($0).isKnown ? $0 : nil }, EventType.allCases.map(\.rawValue)) }
    filter.rules = rule; filter.queries = query; filter.streams = stream; filter.tracks = track; filter.zones = zone
    filter.minimumScore = score
    filter.minimumSeverity = try severity.map { try choice($0, "--severity", Severity.init(rawValue:), Severity.allCases.map(\.rawValue)) }
    filter.shadows = try choice(shadow, "--shadow", EventFilter.Shadows.init(rawValue:), EventFilter.Shadows.allCases.map(\.rawValue))
    filter.since = try since.map { try EventFilter.time($0) }
    filter.until = try until.map { try EventFilter.time($0) }
    return filter
  }
}

/// Gathers formatted lines, and writes them when all there is has been read or 64 KiB are full.
private final class LinePrinter {
  private var formatter: LineFormatter
  private var waiting: [UInt8] = []

  init(_ formatter: LineFormatter) { self.formatter = formatter }

  func begin() throws { waiting += formatter.header }

  func print(_ line: UnsafeRawBufferPointer) throws {
    formatter.append(line, to: &waiting)
    if waiting.count >= 64 << 10 { try flush() }
  }

  func flush() throws {
    guard !waiting.isEmpty else { return }
    try Output.write(waiting)
    waiting.removeAll(keepingCapacity: true)
  }
}
