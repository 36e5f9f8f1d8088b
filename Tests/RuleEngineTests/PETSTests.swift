import EventLog
import Foundation
import RuleEngine
import Scene
import Testing

/// Real walks with ground truth, against answers computed apart: `Answers/pets_answers.py`, in Python and another way.
@Suite struct PETSTests {
  static let truth = testdata("e2e/PETS09-S2L1/gt/gt.txt")
  static let rules = """
    size: 768x576
    zones: {yard: [[250, 150], [550, 150], [550, 400], [250, 400]]}
    lines: {gate: [[384, 0], [384, 576]]}
    rules:
      - {id: yard, kind: zone.entered, zone: yard}
      - {id: waits, kind: zone.loitering, zone: yard, after: 5s}
      - {id: gate, kind: line.crossed, line: gate}
      - {id: busy, kind: zone.occupancy, zone: yard, max: 4}
      - {id: quiet, kind: zone.occupancy, zone: yard, min: 1}
      - {id: wrong, kind: object.wrong_direction, forbidden: right}
      - {id: stopped, kind: object.stopped, after: 5s}
    """

  struct Answer: Decodable, CustomStringConvertible {
    var rule: String, type: String, track: Int?, time: Int
    var phase: String?, reason: String?, dwell: Int?, direction: String?
    var description: String { "\(rule): \(type) \(phase ?? "") of track \(track ?? 0) at \(time) ms\(direction.map { ", \($0)" } ?? "")" }
  }

  static func answers() throws -> [Answer] {
    let url = try #require(Bundle.module.url(forResource: "Answers/pets", withExtension: "json"))
    return try JSONDecoder().decode([Answer].self, from: Data(contentsOf: url))
  }

  static func told(rate: Int = 1) throws -> [Event] {
    let size = PictureSize(width: 768, height: 576)
    let queries = [Query(id: "person", text: "person")]
    let set = try RuleSet.parse(rules, file: "pets.yaml", queries: queries)
    var engine = RuleEngine(rules: set, context: RuleContext(queries: queries, size: size, stream: "pets", session: 1, epoch: 0))
    return try MOTTruth(path: #require(truth), size: size).judged(by: &engine, every: rate)
  }

  @Test("Every event that the answers have is found at its time, and none is invented", .enabled(if: truth != nil, testdataComment))
  func events() throws {
    // Ends of loitering follow the visits, which are compared themselves.
    var told = try Self.told().filter { !($0.type == .zoneLoitering && $0.phase == .end) }
    for answer in try Self.answers() {
      // The walk in Python goes in steps of a millisecond.
      let index = told.firstIndex { event in
        event.rule?.id == answer.rule && event.type.rawValue == answer.type && event.object?.track.number == answer.track && (answer.phase == nil || event.phase?.rawValue == answer.phase)
          && abs(milliseconds(event.mediaTime) - answer.time) <= 2 && event.text("direction") == answer.direction
          && (answer.reason == nil || event.reason?.rawValue == answer.reason || (answer.reason == "lost" && event.reason == .left))
          && (answer.dwell == nil || abs((event.seconds("dwell") ?? -1) * 1000 - Double(answer.dwell!)) <= 3)
      }
      #expect(index != nil, "missing: \(answer)")
      if let index { told.remove(at: index) }
    }
    #expect(told.isEmpty, "invented: \(told.map { "\($0.type.rawValue) of \($0.object?.track.number ?? 0) at \(milliseconds($0.mediaTime)) ms, \($0.reason?.rawValue ?? "")" })")
  }
}
