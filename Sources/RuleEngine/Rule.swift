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
  /// The zone that the rule names, its own or the one it is limited to.
  var zone: String?
  var common: CommonSettings
  var settings: any KindSettings
  /// The rules that this one combines, by their place in the file.
  var members: [Int] = []

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
  /// Tracks count while they are in this zone; for kinds that have no zone of their own.
  var limit: ZoneLimit?
  var ignoresStill = false
  var wantsSnapshot = false
  var isShadow = false
  var isSilent = false
}
