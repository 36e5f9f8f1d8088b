import EventLog
import Foundation
import Scene
import Testing

/// `--since` leaves unread what cannot hold a line it asks for, and never more than that.
@Suite struct SinceTests {
  /// 400 events of each context, a second apart.
  private static func log(of contexts: [StreamContext], _ options: LogOptions, in folder: Folder) throws -> String {
    let path = folder.file("gate.jsonl"), log = try EventLogWriter(path: path, options: options, notice: quiet)
    for context in contexts { for n in 0..<400 { try log.append([event(n)], in: context) } }
    try log.close()
    return path
  }

  private static func lines(_ path: String, _ filter: EventFilter) throws -> [String] {
    var lines: [String] = []
    try LogTail(path: path, filter: filter).run(LogTail.Callbacks { lines.append(String(decoding: $0, as: UTF8.self)) })
    return lines
  }

  private static func recording(_ name: String) -> StreamContext {
    StreamContext(stream: name, session: 1, timeBase: Rational(1, 25), timeSource: .file, epoch: 0)
  }

  private static let logs: [LogOptions] = [
    LogOptions(sync: .never), LogOptions(sync: .never, rotateAtBytes: 20_000), LogOptions(sync: .never, rotateAtBytes: 20_000, compressParts: false),
  ]

  /// Two recordings of the same minutes, one behind the other: the second begins before the first ended.
  @Test(arguments: logs) func recordingsThatWereAnalysedOneAfterTheOtherAreAllRead(options: LogOptions) throws {
    let folder = try Folder()
    let path = try Self.log(of: [Self.recording("a"), Self.recording("b")], options, in: folder)
    var filter = EventFilter()
    filter.types = ["line", "zone"]
    let all = try Self.lines(path, filter)
    #expect(all.count == 800)
    filter.since = 300_000_000_000
    let late = try Self.lines(path, filter)
    #expect(late.count == 200 && late == all.filter(Set(late).contains))
  }

  /// A live log is read from where the time is: garbage in front of it is not even seen.
  @Test(arguments: logs) func aLiveLogIsReadFromThereOn(options: LogOptions) throws {
    let folder = try Folder()
    let path = try Self.log(of: [gate], options, in: folder)
    var filter = EventFilter()
    filter.types = ["line", "zone"]
    filter.since = gate.cameraTime(of: MediaTime(seconds: 300))
    let late = try Self.lines(path, filter)
    #expect(late.count == 100)
    let first = folder.names.count > 1 ? folder.file(folder.names[0]) : path
    let bytes = try #require(FileManager.default.contents(atPath: first))
    try (bytes.prefix(bytes.firstIndex(of: 10)! + 1) + Data("garbage\n".utf8) + bytes.drop { $0 != 10 }.dropFirst()).write(to: URL(filePath: first))
    #expect(try Self.lines(path, filter) == late)
    var problems = 0
    var callbacks = LogTail.Callbacks { _ in }
    callbacks.problem = { _ in problems += 1 }
    try LogTail(path: path, filter: filter).run(callbacks)
    #expect(problems == 0)
  }
}
