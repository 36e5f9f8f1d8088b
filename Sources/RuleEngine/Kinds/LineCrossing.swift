import EventLog
import Scene

struct LineSettings: KindSettings {
  var line: Polyline
  var anchor: Anchor
  var hold: MediaInterval
  /// Share of the diagonal.
  var band: Double
  /// What crossings to the right and to the left are called; nil: not reported.
  var right: String?
  var left: String?

  var delay: MediaInterval { hold }
  func name(toRight: Bool) -> String? { toRight ? right : left }

  func placed(in plane: Plane, queries: [Int]) -> LineSettings {
    var placed = self
    placed.line = line.placed(in: plane)
    return placed
  }
}

/// One track and one line: a crossing counts once the far side, beyond the band, was held.
///
///     ── path crosses the line ──▶ pending ──beyond the band for hold──▶ crossed, at the moment of the crossing
///                                    └── crosses back, or comes round the end: nothing happened
struct LineCrossing: Sendable, Equatable, Codable {
  struct Pending: Sendable, Equatable, Codable {
    var toRight: Bool
    var at: Instant
    /// Since when the anchor is beyond the band; nil while it is within.
    var beyondSince: Instant?
  }

  private var pending: Pending?
  /// The crossing that counted on the last keyframe.
  private var counted: Pending?

  init() {}

  /// A keyframe on which the track was detected.
  mutating func see(_ sight: Sight, _ settings: LineSettings) -> Pending? {
    let now = sight.now.instant
    let anchor = sight.now.anchor(settings.anchor)
    counted = nil
    let origin = sight.before?.anchor(settings.anchor)
    if let before = sight.before, let origin {
      for crossing in settings.line.crossings(from: origin, to: anchor) {
        if let open = pending, open.toRight != crossing.toRight { pending = nil; continue }
        pending = Pending(toRight: crossing.toRight, at: before.instant.toward(now, crossing.share), beyondSince: nil)
      }
    }
    guard var open = pending else { return nil }
    guard settings.line.isRight(anchor) == open.toRight else { pending = nil; return nil }
    if settings.line.distance(to: anchor) > settings.band {
      if open.beyondSince == nil {
        let share = origin.flatMap { settings.line.lastWithin(settings.band, from: $0, to: anchor) }
        open.beyondSince = if let before = sight.before, let share { before.instant.toward(now, share) } else { now }
      }
    } else {
      open.beyondSince = nil
    }
    pending = open
    guard let since = open.beyondSince, now.since(since) >= settings.hold else { return nil }
    pending = nil
    counted = open
    return open
  }

  /// What must hold for a crossing to count.
  func conditions(_ sight: Sight, _ settings: LineSettings) -> [Condition] {
    let distance = settings.line.distance(to: sight.now.anchor(settings.anchor))
    let open = pending ?? counted
    return [
      .place("the anchor's path crosses the line", open != nil, away: distance, key: "line"),
      .state("its direction is reported", open.map { settings.name(toRight: $0.toRight) != nil } ?? false, open.map { .word($0.toRight ? "right" : "left") },
             key: "directions", remedy: open == nil ? nil : .write("{right: right, left: left}")),
      .beyond("the anchor is on the far side, beyond the band", open.map { _ in distance }, needed: settings.band, key: "band"),
      .timer("it stays there", since: open?.beyondSince, at: sight.now.instant, needed: settings.hold, key: "hold"),
    ]
  }
}
