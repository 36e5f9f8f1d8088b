import ArgumentParser
import EventLog
import Worker

/// How the event log is kept: flags that `watch`, `analyze` and `replay` share.
struct LogFlags: ParsableArguments {
  @Option(help: ArgumentHelp("""
    When events are made safe against a power cut (default: 1s, and at every alert). A process that dies loses none under any policy. A power cut can take with `each` nothing that \
    is in the log, with `1s` (or another duration) the events of that last while, with `never` those of some 30 s, until the system writes by itself; \
    an alert, and what came before it, under no policy.
    """, valueName: "each|1s|never"))
  var sync: String?

  @Option(help: ArgumentHelp("Begin a new part of the log at this size, e.g. 100MB; old parts are compressed.", valueName: "size"))
  var rotateSize: String?

  @Flag(help: "Begin a new part of the log every day (UTC, by the events' own time).")
  var rotateDaily = false

  @Option(help: ArgumentHelp("Delete the oldest parts beyond this size in all, e.g. 10GB.", valueName: "size"))
  var keep: String?

  @Option(help: "When the disk is full or fails: `wait` until it works (default), or `exit`.")
  var whenFull: String?

  func put(into settings: inout StreamSettings) throws {
    settings.sync = try sync.map { try LogText.sync($0) }
    settings.rotateAtBytes = try rotateSize.map { try LogText.bytes($0, "--rotate-size") }
    settings.rotateDaily = rotateDaily ? true : nil
    settings.keepBytes = try keep.map { try LogText.bytes($0, "--keep") }
    settings.whenFull = try whenFull.map { try choice($0, "--when-full", LogOptions.WhenFull.init(rawValue:), LogOptions.WhenFull.allCases.map(\.rawValue)) }
  }
}
