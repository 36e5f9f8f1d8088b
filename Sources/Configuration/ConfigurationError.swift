/// A mistake in a file that people write: where it is, what stands there, what is wrong with it, and what would do.
public struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file as the user named it; nil where text came from elsewhere (a flag, standard input).
  public var file: String?
  /// From 1; nil where the whole file is meant.
  public var line: Int?
  /// From 1.
  public var column: Int?
  /// The key's path, `rules[2].zone`; empty where the file as a whole is meant.
  public var key: String
  /// The value as it is written; nil where none is.
  public var value: String?
  /// What is wrong: `no zone 'gte'`.
  public var problem: String
  /// What to do about it: `did you mean 'gate'?`.
  public var suggestion: String?

  /// Whether the file isn't there, or is no file: else it was read, and is wrong.
  public var isOfMissingFile = false

  public init(file: String? = nil, line: Int? = nil, column: Int? = nil, key: String = "", value: String? = nil,
              problem: String, suggestion: String? = nil) {
    self.file = file; self.line = line; self.column = column; self.key = key; self.value = value
    self.problem = problem; self.suggestion = suggestion
  }

  /// One line: `Rules/gate.yaml:12: rules[2].zone: no zone 'gte'; did you mean 'gate'?`
  public var description: String {
    var place: [String] = []
    if let file { place.append(line.map { "\(file):\($0)" } ?? file) } else if let line { place.append("line \(line)") }
    if !key.isEmpty { place.append(key) }
    let told = suggestion.map { "\(problem); \($0)" } ?? problem
    return (place + [told]).joined(separator: ": ")
  }
}
