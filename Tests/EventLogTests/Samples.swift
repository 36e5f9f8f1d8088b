import EventLog
import Foundation
import Scene

/// The context of DESIGN's sample: RTCP, epoch such that media time 93.480 is 10:11:12.345.
let gate = StreamContext(stream: "gate-cam", session: 1, timeBase: Rational(1, 90_000), timeSource: .rtcp,
                         epoch: 1_777_889_472_345_000_000 - 93_480_000_000)

let truck = QueryReference(id: "truck", text: "red truck")

/// DESIGN's sample event.
let crossing = Event(
  type: .lineCrossed, subject: "line/gate", mediaTime: MediaTime(nanoseconds: 93_480_000_000), pts: 8_413_200,
  rule: RuleReference(id: "gate-in", kind: "line.crossed"), query: truck,
  object: ObjectReport(track: TrackID(session: 7, number: 12), score: 0.31, detected: true,
                       box: Box(left: 0.41, top: 0.22, right: 0.58, bottom: 0.61)),
  details: [Detail("direction", .text("in")), Detail("count", .integer(12))])

/// The n-th of many events: a second apart, each with its own track, alternately two types.
func event(_ n: Int, phase: Phase? = nil, episode: String? = nil, severity: Severity? = nil) -> Event {
  var event = crossing
  event.type = n % 2 == 0 ? .lineCrossed : .zoneEntered
  event.subject = n % 2 == 0 ? "line/gate" : "zone/yard"
  event.mediaTime = MediaTime(nanoseconds: Int64(n) * 1_000_000_000)
  event.pts = Int64(n) * 90_000
  event.object?.track = TrackID(session: 1, number: n)
  event.phase = phase
  event.episode = episode
  event.severity = severity
  return event
}

func line(_ event: Event, in context: StreamContext = gate, sequence: Int = 1) throws -> String {
  String(decoding: try EventEncoder.line(event, in: context, sequence: sequence), as: UTF8.self)
}

/// A directory that is gone when the test is.
final class Folder {
  let path: String

  init() throws {
    var template = Array((NSTemporaryDirectory() + "owlwatch-log-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }
  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }
}

func content(_ path: String) -> String { String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self) }

func write(_ text: String, to path: String) { _ = FileManager.default.createFile(atPath: path, contents: Data(text.utf8)) }

func size(_ path: String) -> Int { content(path).utf8.count }

/// `seq` of each line.
func sequences(_ text: String) -> [Int] {
  text.split(separator: "\n").compactMap { line in
    guard let range = line.range(of: "\"seq\":") else { return nil }
    return Int(line[range.upperBound...].prefix { $0.isNumber })
  }
}

let quiet: @Sendable (String) -> Void = { _ in }
