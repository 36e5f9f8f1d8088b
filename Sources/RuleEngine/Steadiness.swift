import Foundation
import Scene

/// How much a box may vary and still stand: the extent of its centre over time, along each side of the picture, and of
/// its sides.
struct Leeway: Sendable {
  /// Share of the diagonal.
  let place: Double
  /// How much longer the longest may be than the shortest, as a share.
  let size: Double

  /// Bounds of `steadyNumbers`.
  let bounds: SIMD4<Double>

  init(place: Double, size: Double) {
    self.place = place; self.size = size
    bounds = [place, place, log1p(size), log1p(size)]
  }
}

/// A box as four numbers whose differences count: centre, and the logarithms of its sides.
func steadyNumbers(_ box: Box) -> SIMD4<Double> {
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
    let numbers = steadyNumbers(box)
    lowest = (0..<8).map { Lowest($0 % 2 == 0 ? numbers[$0 / 2] : -numbers[$0 / 2], at: instant) }
  }

  /// The next detected box. Where no path leads to it, what breaks the leeway broke it there and not on the way.
  mutating func see(_ box: Box, at instant: Instant, _ leeway: Leeway, isPathBroken: Bool) {
    let start = since
    let numbers = steadyNumbers(box)
    for index in 0..<8 {
      let value = index % 2 == 0 ? numbers[index / 2] : -numbers[index / 2]
      lowest[index].add(value, at: instant, isPathBroken: isPathBroken)
      if let later = lowest[index].raise(to: value - leeway.bounds[index / 2]) { since = max(since, later) }
    }
    guard since > start else { return }
    for index in lowest.indices { lowest[index].forget(before: since) }
  }

  /// The middle of all that was seen of the stretch.
  var middle: SIMD4<Double> {
    var middle = SIMD4<Double>()
    for number in 0..<4 { middle[number] = (lowest[2 * number].value - lowest[2 * number + 1].value) / 2 }
    return middle
  }
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
