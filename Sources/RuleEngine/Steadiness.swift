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
///
/// In one array, and all four numbers at a time: a hundred tracks under two hundred rules have thousands of these, and what
/// they cost is the memory they touch.
struct Steadiness: Sendable, Equatable, Codable {
  private struct Sample: Sendable, Equatable, Codable {
    var numbers: SIMD4<Double>
    var at: Instant
    /// No path leads from here to the next.
    var isPathBroken = false
  }

  /// The array is looked through for what can be forgotten when it has grown to this, or to twice what was kept then.
  private static let roomy = 32

  /// Those of the stretch, in order. The first may lie on the way between two that were seen.
  private var samples: [Sample]
  /// Of the whole stretch.
  private var lowest: SIMD4<Double>
  private var highest: SIMD4<Double>
  private var room = roomy

  init(_ box: Box, at instant: Instant) {
    let numbers = steadyNumbers(box)
    samples = [Sample(numbers: numbers, at: instant)]
    lowest = numbers; highest = numbers
  }

  var since: Instant { samples[0].at }

  /// The middle of all that was seen of the stretch.
  var middle: SIMD4<Double> { (lowest + highest) / 2 }

  /// The next detected box. Where no path leads to it, what breaks the leeway broke it there and not on the way.
  mutating func see(_ box: Box, at instant: Instant, _ leeway: Leeway, isPathBroken: Bool) {
    let numbers = steadyNumbers(box)
    samples[samples.count - 1].isPathBroken = isPathBroken
    samples.append(Sample(numbers: numbers, at: instant))
    let floor = numbers - leeway.bounds, ceiling = numbers + leeway.bounds
    if Self.areWithin(lowest, highest, floor, ceiling) {
      lowest.replace(with: numbers, where: numbers .< lowest)
      highest.replace(with: numbers, where: numbers .> highest)
    } else {
      cut(floor, ceiling)
    }
    if samples.count >= room { forget() }
  }

  /// The last bit of a float decides nothing.
  private static func areWithin(_ low: SIMD4<Double>, _ high: SIMD4<Double>, _ floor: SIMD4<Double>, _ ceiling: SIMD4<Double>) -> Bool {
    all(low .>= floor - 1e-12) && all(high .<= ceiling + 1e-12)
  }

  /// The stretch begins where the way last came within what the latest sample, which is, leaves for leeway.
  private mutating func cut(_ floor: SIMD4<Double>, _ ceiling: SIMD4<Double>) {
    var first = samples.count - 1
    lowest = samples[first].numbers; highest = lowest
    while first > 0, case let before = samples[first - 1].numbers, Self.areWithin(before, before, floor, ceiling) {
      first -= 1
      lowest.replace(with: before, where: before .< lowest)
      highest.replace(with: before, where: before .> highest)
    }
    guard first > 0 else { return }
    if let start = Self.entry(samples[first - 1], samples[first], floor, ceiling) {
      first -= 1
      samples[first] = start
      lowest.replace(with: start.numbers, where: start.numbers .< lowest)
      highest.replace(with: start.numbers, where: start.numbers .> highest)
    }
    samples.removeFirst(first)
  }

  /// Where the way from a sample outside to the next, inside, comes in with the last of the numbers; nil where that is at the next.
  private static func entry(_ outside: Sample, _ inside: Sample, _ floor: SIMD4<Double>, _ ceiling: SIMD4<Double>) -> Sample? {
    guard !outside.isPathBroken else { return nil }
    var start = outside
    start.numbers.clamp(lowerBound: floor, upperBound: ceiling)
    // When each of the numbers came in.
    var moments = [outside.at, outside.at, outside.at, outside.at]
    for number in 0..<4 {
      let way = start.numbers[number] - outside.numbers[number]
      if abs(way) > 1e-12 { moments[number] = outside.at.toward(inside.at, way / (inside.numbers[number] - outside.numbers[number])) }
      start.at = max(start.at, moments[number])
    }
    guard start.at < inside.at else { return nil }
    for number in 0..<4 {
      let span = max(1, inside.at.known - moments[number].known)
      start.numbers[number] += (inside.numbers[number] - start.numbers[number]) * min(1, Double(start.at.known - moments[number].known) / Double(span))
    }
    return start
  }

  /// Keeps what may yet be the last outside of some leeway, lower or higher than all that came after it, and what followed
  /// right upon it: what stands and trembles for an hour is a few samples.
  private mutating func forget() {
    var low = SIMD4<Double>(repeating: .infinity), high = -low
    var isKept = [Bool](repeating: false, count: samples.count)
    for index in samples.indices.reversed() {
      let numbers = samples[index].numbers
      if any(numbers .< low) || any(numbers .> high) {
        isKept[index] = true
        if index + 1 < samples.count { isKept[index + 1] = true }
      }
      low.replace(with: numbers, where: numbers .< low)
      high.replace(with: numbers, where: numbers .> high)
    }
    // The start says since when.
    isKept[0] = true
    samples = samples.indices.lazy.filter { isKept[$0] }.map { [samples] in samples[$0] }
    room = max(Self.roomy, 2 * samples.count)
  }
}
