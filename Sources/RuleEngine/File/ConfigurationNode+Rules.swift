import Configuration
import Foundation
import Scene

// What rule files have beyond the common fields: distances, shares, times of the day, schedules.
extension ConfigurationNode {
  /// `1%` of the diagonal, `0.01`, or `8px` of the file's `size`; as a share of the diagonal, at most 1.
  func distance(_ size: PictureSize?) throws(ConfigurationError) -> Double {
    let text = try text()
    if text.hasSuffix("px") {
      guard let size else { throw mistake("'\(text)' has no reference", suggestion: "state 'size: WIDTHxHEIGHT' at the top of the file, or write a share, 1%") }
      let pixels = try plain(text.dropLast(2), "a distance", "write 1%, 0.01 or 8px")
      let share = pixels / size.diagonal
      guard share >= 0, share <= 1 else { throw mistake("'\(text)' is longer than the picture's diagonal or negative") }
      return share
    }
    return try share(what: "a distance", remedy: "write 1%, 0.01 or 8px")
  }

  /// `50%` or `0.5`, 0 … 1.
  func share(what: String = "a share", remedy: String = "write 50% or 0.5") throws(ConfigurationError) -> Double {
    let text = try text()
    let value = text.hasSuffix("%") ? try plain(text.dropLast(), what, remedy) / 100 : try plain(text[...], what, remedy)
    guard value >= 0, value <= 1 else { throw mistake("\(text) is outside 0 … 1", suggestion: remedy) }
    return value
  }

  /// Digits with sign, point and exponent.
  func plain(_ text: Substring, _ what: String, _ remedy: String) throws(ConfigurationError) -> Double {
    let digits = text.utf8.allSatisfy { ($0 >= 48 && $0 <= 57) || [43, 45, 46, 69, 101].contains($0) }
    guard digits, let value = Double(text), value.isFinite else {
      throw mistake("'\(written ?? "")' is not \(what)", suggestion: remedy)
    }
    return value
  }

  /// `60°`, `60deg` or `60`, in degrees, more than 0.
  func angle(upTo most: Double) throws(ConfigurationError) -> Double {
    let text = try text()
    let digits = text.hasSuffix("°") ? text.dropLast() : text.hasSuffix("deg") ? text.dropLast(3) : text[...]
    let value = try plain(digits, "an angle", "write 60° or 60")
    guard value > 0, value <= most else { throw mistake("\(text) is outside 0 … \(Int(most))°") }
    return value
  }

  /// `50 km/h`, `14 m/s`, `30 mph`; more than 0.
  func speed() throws(ConfigurationError) -> (Double, SpeedUnit) {
    let text = try text(), remedy = "write 50 km/h, 14 m/s or 30 mph"
    guard let unit = SpeedUnit.allCases.first(where: { text.hasSuffix($0.rawValue) }) else {
      throw mistake(Double(text) == nil ? "'\(text)' is not a speed" : "'\(text)' has no unit", suggestion: remedy)
    }
    var digits = text.dropLast(unit.rawValue.count)
    if digits.last == " " { digits.removeLast() }
    let value = try plain(digits, "a speed", remedy)
    guard value > 0 else { throw mistake("'\(text)' is no speed to drive at", suggestion: remedy) }
    return (value, unit)
  }

  func wallTime() throws(ConfigurationError) -> WallTime {
    let text = try text()
    guard let time = WallTime(text) else { throw mistake("'\(text)' is no time of the day", suggestion: "write 06:00 or 22:30") }
    return time
  }

  /// A time zone by its name in the tz database.
  func timezone() throws(ConfigurationError) -> TimeZone {
    let name = try text()
    let known = TimeZone.knownTimeZoneIdentifiers
    guard name == "UTC" || known.contains(name), let zone = TimeZone(identifier: name) else {
      throw mistake("no time zone '\(name)'", suggestion: nearest(name, in: known).map { "did you mean '\($0)'?" } ?? "write a name such as Europe/Berlin or UTC")
    }
    return zone
  }

  /// `22:00-06:00`, fields, or a list of either.
  func schedule(_ zone: TimeZone) throws(ConfigurationError) -> Schedule {
    var parts: [Schedule.Part] = []
    if case .sequence(let elements) = content {
      guard !elements.isEmpty else { throw mistake("this never holds: no hours are given", suggestion: "leave 'active' out to judge always") }
      for element in elements { parts.append(try element.schedulePart(zone)) }
    } else {
      parts = [try schedulePart(zone)]
    }
    return Schedule(parts: parts)
  }

  private static let dayNames = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

  private func schedulePart(_ zone: TimeZone) throws(ConfigurationError) -> Schedule.Part {
    if case .scalar(let text) = content {
      return Schedule.Part(windows: [try window(text, days: Set(0...6))], zone: zone)
    }
    let fields = try fields(known: ["days", "from", "to", "hours", "timezone"], of: "active")
    var days = Set(0...6)
    if let node = fields["days"] {
      days = []
      for element in try node.oneOrMore(of: "days") {
        let day = try element.choice(Self.dayNames, what: "day")
        days.insert(Self.dayNames.firstIndex(of: day)!)
      }
    }
    let zone = try fields["timezone"]?.timezone() ?? zone
    var windows: [Schedule.Window] = []
    if let hours = fields["hours"] {
      guard fields["from"] == nil, fields["to"] == nil else { throw hours.mistake("'hours' and 'from', 'to' say the same", suggestion: "keep one of them") }
      for element in try hours.oneOrMore(of: "hours") { windows.append(try element.window(try element.text(), days: days)) }
    } else {
      let from = try fields["from"]?.wallTime() ?? WallTime("00:00")!
      let to = try fields["to"]?.wallTime() ?? WallTime("24:00")!
      windows = [try checked(Schedule.Window(days: days, from: from, to: to))]
    }
    return Schedule.Part(windows: windows, zone: zone)
  }

  private func window(_ text: String, days: Set<Int>) throws(ConfigurationError) -> Schedule.Window {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, let from = WallTime(ends[0]), let to = WallTime(ends[1]) else {
      throw mistake("'\(text)' are no hours", suggestion: "write 22:00-06:00")
    }
    return try checked(Schedule.Window(days: days, from: from, to: to))
  }

  private func checked(_ window: Schedule.Window) throws(ConfigurationError) -> Schedule.Window {
    guard window.from != window.to, window.from.seconds < 86400, !window.days.isEmpty else {
      throw mistake("this never holds: the hours end when they begin", suggestion: "for the whole day leave 'from' and 'to' out")
    }
    return window
  }
}
