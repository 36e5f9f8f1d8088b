/// The kinds of rules, as a rule file names them.
public enum RuleKind: String, Sendable, CaseIterable {
  case objectAppeared = "object.appeared", objectEnded = "object.ended"
  case zoneEntered = "zone.entered", zoneExited = "zone.exited"
  case zoneLoitering = "zone.loitering"
  case lineCrossed = "line.crossed", lineCount = "line.count"

  /// Judged like another kind, but only the end is told, as something that happens in a moment.
  var tellsEndOnly: Bool { self == .objectEnded || self == .zoneExited }
}
