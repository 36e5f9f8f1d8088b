/// The fields of a mapping, all of them known.
public struct ConfigurationFields: Sendable {
  public let node: ConfigurationNode
  private let values: [String: ConfigurationNode]

  init(node: ConfigurationNode, values: [String: ConfigurationNode]) { self.node = node; self.values = values }

  /// The field's value; nil where the field is left out. A key without a value counts as left out.
  public subscript(key: String) -> ConfigurationNode? { values[key] }

  /// The field's value, or an error that names the field.
  public func required(_ key: String) throws(ConfigurationError) -> ConfigurationNode {
    guard let value = values[key] else { throw node.mistake("'\(key)' is missing") }
    return value
  }
}

extension ConfigurationNode {
  /// The mapping's fields; a key that is not known is an error with the nearest that is.
  /// - Parameter what: what has these fields, for the message: `a zone.loitering rule`.
  public func fields(known: [String], of what: String) throws(ConfigurationError) -> ConfigurationFields {
    var values: [String: ConfigurationNode] = [:]
    for field in try mapping(of: what) {
      guard known.contains(field.key) else {
        throw ConfigurationError(file: file, line: field.line, column: field.column, key: field.value.path, value: field.key,
                                 problem: "\(what) has no field \(Self.quoted(field.key))",
                                 suggestion: suggestion(for: field.key, among: known))
      }
      if case .nothing = field.value.content { continue }
      values[field.key] = field.value
    }
    return ConfigurationFields(node: self, values: values)
  }

  /// The mapping's keys and values in the order of the file, for keys that people make up: `zones`, `queries`.
  public func mapping(of what: String) throws(ConfigurationError) -> [Field] {
    switch content {
    case .mapping(let fields): return fields
    case .nothing: return []
    default: throw mistake("\(what) is written as fields (key: value), not as \(shape)")
    }
  }
}
