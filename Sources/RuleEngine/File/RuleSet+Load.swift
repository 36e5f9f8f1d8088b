public import Configuration
import EventLog
import Foundation
public import Scene

extension RuleSet {
  /// Reads a rule file.
  /// - Parameter queries: the stream's; a rule may name only these, by id or text. Nil: rules' queries are not checked.
  public static func load(path: String, queries: [Query]?) throws(ConfigurationError) -> RuleSet {
    let text = try ConfigurationNode.read(path: path)
    return try parse(text, file: path, queries: queries)
  }

  /// Reads the text of a rule file.
  /// - Parameter file: names the text in errors.
  public static func parse(_ text: String, file: String?, queries: [Query]?) throws(ConfigurationError) -> RuleSet {
    try read(ConfigurationNode.parse(text, file: file), file: file, digest: digestText(text), queries: queries)
  }

  /// - Parameter root: the file's content.
  static func read(_ root: ConfigurationNode, file: String?, digest: String, queries: [Query]?) throws(ConfigurationError) -> RuleSet {
    let fields = try root.fields(known: ["size", "timezone", "zones", "lines", "rules", "tests"], of: "a rule file")
    let size = try fields["size"]?.pictureSize()
    var scope = FileScope(size: size, timezone: try fields["timezone"]?.timezone() ?? TimeZone(identifier: "UTC")!, queries: queries)
    for field in try fields["zones"]?.mapping(of: "zones") ?? [] { scope.zones.append(try zone(field, size: size)) }
    for field in try fields["lines"]?.mapping(of: "lines") ?? [] { scope.lines.append(try line(field, size: size)) }
    var rules: [Rule] = []
    for node in try fields.required("rules").list(atLeast: 1, of: "rules") {
      let rule = try RuleSet.rule(node, scope)
      if rules.contains(where: { $0.id == rule.id }) {
        throw node.mistake("two rules share the id '\(rule.id)'", suggestion: "events tell rules apart by their ids")
      }
      rules.append(rule)
    }
    var set = RuleSet(file: file, size: size, zones: scope.zones, lines: scope.lines, rules: rules, digest: digest)
    set.root = root
    let reader = RuleTestReader(set)
    for node in try fields["tests"]?.list(of: "tests") ?? [] { set.tests.append(try reader.test(node)) }
    return set
  }

  private static func rule(_ node: ConfigurationNode, _ scope: FileScope) throws(ConfigurationError) -> Rule {
    // Kind first: it says which fields there are.
    let written = try node.mapping(of: "a rule")
    guard let kindNode = written.first(where: { $0.key == "kind" })?.value else { throw node.mistake("'kind' is missing") }
    let name = try kindNode.choice(RuleKind.allCases.map(\.rawValue), what: "kind")
    guard let kind = RuleKind(rawValue: name) else { throw kindNode.mistake("no kind '\(name)'") }
    let known = ["id", "kind"] + RuleFields.of(kind).map(\.name)
    let fields = try node.fields(known: known, of: "\(kind == .objectAppeared || kind == .objectEnded ? "an" : "a") \(name) rule")
    let id = try fields.required("id").identifier()
    let reader = RuleReader(kind: kind, fields: fields, scope: scope)
    let (settings, subject) = try reader.settings()
    return Rule(id: id, kind: kind, queries: try reader.queries("query"), subject: subject, common: try reader.common(), settings: settings)
  }
}

extension RuleReader {
  func common() throws(ConfigurationError) -> CommonSettings {
    var common = CommonSettings()
    common.schedule = try schedule()
    common.cooldown = try optionalDuration("cooldown")
    common.severity = try word("severity").flatMap { Severity(rawValue: $0) }
    common.minScore = try share("min_score")
    common.minSize = try distance("min_size")
    common.ignoresStill = try word("still") == "ignore"
    common.wantsSnapshot = try flag("snapshot")
    common.isShadow = try flag("shadow")
    common.isSilent = try flag("silent")
    return common
  }

  /// The kind's own settings, and what its events are about.
  func settings() throws(ConfigurationError) -> (RuleSettings, subject: String?) {
    switch kind {
    case .objectAppeared, .objectEnded:
      return (.appeared(.init()), nil)
    case .zoneEntered, .zoneExited:
      let (zone, id) = try zoneSettings()
      return (.entered(zone), "zone/\(id)")
    case .zoneLoitering:
      let (zone, id) = try zoneSettings()
      let settings = LoiteringSettings(zone: zone, after: try duration("after"), again: try optionalDuration("repeat", atLeast: .milliseconds(1)),
                                       isCumulative: try flag("cumulative"))
      return (.loitering(settings), "zone/\(id)")
    case .lineCrossed:
      let (line, id) = try lineSettings()
      return (.crossed(line), "line/\(id)")
    case .lineCount:
      let (line, id) = try lineSettings()
      let resets = LocalTimes(times: try times("reset_at"), zone: try timezone())
      return (.count(CountSettings(line: line, every: try duration("every", atLeast: .milliseconds(1)), resets: resets, queries: [])), "line/\(id)")
    }
  }

  func zoneSettings() throws(ConfigurationError) -> (ZoneSettings, id: String) {
    guard let zone = try zone() else { throw fields.node.mistake("'zone' is missing") }
    let settings = ZoneSettings(region: Region(corners: zone.reachingOut), anchor: try anchor(), enterHold: try duration("enter_hold"),
                                exitHold: try duration("exit_hold"), margin: try distance("margin"))
    return (settings, zone.id)
  }

  func lineSettings() throws(ConfigurationError) -> (LineSettings, id: String) {
    let line = try line()
    let directions = try directions()
    let settings = LineSettings(line: Polyline(points: line.reachingOut), anchor: try anchor(), hold: try duration("hold"),
                                band: try distance("band"), right: directions.right, left: directions.left)
    return (settings, line.id)
  }
}
