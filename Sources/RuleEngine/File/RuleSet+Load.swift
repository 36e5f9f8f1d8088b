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
    let nodes = try fields.required("rules").list(atLeast: 1, of: "rules")
    for node in nodes { scope.rules.append(try ruleName(node, scope.rules)) }
    let readers = try zip(nodes, scope.rules).map { node, name throws(ConfigurationError) in try ruleReader(node, name, scope) }
    var rules: [Rule] = []
    for reader in readers { rules.append(try reader.rule()) }
    try combine(&rules, readers)
    var set = RuleSet(file: file, size: size, zones: scope.zones, lines: scope.lines, rules: rules, digest: digest)
    set.root = root
    let reader = RuleTestReader(set)
    for node in try fields["tests"]?.list(of: "tests") ?? [] { set.tests.append(try reader.test(node)) }
    return set
  }

  private static func ruleName(_ node: ConfigurationNode, _ others: [RuleName]) throws(ConfigurationError) -> RuleName {
    // Kind first: it says which fields there are.
    let written = try node.mapping(of: "a rule")
    guard let kindNode = written.first(where: { $0.key == "kind" })?.value else { throw node.mistake("'kind' is missing") }
    let name = try kindNode.choice(RuleKind.allCases.map(\.rawValue), what: "kind")
    guard let kind = RuleKind(rawValue: name) else { throw kindNode.mistake("no kind '\(name)'") }
    guard let idNode = written.first(where: { $0.key == "id" })?.value else { throw node.mistake("'id' is missing") }
    let id = try idNode.identifier()
    if others.contains(where: { $0.id == id }) {
      throw node.mistake("two rules share the id '\(id)'", suggestion: "events tell rules apart by their ids")
    }
    return RuleName(id: id, kind: kind)
  }

  private static func ruleReader(_ node: ConfigurationNode, _ name: RuleName, _ scope: FileScope) throws(ConfigurationError) -> RuleReader {
    let known = ["id", "kind"] + RuleFields.of(name.kind).map(\.name)
    return RuleReader(kind: name.kind, fields: try node.fields(known: known, of: name.kind.named), scope: scope)
  }
}

extension RuleReader {
  func rule() throws(ConfigurationError) -> Rule {
    try checkNeeds()
    let (settings, subject) = try kind.definition.read(self)
    return Rule(id: try fields.required("id").identifier(), kind: kind, queries: try queries("query"), subject: subject, zone: try zone()?.id,
                common: try common(), settings: settings)
  }

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
    common.limit = try limit()
    return common
  }

  /// Where tracks count, of kinds that have no zone of their own.
  private func limit() throws(ConfigurationError) -> ZoneLimit? {
    let anchor = try anchor()
    guard !kind.definition.fields.contains(where: { $0.name == "zone" }), let zone = try zone() else { return nil }
    return ZoneLimit(region: Region(corners: zone.reachingOut), anchor: anchor)
  }
}
