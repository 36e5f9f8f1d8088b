public import Configuration
public import EventLog
public import Scene

/// A rule file, read and checked.
public struct RuleSet: Sendable {
  public var file: String?
  /// The reference that the file's pixels are counted in; nil where it is written in 0…1.
  public var size: PictureSize?
  /// Normalised.
  public var zones: [Zone]
  /// Normalised.
  public var lines: [Line]
  /// Ids of the rules in the order of the file.
  public var ruleIDs: [String] { [] }
  /// Names what the file says: equal texts have equal digests. 16 hexadecimal digits.
  public var digest: String

  /// Reads a rule file.
  /// - Parameter queries: the stream's; a rule may name only these, by id or text. Nil: rules' queries are not checked.
  public static func load(path: String, queries: [Query]?) throws(ConfigurationError) -> RuleSet {
    RuleSet(file: path, size: nil, zones: [], lines: [], digest: "")
  }
  /// Without a rule file every query gets `object.appeared` and `object.ended`.
  public static func standard(queries: [Query]) -> RuleSet {
    RuleSet(file: nil, size: nil, zones: [], lines: [], digest: "")
  }
  /// Whether the rule that reported this asks for the picture with the object marked.
  public func wantsSnapshot(_ event: Event) -> Bool { false }
}

/// JSON Schema (2020-12) of rule files, for editors.
public func ruleSchema() -> String { "" }
