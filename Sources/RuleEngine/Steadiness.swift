import Foundation
import Scene

/// How much a box may vary and still stand: the extent of its centre over time, along each side of the picture, and of
/// its sides.
struct Leeway: Sendable {
  /// Share of the diagonal.
  var place: Double
  /// How much longer the longest may be than the shortest, as a share.
  var size: Double

  /// Bounds of `BoxPlace`'s numbers.
  var bounds: [Double] { [place, place, log1p(size), log1p(size)] }
}

/// A box as four numbers whose differences count: centre, and the logarithms of its sides.
func steadyNumbers(_ box: Box) -> [Double] {
  [box.center.x, box.center.y, log(max(box.width, nothing)), log(max(box.height, nothing))]
}

/// Since when a box has stood where it stands: the longest stretch up to now over which it has kept within its leeway.
/// Remembers only the extremes that may still come to count, and those of the stretch alone.
struct Steadiness: Sendable, Equatable, Codable {
  private(set) var since: Instant
  /// Of each number, and of each number's negative.
  private var lowest: [Lowest]

  init(_ box: Box, at instant: Instant) {
    since = instant
    lowest = steadyNumbers(box).flatMap { [Lowest($0, at: instant), Lowest(-$0, at: instant)] }
  }

  /// The next detected box. Where no path leads to it, what breaks the leeway broke it there and not on the way.
  mutating func see(_ box: Box, at instant: Instant, _ leeway: Leeway, isPathBroken: Bool) {
    let start = since
    for (number, (value, bound)) in zip(steadyNumbers(box), leeway.bounds).enumerated() {
      for (index, value) in [(2 * number, value), (2 * number + 1, -value)] {
        lowest[index].add(value, at: instant, isPathBroken: isPathBroken)
        if let later = lowest[index].raise(to: value - bound) { since = max(since, later) }
      }
    }
    guard since > start else { return }
    for index in lowest.indices { lowest[index].forget(before: since) }
  }

  /// The middle of all that was seen of the stretch.
  var middle: [Double] { (0..<4).map { (lowest[2 * $0].value - lowest[2 * $0 + 1].value) / 2 } }
}

/// The lowest of a number that changes steadily, over a stretch of time whose start moves on.
struct Lowest: Sendable, Equatable, Codable {
  /// A sample that is lower than all later ones, and the sample that came right after it.
  private struct Entry: Sendable, Equatable, Codable {
    var value: Double
    var at: Instant
    var nextValue: Double
    var next: Instant
    var isPathBroken = false

    /// The moment at which the way to the next sample reached a level above this one's value.
    func reaching(_ level: Double) -> Instant {
      if isPathBroken || nextValue <= level { return next }
      return at.toward(next, (level - value) / (nextValue - value))
    }
  }

  /// Rising values.
  private var entries: [Entry]

  init(_ value: Double, at instant: Instant) { entries = [Entry(value: value, at: instant, nextValue: value, next: instant)] }

  var value: Double { entries[0].value }

  mutating func add(_ value: Double, at instant: Instant, isPathBroken: Bool) {
    let last = entries.count - 1
    entries[last].nextValue = value
    entries[last].next = instant
    entries[last].isPathBroken = isPathBroken
    while let last = entries.last, last.value >= value { entries.removeLast() }
    entries.append(Entry(value: value, at: instant, nextValue: value, next: instant))
  }

  /// Lets go of all that is below the level; gives the moment since when nothing is. The latest sample is not below.
  mutating func raise(to level: Double) -> Instant? {
    while entries.count > 1, entries[1].value < level - 1e-12 { entries.removeFirst() }
    guard entries.count > 1, entries[0].value < level - 1e-12 else { return nil }
    let moment = entries[0].reaching(level)
    // The stretch begins on the way to the next sample, and its lowest is there.
    entries[0].value = level
    entries[0].at = moment
    if entries[0].next <= moment || entries[1].value <= level { entries.removeFirst() }
    return moment
  }

  /// The stretch begins at `since` now.
  mutating func forget(before since: Instant) {
    while entries.count > 1, entries[0].next <= since { entries.removeFirst() }
    guard entries.count > 1, entries[0].at < since else { return }
    let share = Double(since.known - entries[0].at.known) / Double(max(1, entries[0].next.known - entries[0].at.known))
    if entries[0].isPathBroken { entries.removeFirst(); return }
    entries[0].value += (entries[0].nextValue - entries[0].value) * min(1, share)
    entries[0].at = since
    if entries[1].value <= entries[0].value { entries.removeFirst() }
  }
}
