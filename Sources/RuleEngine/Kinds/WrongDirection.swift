import EventLog
import Foundation
import Scene

struct WrongDirectionSettings: KindSettings {
  /// From the first point to the second, normalised until placed.
  var forbidden: (from: Point, to: Point)
  /// Radians.
  var tolerance: Double
  /// Share of the diagonal.
  var displacement: Double
  var hold: MediaInterval
  var anchor: Anchor

  var delay: MediaInterval { hold }

  func placed(in plane: Plane, queries: [Int]) -> WrongDirectionSettings {
    var placed = self
    placed.forbidden = (plane.point(forbidden.from), plane.point(forbidden.to))
    return placed
  }

  /// By how many degrees a way leads elsewhere.
  func degrees(off way: Point) -> Double {
    let direction = forbidden.to - forbidden.from
    return acos(min(1, max(-1, way.dot(direction) / (way.length * direction.length)))) * 180 / .pi
  }

  /// Whether a way leads in the forbidden direction. No way at all leads everywhere.
  func forbids(_ way: Point) -> Bool {
    let length = way.length
    guard length > nothing else { return true }
    let direction = forbidden.to - forbidden.from
    return way.dot(direction) >= length * direction.length * cos(tolerance) - nothing
  }
}

/// `object.wrong_direction`: from where it turned, the object has come `displacement` far within `tolerance` of the
/// forbidden heading. It happens at that moment, is told once the way back was not taken for `hold`, and ends where the
/// object turned to go as far in another direction, for as long.
///
///     ── turns ──▶ astray, from there ──displacement far──▶ ──for hold──▶ wrong ──elsewhere, displacement far, for hold──▶ ended at the turn
struct WrongDirection: TrackMachine {
  /// Where the way that is measured began. While it goes the wrong way: the farthest point so far.
  private var origin: Place?
  /// Since when it is `displacement` away from there.
  private var reached: Instant?
  private var start: Instant?
  /// The last stretch of the way, in the plane.
  private var stretch: Point?

  init() {}

  mutating func see(_ sight: Sight, _ settings: WrongDirectionSettings, _ moment: inout Moment) {
    guard let before = sight.before, origin != nil else {
      // Nobody knows which way it came: what goes on does so from here, the rest begins here.
      origin = sight.now
      reached = nil
      return
    }
    stretch = sight.now.anchor(settings.anchor) - before.anchor(settings.anchor)
    if start == nil { stray(before, sight, settings, &moment) } else { turn(before, sight, settings, &moment) }
  }

  private mutating func stray(_ before: Place, _ sight: Sight, _ settings: WrongDirectionSettings, _ moment: inout Moment) {
    let way = Way(before, sight.now, settings.anchor)
    if !settings.forbids(way.end - origin!.anchor(settings.anchor)) {
      // The farthest it came astray is where the next way begins.
      origin = restart(way, settings)
      reached = nil
    }
    let from = origin!.anchor(settings.anchor)
    guard way.end.distance(to: from) >= settings.displacement else { reached = nil; return }
    if reached == nil { reached = way.moment { $0.distance(to: from) >= settings.displacement } }
    guard let reached, sight.now.instant.since(reached) >= settings.hold else { return }
    start = reached
    moment.report(.objectWrongDirection, .start, at: reached, since: reached, sight.track, [.moment("since", origin!.instant)])
    origin = sight.now
    self.reached = nil
  }

  /// Where a way begins anew that has just left the forbidden direction.
  private func restart(_ way: Way, _ settings: WrongDirectionSettings) -> Place {
    // Within one stretch the heading is one: it leads astray as a whole, or not at all.
    settings.forbids(way.end - way.start) ? way.first : way.last
  }

  private mutating func turn(_ before: Place, _ sight: Sight, _ settings: WrongDirectionSettings, _ moment: inout Moment) {
    let way = Way(before, sight.now, settings.anchor)
    let from = origin!.anchor(settings.anchor)
    if settings.forbids(way.end - from) { origin = sight.now; reached = nil; return }
    guard way.end.distance(to: from) >= settings.displacement else { reached = nil; return }
    if reached == nil { reached = way.moment { $0.distance(to: from) >= settings.displacement } }
    guard sight.now.instant.since(reached!) >= settings.hold else { return }
    finish(origin!.instant, .over, sight, &moment)
    origin = sight.now
    reached = nil
  }

  mutating func end(_ sight: Sight, _ reason: EndReason, _ settings: WrongDirectionSettings, _ moment: inout Moment) {
    // Last seen turned: it ended at the turn, and only the hold was not over.
    finish(reached == nil ? sight.now.instant : origin?.instant ?? sight.now.instant, reached == nil ? reason : .over, sight, &moment)
  }

  private mutating func finish(_ at: Instant, _ reason: EndReason, _ sight: Sight, _ moment: inout Moment) {
    guard let start else { return }
    self.start = nil
    let end = max(at, start)
    moment.report(.objectWrongDirection, .end, at: end, since: start, reason: reason, sight.track, [.seconds("duration", end.since(start))])
  }

  func conditions(_ sight: Sight, _ settings: WrongDirectionSettings) -> [Condition] {
    let gone = start == nil ? origin.map { sight.now.anchor(settings.anchor).distance(to: $0.anchor(settings.anchor)) } ?? 0 : settings.displacement
    // Where it came far enough, the heading is that of the whole way.
    let way = stretch.flatMap { $0.length > nothing ? $0 : nil }
    let isAstray = start != nil || way.map { settings.forbids($0) } ?? false || gone >= settings.displacement
    let off = way.map { settings.degrees(off: $0) }
    return [
      .state("it goes the forbidden way", isAstray, off.map { .number($0, unit: "°") }, needed: .number(settings.tolerance * 180 / .pi, unit: "°"),
             key: "tolerance", remedy: off.map { .write("\(tidied($0.rounded(.up), 0))°") }),
      .length("it has come far enough that way", gone, needed: settings.displacement, key: "displacement"),
      .timer("it has not come back", since: start ?? reached, at: sight.now.instant, needed: settings.hold, key: "hold"),
    ]
  }

  func endConditions(_ sight: Sight, _ settings: WrongDirectionSettings) -> [Condition] {
    guard start != nil, let origin else { return [] }
    let gone = sight.now.anchor(settings.anchor).distance(to: origin.anchor(settings.anchor))
    return [
      .length("it has come far enough another way", gone, needed: settings.displacement, key: "displacement"),
      .timer("it goes on so", since: reached, at: sight.now.instant, needed: settings.hold, key: "hold"),
    ]
  }

  func verdict(_ last: Instant) -> Verdict {
    if start == nil { return Verdict(isOn: false, until: reached) }
    // It may turn out to have turned at the farthest point.
    return Verdict(isOn: true, until: origin?.instant ?? last)
  }
}
