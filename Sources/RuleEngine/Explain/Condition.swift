public import Scene

/// One of the things that must all hold for a rule to fire, as it stands for a track on a keyframe. A kind lists its own
/// in the order in which it asks them; `explain` and `why-not` read the same list.
public struct Condition: Sendable, Equatable {
  /// What must hold, in words: `the anchor is inside the zone`.
  public var name: String
  public var isMet: Bool
  public var value: Measure?
  public var needed: Measure?
  /// The rule's setting that says what is needed; nil: none does.
  public var key: String?
  /// What the setting would have to be for this to hold as things stand; nil: no value of it would do.
  public var remedy: Remedy?
  /// When the timer that it waits for began; nil: it doesn't run, or there is none.
  public var since: MediaTime?

  public enum Remedy: Sendable, Equatable {
    /// As one would write it in the rule file.
    case write(String)
    case leaveOut
  }
}

/// A number of a condition, with its unit.
public enum Measure: Sendable, Equatable {
  case time(MediaInterval)
  /// Share of the picture's diagonal.
  case distance(Double)
  case share(Double)
  case number(Double, unit: String)
  case word(String)

  /// By how much a value falls short of what is needed, or goes beyond it; nil where that is no number.
  public static func gap(_ value: Measure, _ needed: Measure) -> Measure? {
    switch (value, needed) {
    case (.time(let a), .time(let b)): .time(MediaInterval(nanoseconds: abs(b.nanoseconds - a.nanoseconds)))
    case (.distance(let a), .distance(let b)): .distance(abs(b - a))
    case (.share(let a), .share(let b)): .share(abs(b - a))
    case (.number(let a, let unit), .number(let b, _)): .number(abs(b - a), unit: unit)
    default: nil
    }
  }

  /// `1.2s`, `3.2%`, `0.31`, `car`.
  public var text: String {
    switch self {
    case .time(let interval): interval < .seconds(1) ? interval.rounded : "\(tidied(interval.seconds, 3))s"
    case .distance(let share): "\(tidied(share * 100, 2))%"
    case .share(let share): tidied(share, 3)
    case .number(let value, let unit): unit.isEmpty ? tidied(value, 2) : "\(tidied(value, 2)) \(unit)"
    case .word(let word): word
    }
  }
}

extension Condition {
  /// Something that is so or isn't.
  static func state(_ name: String, _ isMet: Bool, _ value: Measure? = nil, needed: Measure? = nil, key: String? = nil, remedy: Remedy? = nil) -> Condition {
    Condition(name: name, isMet: isMet, value: value, needed: needed, key: key, remedy: isMet ? nil : remedy)
  }

  /// Something that must be in a place of the file. `away` is by how much it isn't.
  static func place(_ name: String, _ isMet: Bool, away: Double, key: String) -> Condition {
    isMet ? .state(name, true, key: key) : .state(name, false, .distance(away), needed: .distance(0), key: key)
  }

  /// Something that must go on for a time. `since` nil: it hasn't begun.
  static func timer(_ name: String, since: Instant?, at now: Instant, needed: MediaInterval, key: String) -> Condition {
    lasting(name, since.map { now.since($0) }, since: since, needed: needed, key: key)
  }

  /// Something that must add up to a time.
  static func lasting(_ name: String, _ value: MediaInterval?, since: Instant?, needed: MediaInterval, key: String) -> Condition {
    let isMet = value.map { $0 >= needed } ?? false
    let reached = value ?? .zero
    let whole = MediaInterval.milliseconds(reached.nanoseconds / 1_000_000)
    return Condition(name: name, isMet: isMet, value: .time(reached), needed: .time(needed), key: key,
                     remedy: isMet || value == nil ? nil : .write(whole.text), since: since?.time)
  }

  /// A number that must be exceeded.
  static func above(_ name: String, _ value: Double?, needed: Double, unit: String, key: String) -> Condition {
    let isMet = value.map { $0 > needed * (1 + 1e-9) } ?? false
    // A tenth less, so that what is written is less than what was measured.
    let below = value.map { ($0 * 10 - 0.5).rounded(.down) / 10 }
    return Condition(name: name, isMet: isMet, value: value.map { .number($0, unit: unit) }, needed: .number(needed, unit: unit), key: key,
                     remedy: isMet ? nil : below.flatMap { $0 > 0 ? .write("\(tidied($0, 1)) \(unit)") : nil })
  }

  /// A distance that must be exceeded; one that is only reached is shown as what it is.
  static func beyond(_ name: String, _ value: Double?, needed: Double, key: String) -> Condition {
    let isMet = value.map { $0 > needed } ?? false
    // A hundredth of a per cent less, so that what is written is less than what was measured.
    let below = value.map { ($0 * 10_000 - 0.5).rounded(.down) / 100 }
    return Condition(name: name, isMet: isMet, value: value.map { .distance($0) }, needed: .distance(needed), key: key,
                     remedy: isMet ? nil : below.flatMap { $0 >= 0 ? .write("\(tidied($0, 2))%") : nil })
  }

  /// Somebody must be farther away than this.
  static func far(_ name: String, _ value: Double?, needed: Double, isMet: Bool, key: String) -> Condition {
    let below = value.map { ($0 * 10_000 - 0.5).rounded(.down) / 100 }
    return Condition(name: name, isMet: isMet, value: value.map { .distance($0) }, needed: .distance(needed), key: key,
                     remedy: isMet ? nil : below.flatMap { $0 >= 0 ? .write("\(tidied($0, 2))%") : nil })
  }

  /// A share that must be reached.
  static func share(_ name: String, _ value: Double, needed: Double, key: String) -> Condition {
    let isMet = value >= needed
    return Condition(name: name, isMet: isMet, value: .share(value), needed: .share(needed), key: key,
                     remedy: isMet ? nil : .write(tidied((value * 1000).rounded(.down) / 1000, 3)))
  }

  /// A distance that must be reached.
  static func length(_ name: String, _ value: Double, needed: Double, key: String) -> Condition {
    let isMet = value >= needed
    return Condition(name: name, isMet: isMet, value: .distance(value), needed: .distance(needed), key: key,
                     remedy: isMet ? nil : .write("\(tidied((value * 10_000).rounded(.down) / 100, 2))%"))
  }
}
