import EventLog
import Scene

/// How often a line was crossed, by query and direction. Goes on from session to session.
struct CrossingCounts: Sendable, Equatable, Codable {
  /// By query: right, left.
  private var counts: [[Int]]

  init(queries: Int) { counts = Array(repeating: [0, 0], count: queries) }

  mutating func count(query: Int, toRight: Bool) -> Int {
    guard counts.indices.contains(query) else { return 0 }
    counts[query][toRight ? 0 : 1] += 1
    return counts[query][toRight ? 0 : 1]
  }

  func value(query: Int, toRight: Bool) -> Int { counts.indices.contains(query) ? counts[query][toRight ? 0 : 1] : 0 }
  mutating func reset() { counts = counts.map { _ in [0, 0] } }
}

/// The crossings of all tracks of one rule, by slot. A track is forgotten on the keyframe on which it ends.
struct LineWatch: Sendable, Equatable, Codable {
  private var tracks: [LineCrossing?] = []

  init() {}

  mutating func see(_ sight: Sight, _ settings: LineSettings) -> LineCrossing.Pending? {
    tracks.hold(sight.slot)
    if sight.ending != nil { tracks[sight.slot] = nil; return nil }
    guard sight.isFresh else { return nil }
    if tracks[sight.slot] == nil { tracks[sight.slot] = LineCrossing() }
    return tracks[sight.slot]!.see(sight, settings)
  }

  func conditions(_ sight: Sight, _ settings: LineSettings) -> [Condition] {
    ((tracks.indices.contains(sight.slot) ? tracks[sight.slot] : nil) ?? LineCrossing()).conditions(sight, settings)
  }
}

/// `line.crossed`: each crossing by itself, in either direction.
struct LineCrossed: KindMachine {
  static let outlivesSessions = true

  private var watch = LineWatch()
  private var counts: CrossingCounts

  init(queries: Int) { counts = CrossingCounts(queries: queries) }

  mutating func judge(_ view: View, _ settings: LineSettings, _ moment: inout Moment) {
    for sight in view.own { see(sight, settings, &moment) }
  }

  private mutating func see(_ sight: Sight, _ settings: LineSettings, _ moment: inout Moment) {
    guard let crossing = watch.see(sight, settings), let name = settings.name(toRight: crossing.toRight) else { return }
    let count = counts.count(query: sight.track.query, toRight: crossing.toRight)
    moment.report(.lineCrossed, nil, at: crossing.at, since: crossing.at, sight.track,
                  [Detail("direction", .text(name)), Detail("count", .integer(count))])
  }

  func conditions(_ sight: Sight, _ others: [Sight], _ settings: LineSettings) -> (toFire: [Condition], toEnd: [Condition]) {
    (watch.conditions(sight, settings), [])
  }

  /// Forgets the tracks and keeps the counts.
  mutating func finish(_ sights: [Sight], _ reason: EndReason, _ settings: LineSettings, _ moment: inout Moment) { watch = LineWatch() }
}
