public import Configuration
public import Scene

/// Another value for a setting of a rule file, as one would write it there.
public struct SettingChange: Sendable, Equatable {
  public enum Place: Sendable, Equatable {
    /// A field of a rule.
    case rule(String, key: String)
    case zone(String)
    case line(String)
  }

  public var place: Place
  /// Nil: left out.
  public var text: String?

  public init(_ place: Place, _ text: String?) { self.place = place; self.text = text }

  /// `hold: 300ms`
  public var description: String {
    let key = switch place {
    case .rule(_, let key): key
    case .zone(let id): "zones.\(id)"
    case .line(let id): "lines.\(id)"
    }
    return text.map { "\(key): \($0)" } ?? "no \(key)"
  }
}

/// A setting of a rule as it is in force.
public struct RuleSetting: Sendable, Equatable {
  public var key: String
  /// As written, or as it would be written.
  public var text: String
  public var isDefault: Bool
}

extension RuleSet {
  /// The same file with other settings: read anew, so that a value that the file would not take is an error here, too.
  public func changed(_ changes: [SettingChange], queries: [Query]? = nil) throws(ConfigurationError) -> RuleSet {
    guard var root else { throw ConfigurationError(problem: "rules that stand in no file have no settings") }
    for change in changes {
      let value = try change.text.map { text throws(ConfigurationError) in try ConfigurationNode.parse(text, file: nil) }
      switch change.place {
      case .zone(let id): root.change(["zones", id], to: value)
      case .line(let id): root.change(["lines", id], to: value)
      case .rule(let id, let key):
        guard case .mapping(var fields) = root.content, let place = fields.firstIndex(where: { $0.key == "rules" }),
              case .sequence(var rules) = fields[place].value.content,
              let rule = rules.firstIndex(where: { $0.scalar("id") == id }) else { continue }
        rules[rule].change([key], to: value)
        fields[place].value.content = .sequence(rules)
        root.content = .mapping(fields)
      }
    }
    return try RuleSet.read(root, file: file, digest: digest, queries: queries)
  }

  /// The settings of a rule that are in force, in the order in which the schema has them; of those that every rule may have
  /// only what is written.
  public func settings(of id: String) -> [RuleSetting] {
    guard let rule = rules.first(where: { $0.id == id }) else { return [] }
    let written = node(of: id)
    return RuleFields.of(rule.kind).compactMap { spec in
      if let node = written?.field(spec.name) { return RuleSetting(key: spec.name, text: node.flow, isDefault: false) }
      guard let standard = spec.standard, !RuleFields.common.contains(where: { $0.name == spec.name }) else { return nil }
      return RuleSetting(key: spec.name, text: standard, isDefault: true)
    }
  }
}

extension ConfigurationNode {
  func field(_ key: String) -> ConfigurationNode? {
    guard case .mapping(let fields) = content else { return nil }
    return fields.first { $0.key == key }?.value
  }

  func scalar(_ key: String) -> String? { field(key)?.written }

  /// Puts a value at a path of keys, or takes it away.
  fileprivate mutating func change(_ path: ArraySlice<String>, to value: ConfigurationNode?) {
    guard let key = path.first, case .mapping(var fields) = content else { return }
    let index = fields.firstIndex { $0.key == key }
    if path.count > 1 {
      if let index { fields[index].value.change(path.dropFirst(), to: value) }
    } else if let value {
      if let index { fields[index].value.content = value.content } else {
        fields.append(Field(key: key, line: line, column: column, value: ConfigurationNode(content: value.content, file: file, line: line, column: column, path: "\(self.path).\(key)")))
      }
    } else if let index {
      fields.remove(at: index)
    }
    content = .mapping(fields)
  }

  fileprivate mutating func change(_ path: [String], to value: ConfigurationNode?) { change(path[...], to: value) }

  /// On one line, as YAML's flow style writes it.
  var flow: String {
    switch content {
    case .nothing: ""
    case .scalar(let text): text
    case .sequence(let elements): "[" + elements.map(\.flow).joined(separator: ", ") + "]"
    case .mapping(let fields): "{" + fields.map { "\($0.key): \($0.value.flow)" }.joined(separator: ", ") + "}"
    }
  }
}

extension RuleSet {
  /// A rule as people are told of it.
  public struct Summary: Sendable {
    public var id: String
    public var kind: RuleKind
    /// `zone/yard`; nil: the track.
    public var subject: String?
    public var file: String?
    /// Where in the file it stands, from 1.
    public var line: Int?
    public var isShadow: Bool
    public var settings: [RuleSetting]
  }

  public func summary(of id: String) -> Summary? {
    guard let rule = rules.first(where: { $0.id == id }) else { return nil }
    return Summary(id: id, kind: rule.kind, subject: rule.subject, file: file, line: node(of: id)?.line, isShadow: rule.isShadow, settings: settings(of: id))
  }

  private func node(of id: String) -> ConfigurationNode? {
    guard case .sequence(let nodes)? = root?.field("rules")?.content else { return nil }
    return nodes.first { $0.scalar("id") == id }
  }
}
