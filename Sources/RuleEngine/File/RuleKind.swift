import Configuration

/// The kinds of rules, as a rule file names them.
public enum RuleKind: String, Sendable, CaseIterable, Codable {
  case objectAppeared = "object.appeared", objectEnded = "object.ended"
  case zoneEntered = "zone.entered", zoneExited = "zone.exited"
  case zoneLoitering = "zone.loitering", zoneOccupancy = "zone.occupancy"
  case lineCrossed = "line.crossed", lineCount = "line.count"
  case objectStopped = "object.stopped", objectMoved = "object.moved"
  case wrongDirection = "object.wrong_direction", speeding = "object.speeding"
  case abandoned = "object.abandoned", removed = "object.removed"
  case relation
  case all, any, not, then

  /// Judged like another kind, but only the end is told, as something that happens in a moment.
  var tellsEndOnly: Bool { self == .objectEnded || self == .zoneExited || self == .objectMoved }
  /// Something that happens in a moment, and doesn't last.
  var isMoment: Bool { tellsEndOnly || [.lineCrossed, .lineCount, .removed, .then].contains(self) }
  var combines: Bool { [.all, .any, .not, .then].contains(self) }
  /// Its events are about a zone or the stream, not about one track.
  var hasNoTrack: Bool { self == .zoneOccupancy || self == .lineCount }
  /// `a zone.entered rule`
  var named: String { "\("aeiou".contains(rawValue.first!) ? "an" : "a") \(rawValue) rule" }
}

/// All that the house knows of a kind: its fields, how they are read, and its machine. A new kind is a case of
/// `RuleKind`, one of these, and the file of its machine.
struct KindDefinition: Sendable {
  /// Beside the common ones.
  var fields: [FieldSpec]
  var needs: Need?
  var machine: any KindMachine.Type
  /// The kind's own settings, and what its events are about.
  var read: @Sendable (RuleReader) throws(ConfigurationError) -> (settings: any KindSettings, subject: String?)
}

/// Fields of which one must be given.
enum Need: Sendable {
  case exactlyOne([String])
  case atLeastOne([String])
}

extension RuleKind {
  var definition: KindDefinition {
    switch self {
    case .objectAppeared, .objectEnded: .appeared
    case .zoneEntered, .zoneExited: .entered
    case .zoneLoitering: .loitering
    case .zoneOccupancy: .occupancy
    case .lineCrossed: .crossed
    case .lineCount: .count
    case .objectStopped, .objectMoved: .stopped
    case .wrongDirection: .wrongDirection
    case .speeding: .speeding
    case .abandoned: .abandoned
    case .removed: .removed
    case .relation: .relation
    case .all: .all
    case .any: .any
    case .not: .not
    case .then: .then
    }
  }
}
