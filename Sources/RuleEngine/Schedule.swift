import Foundation

/// A day's time in seconds since midnight, as the clock on the wall shows it: 0 … 86400.
struct WallTime: Sendable, Hashable, Comparable {
  var seconds: Int

  /// Reads `22:00` and `06:30:15`; `24:00` is the end of the day. Nil where the text is anything else.
  init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 || parts.count == 3, parts.allSatisfy({ $0.count == 2 && $0.allSatisfy { $0.isASCII && $0.isNumber } }) else { return nil }
    let numbers = parts.map { Int($0)! }
    let whole = numbers[0] * 3600 + numbers[1] * 60 + (numbers.count == 3 ? numbers[2] : 0)
    guard numbers.dropFirst().allSatisfy({ $0 < 60 }), whole <= 86400 else { return nil }
    seconds = whole
  }

  static func < (a: WallTime, b: WallTime) -> Bool { a.seconds < b.seconds }
}

/// When a rule judges: local days and times, by the stream's own clock. A rule is active while the clock on the wall
/// shows a time of one of the windows; a night on which the clock is put back is an hour longer, one on which it is
/// put forward an hour shorter.
struct Schedule: Sendable {
  struct Window: Sendable, Equatable {
    /// On which days the window begins; 0 is Monday.
    var days: Set<Int>
    var from: WallTime
    /// Before `from`: on the next day.
    var to: WallTime
  }

  struct Part: Sendable {
    var windows: [Window]
    var zone: TimeZone
  }

  var parts: [Part]

  /// - Parameter camera: nanoseconds since 1970-01-01T00:00:00Z.
  func isActive(at camera: Int64) -> Bool {
    parts.contains { part in
      let second = floorDivided(camera, by: 1_000_000_000)
      let local = second + Int64(part.zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second))))
      let day = floorDivided(local, by: 86400)
      let time = Int(local - day * 86400)
      return part.windows.contains { $0.holds(weekday: Self.weekday(day), time: time) }
    }
  }

  /// - Parameter day: counted from 1970-01-01, a Thursday.
  /// - Returns: 0 is Monday.
  static func weekday(_ day: Int64) -> Int { Int(((day + 3) % 7 + 7) % 7) }
}

extension Schedule.Window {
  func holds(weekday: Int, time: Int) -> Bool {
    let yesterday = (weekday + 6) % 7
    if from < to { return days.contains(weekday) && time >= from.seconds && time < to.seconds }
    return days.contains(weekday) && time >= from.seconds || days.contains(yesterday) && time < to.seconds
  }
}

/// Times of the day in one time zone.
struct LocalTimes: Sendable {
  var times: [WallTime]
  var zone: TimeZone

  /// The first moment after another at which the clock on the wall reaches one of the times: a time that a night skips
  /// is reached when the clock jumps over it, one that a night shows twice the first time.
  func next(after camera: Int64) -> Int64? {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    let start = Date(timeIntervalSince1970: Double(camera) / 1e9)
    let dates = times.compactMap { time in
      let wanted = DateComponents(hour: time.seconds / 3600 % 24, minute: time.seconds / 60 % 60, second: time.seconds % 60)
      return calendar.nextDate(after: start, matching: wanted, matchingPolicy: .nextTime, repeatedTimePolicy: .first)
    }
    guard let first = dates.min() else { return nil }
    return Int64(first.timeIntervalSince1970.rounded()) &* 1_000_000_000
  }
}

/// Rounds toward minus infinity; `b` is positive.
package func floorDivided(_ a: Int64, by b: Int64) -> Int64 {
  let quotient = a / b
  return a % b < 0 ? quotient - 1 : quotient
}
