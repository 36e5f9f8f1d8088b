import Foundation

/// When rules judge, as stretches of one year: for what can be said of their hours before any camera runs. A year holds
/// every day of the week with every difference that two time zones ever have.
struct ActiveHours: Sendable, Equatable {
  private static let day: Int64 = 86_400
  /// 2026, in seconds since 1970-01-01T00:00:00Z.
  private static let year: Range<Int64> = 1_767_225_600..<1_798_761_600

  /// Seconds since 1970, in order, apart from each other.
  private let stretches: [Range<Int64>]

  static let always = ActiveHours([year])

  init(_ schedule: Schedule) {
    var stretches: [Range<Int64>] = []
    for part in schedule.parts {
      func camera(_ local: Int64) -> Int64 {
        let guess = local - Int64(part.zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(local))))
        return local - Int64(part.zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(guess))))
      }
      // From a day before to a day after: local days are not those of the year's own zone.
      for midnight in stride(from: Self.year.lowerBound - Self.day, through: Self.year.upperBound, by: Int(Self.day)) {
        for window in part.windows where window.days.contains(Schedule.weekday(midnight / Self.day)) {
          let end = midnight + Int64(window.to.seconds) + (window.from < window.to ? 0 : Self.day)
          let from = camera(midnight + Int64(window.from.seconds)), to = camera(end)
          if from < to { stretches.append((from..<to).clamped(to: Self.year)) }
        }
      }
    }
    self.init(stretches)
  }

  private init(_ stretches: [Range<Int64>]) {
    var joined: [Range<Int64>] = []
    for stretch in stretches.filter({ !$0.isEmpty }).sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = joined.last, stretch.lowerBound <= last.upperBound {
        joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, stretch.upperBound)
      } else {
        joined.append(stretch)
      }
    }
    self.stretches = joined
  }

  var isEmpty: Bool { stretches.isEmpty }

  func union(_ other: ActiveHours) -> ActiveHours { ActiveHours(stretches + other.stretches) }

  func intersection(_ other: ActiveHours) -> ActiveHours {
    var common: [Range<Int64>] = []
    var rest = other.stretches[...]
    for stretch in stretches {
      while let next = rest.first, next.upperBound <= stretch.lowerBound { rest.removeFirst() }
      for next in rest.prefix(while: { $0.lowerBound < stretch.upperBound }) { common.append(stretch.clamped(to: next)) }
    }
    return ActiveHours(common)
  }

  /// Each stretch goes on for so many seconds.
  func prolonged(by seconds: Int64) -> ActiveHours { ActiveHours(stretches.map { $0.lowerBound..<$0.upperBound + seconds }) }
}
