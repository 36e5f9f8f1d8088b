import EventLog
import Foundation
import RuleEngine
import Scene
import Tracking

/// Proposes score thresholds of one camera's queries for a budget of false alarms, from a recording whose events a person
/// has marked as right or wrong.
public struct Calibration {
  /// How far below the threshold in force events are looked for, as a share of it.
  private static let floorShare = 0.5

  let budget: FalseAlarmBudget
  private let recorded: RecordedStream
  private let settings: StreamSettings
  private let source: String
  private let now: [Double]
  private let floors: [Double]
  /// Indices of the queries that are to be calibrated.
  private let chosen: [Int]
  private let atFloor: Rejudging
  /// What the rules tell at the lowest thresholds.
  public private(set) var events: [MarkedEvent]

  /// - Parameter queries: ids or texts of the queries to be calibrated; empty: all.
  public init(_ source: RecordingSource, queries: [String], budget: FalseAlarmBudget, stop: StopFlag, tell: (String) -> Void) throws {
    self.budget = budget
    settings = source.settings
    let prepared = try Self.open(source, stop: stop, tell: tell)
    recorded = prepared.recorded; self.source = prepared.path
    let plan = try recorded.plan(settings, source: self.source).0
    let now = prepared.thresholds ?? plan.thresholds
    chosen = try Self.chosen(queries, of: plan.queries)
    self.now = now
    floors = now.indices.map { [chosen] index in chosen.contains(index) ? now[index] * Self.floorShare : now[index] }
    guard chosen.allSatisfy({ now[$0] > 0 }) else {
      throw WorkerError(.usage, "\(self.source): it does not say from which score detections counted: give --threshold, e.g. --threshold 0.3")
    }
    atFloor = try Rejudging(recorded, settings: settings, source: self.source, thresholds: floors)
    events = try atFloor.markable(of: Set(chosen))
  }

  /// A source is looked at with low thresholds; of a recording its own are lowered.
  private static func open(_ source: RecordingSource, stop: StopFlag, tell: (String) -> Void) throws -> (recorded: RecordedStream, path: String, thresholds: [Double]?) {
    switch source.origin {
    case .tracks: throw WorkerError(.usage, "tracks were made with one threshold and can't say what another would give: give detections or the source")
    case .detections(let path): return (try source.recorded(path, .detections), path, nil)
    case .source:
      let plan = try StreamPlan(source.settings, model: ModelLocator.open(source.settings.model))
      var low = source
      low.settings.queries = zip(plan.queries, plan.thresholds).map { query, threshold in
        var query = query
        query.threshold = threshold * floorShare
        return query
      }
      let path = source.settings.source ?? ""
      return try low.inTemporaryFolder { folder in
        (try low.recorded(low.record(.detections, in: folder, stop: stop, tell: tell), .detections), path, plan.thresholds)
      }
    }
  }

  private static func chosen(_ names: [String], of queries: [Query]) throws -> [Int] {
    let shown = queries.indices.filter { !queries[$0].suppresses }
    guard !names.isEmpty else { return shown }
    return try names.map { name in
      guard let index = shown.first(where: { queries[$0].id == name || queries[$0].text == name }) else {
        throw WorkerError(.usage, "--query \(name): the recording's queries are \(shown.map { queries[$0].id }.joined(separator: ", "))")
      }
      return index
    }
  }

  // MARK: Marks

  public mutating func mark(_ index: Int, _ mark: MarkedEvent.Mark?) { events[index].mark = mark }
  public mutating func readMarks(_ path: String) throws { try MarksFile.read(path, into: &events) }
  /// The table to be filled in.
  public var marksText: String { MarksFile.text(events) }
  public var isMarked: Bool { events.contains { $0.mark != nil } }

  /// An event on one line, for a person who marks.
  public func line(_ index: Int) -> String {
    let marked = events[index], event = marked.told.event, box = event.object?.box ?? .unit
    let center = box.center.text(recorded.header.size)
    return "\(TimeText.text(event.mediaTime, in: marked.told.context))  \(event.query?.id ?? "") \(event.object?.track.description ?? "")  \(event.type.rawValue)  "
      + "score \(tidied(marked.score, 2))  around \(center), \(tidied(box.width * Double(recorded.header.size.width), 0))x\(tidied(box.height * Double(recorded.header.size.height), 0)) px"
  }

  // MARK: Proposals

  var length: MediaInterval { atFloor.seenTime }

  func proposals() -> [ThresholdProposal] {
    chosen.map { index in
      ThresholdProposal(query: atFloor.plan.queries[index], now: now[index], floor: floors[index], events: events.filter { $0.query == index },
                        allowed: budget.allowed(in: length))
    }
  }

  /// What judging the detections again with the proposed thresholds gives, held against the marks.
  struct Trial {
    var events = 0
    var right = 0
    var wrong = 0
    /// About objects of which nothing was marked.
    var other = 0
  }

  func trial(_ proposals: [ThresholdProposal]) throws -> [Trial] {
    var thresholds = now
    for (index, proposal) in zip(chosen, proposals) { thresholds[index] = proposal.threshold }
    let rejudging = try Rejudging(recorded, settings: settings, source: source, thresholds: thresholds)
    let told = try rejudging.markable(of: Set(chosen)), same = SameObjects(atFloor, rejudging)
    return chosen.map { index in
      var trial = Trial()
      let marked = events.filter { $0.query == index }
      for event in told where event.query == index {
        trial.events += 1
        guard let place = same.nearest(to: event, among: marked) else { trial.other += 1; continue }
        switch marked[place].mark {
        case .right: trial.right += 1
        case .wrong: trial.wrong += 1
        case nil: trial.other += 1
        }
      }
      return trial
    }
  }
}
