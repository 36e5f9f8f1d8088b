public import EventLog
import Scene

/// A condition over tracks, zones and lines, read and checked.
public struct Rule: Sendable {
  public var id: String
  public var kind: RuleKind
  /// As written: ids or texts of the stream's queries; empty: all of them.
  public var queries: [String]
  /// What events of this rule are about: `zone/yard`, `line/gate`; nil: the track.
  var subject: String?
  var common: CommonSettings
  var settings: RuleSettings

  /// A rule on trial alarms nobody: its events have no severity, and no picture is made of them.
  public var severity: Severity? { isShadow ? nil : common.severity }
  public var wantsSnapshot: Bool { common.wantsSnapshot && !isShadow }
  public var isShadow: Bool { common.isShadow }
}

/// What every rule may say.
struct CommonSettings: Sendable {
  var schedule: Schedule?
  var cooldown: MediaInterval?
  var severity: Severity?
  var minScore: Double = 0
  /// Share of the diagonal.
  var minSize: Double = 0
  var ignoresStill = false
  var wantsSnapshot = false
  var isShadow = false
  var isSilent = false
}

/// What each kind needs to know, geometry normalised until it is placed in a picture's plane.
enum RuleSettings: Sendable {
  case appeared(ObjectAppeared.Settings)
  case entered(ZoneSettings)
  case loitering(LoiteringSettings)
  case crossed(LineSettings)
  case count(CountSettings)

  /// Which point of the box the kind goes by.
  var anchor: Anchor {
    switch self {
    case .appeared: .bottomCenter
    case .entered(let zone): zone.anchor
    case .loitering(let loitering): loitering.zone.anchor
    case .crossed(let line): line.anchor
    case .count(let count): count.line.anchor
    }
  }

  /// The same in the plane of a stream's picture, the rule's queries as indices of the stream's.
  func placed(in plane: Plane, queries: [Int]) -> RuleSettings {
    switch self {
    case .appeared: return self
    case .entered(var zone):
      zone.region = zone.region.placed(in: plane)
      return .entered(zone)
    case .loitering(var loitering):
      loitering.zone.region = loitering.zone.region.placed(in: plane)
      return .loitering(loitering)
    case .crossed(var line):
      line.line = line.line.placed(in: plane)
      return .crossed(line)
    case .count(var count):
      count.line.line = count.line.line.placed(in: plane)
      count.queries = queries
      return .count(count)
    }
  }
}
