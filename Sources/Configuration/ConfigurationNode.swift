/// A piece of a YAML file as it is written: scalars stay text until a field says what it wants, so that YAML 1.1's
/// guesses (`22:00` is 1320, `no` is false) never apply.
public struct ConfigurationNode: Sendable {
  public enum Content: Sendable {
    /// A key without a value.
    case nothing
    /// Text as written, quotes taken off.
    case scalar(String)
    case sequence([ConfigurationNode])
    /// In the order of the file; keys are unique.
    case mapping([Field])
  }

  public struct Field: Sendable {
    public var key: String
    /// Where the key stands, from 1.
    public var line: Int
    public var column: Int
    public var value: ConfigurationNode

    public init(key: String, line: Int, column: Int, value: ConfigurationNode) {
      self.key = key; self.line = line; self.column = column; self.value = value
    }
  }

  public var content: Content
  public var file: String?
  public var line: Int
  public var column: Int
  /// The key's path from the top of the file: `rules[2].zone`; empty at the top.
  public var path: String

  public init(content: Content, file: String?, line: Int, column: Int, path: String) {
    self.content = content; self.file = file; self.line = line; self.column = column; self.path = path
  }

  /// What a message calls this: `a list`, `text`.
  var shape: String {
    switch content {
    case .nothing: "nothing"
    case .scalar: "a single value"
    case .sequence: "a list"
    case .mapping: "fields (key: value)"
    }
  }

  /// The text as written; nil where this is no scalar.
  public var written: String? { if case .scalar(let text) = content { text } else { nil } }

  /// An error about this node.
  public func mistake(_ problem: String, suggestion: String? = nil) -> ConfigurationError {
    ConfigurationError(file: file, line: line, column: column, key: path, value: written, problem: problem, suggestion: suggestion)
  }
}
