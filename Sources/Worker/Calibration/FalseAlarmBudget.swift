import Foundation
public import Scene

/// How many false alarms are bearable in what time: `2/hour`.
public struct FalseAlarmBudget: Sendable, Equatable {
  public var count: Double
  public var per: MediaInterval
  /// As written.
  public var text: String

  private static let units: [(name: String, seconds: Int64)] = [("hour", 3600), ("day", 86_400), ("week", 604_800)]

  /// - Throws: `WorkerError` that names the flag.
  public init(_ text: String) throws(WorkerError) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let count = Double(parts[0]), count.isFinite, count >= 0, let unit = Self.units.first(where: { $0.name == parts[1] }) else {
      throw WorkerError(.usage, "--budget '\(text)': write false alarms by hour, day or week: 2/hour, 10/day, 0.5/week")
    }
    self.count = count; self.text = text
    per = .seconds(unit.seconds)
  }

  /// Whole false alarms that a stretch of this length may have.
  func allowed(in length: MediaInterval) -> Int { Int((count * length.seconds / per.seconds).rounded(.down)) }

  /// A number of events in a stretch, by the budget's own unit of time.
  func rate(_ events: Double, in length: MediaInterval) -> Double { length > .zero ? events * per.seconds / length.seconds : 0 }

  var unit: String { String(text.split(separator: "/").last ?? "") }

  /// The rate that is not exceeded with 95 % confidence, when this many events were seen: the mean of the Poisson
  /// distribution under which so few are seen once in twenty times (F. Garwood, Biometrika 28, 1936).
  static func upperBound(seen: Int) -> Double {
    var low = Double(seen), high = Double(seen) + 10 * Double(seen + 1).squareRoot() + 10
    for _ in 0..<60 {
      let mean = (low + high) / 2
      if atMost(seen, mean: mean) > 0.05 { low = mean } else { high = mean }
    }
    return high
  }

  /// Probability of at most so many events where `mean` are expected.
  private static func atMost(_ count: Int, mean: Double) -> Double {
    var term = 1.0, sum = 1.0
    for index in stride(from: 1, through: count, by: 1) {
      term *= mean / Double(index)
      sum += term
    }
    return sum * exp(-mean)
  }
}
