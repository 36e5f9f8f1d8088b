import EventLog
import Scene

/// What one rule remembers: its kind's machines.
enum RuleState: Sendable, Equatable, Codable {
  /// Before the first keyframe, and outside its active hours.
  case asleep
  case appeared(PerTrack<ObjectAppeared>)
  case entered(PerTrack<ZoneEntered>)
  case loitering(PerTrack<ZoneLoitering>)
  case crossed(LineCrossed)
  case count(LineCount)

  init(_ settings: RuleSettings, queries: Int) {
    switch settings {
    case .appeared: self = .appeared(.init())
    case .entered: self = .entered(.init())
    case .loitering: self = .loitering(.init())
    case .crossed: self = .crossed(LineCrossed(queries: queries))
    case .count: self = .count(LineCount(queries: queries))
    }
  }

  /// A keyframe: the sights that concern this rule.
  mutating func judge(_ sights: [Sight], _ settings: RuleSettings, epoch: Int64, _ moment: inout Moment) {
    // Taking the payload out leaves nothing behind, so that its arrays are changed in place.
    let state = self
    self = .asleep
    switch (state, settings) {
    case (.appeared(var machines), .appeared(let settings)):
      for sight in sights { machines.see(sight, settings, &moment) }
      self = .appeared(machines)
    case (.entered(var machines), .entered(let settings)):
      for sight in sights { machines.see(sight, settings, &moment) }
      self = .entered(machines)
    case (.loitering(var machines), .loitering(let settings)):
      for sight in sights { machines.see(sight, settings, &moment) }
      self = .loitering(machines)
    case (.crossed(var machine), .crossed(let settings)):
      for sight in sights { machine.see(sight, settings, &moment) }
      self = .crossed(machine)
    case (.count(var machine), .count(let settings)):
      machine.begin(settings, epoch: epoch, &moment)
      for sight in sights { machine.see(sight, settings) }
      self = .count(machine)
    default:
      preconditionFailure("a rule's state and settings are of one kind")
    }
  }

  /// Everything open gets its end; counts are kept.
  mutating func finish(_ sights: [Sight], _ reason: EndReason, _ settings: RuleSettings, _ moment: inout Moment) {
    let state = self
    self = .asleep
    switch (state, settings) {
    case (.appeared(var machines), .appeared(let settings)):
      for sight in sights { machines.end(sight, reason, settings, &moment) }
      self = .appeared(machines)
    case (.entered(var machines), .entered(let settings)):
      for sight in sights { machines.end(sight, reason, settings, &moment) }
      self = .entered(machines)
    case (.loitering(var machines), .loitering(let settings)):
      for sight in sights { machines.end(sight, reason, settings, &moment) }
      self = .loitering(machines)
    case (.crossed(var machine), .crossed):
      machine.rest()
      self = .crossed(machine)
    case (.count(var machine), .count(let settings)):
      machine.finish(settings, &moment)
      self = .count(machine)
    default:
      preconditionFailure("a rule's state and settings are of one kind")
    }
  }
}
