import Foundation
import Yams

extension ConfigurationNode {
  /// No file that people write comes near these. They keep a hostile one from costing time or memory.
  static let byteLimit = 4 << 20
  static let depthLimit = 64
  static let aliasLimit = 16

  /// Reads a YAML file. A missing or unreadable file, and one that is no YAML, is an error with its line.
  public static func load(path: String) throws(ConfigurationError) -> ConfigurationNode {
    try parse(try read(path: path), file: path)
  }

  /// A file's text, at most 4 MB of UTF-8.
  public static func read(path: String) throws(ConfigurationError) -> String {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw missing(path, "no such file", "check the path")
    }
    guard !isDirectory.boolValue else { throw missing(path, "this is a directory, not a file", "name a file in it") }
    // Read through a handle with a limit: the path may be a device without an end.
    guard let handle = FileHandle(forReadingAtPath: path),
          let data = try? handle.read(upToCount: byteLimit + 1) ?? Data() else {
      throw missing(path, "the file can't be read", "check its permissions")
    }
    guard data.count <= byteLimit else { throw tooLarge(path) }
    guard let text = String(validatingUTF8: data) else {
      throw ConfigurationError(file: path, problem: "the file is not text in UTF-8")
    }
    return text
  }

  private static func missing(_ path: String, _ problem: String, _ suggestion: String) -> ConfigurationError {
    var error = ConfigurationError(file: path, problem: problem, suggestion: suggestion)
    error.isOfMissingFile = true
    return error
  }

  private static func tooDeep(_ file: String?, line: Int, column: Int) -> ConfigurationError {
    ConfigurationError(file: file, line: line, column: column, problem: "nested more than \(depthLimit) deep",
                       suggestion: "nothing that is read here is; look for a bracket that is never closed")
  }

  private static func tooLarge(_ file: String?) -> ConfigurationError {
    ConfigurationError(file: file, problem: "the file is larger than \(byteLimit >> 20) MB")
  }

  /// Reads YAML text.
  /// - Parameter file: names the text in errors.
  public static func parse(_ text: String, file: String?) throws(ConfigurationError) -> ConfigurationNode {
    guard text.utf8.count <= byteLimit else { throw tooLarge(file) }
    try refuseAliasBombs(text, file: file)
    let parser: Parser, root: Node?
    do {
      // An empty resolver: no guessing what `22:00` or `no` might be, and no regular expressions run for it.
      parser = try Parser(yaml: text, resolver: .basic)
      root = try parser.singleRoot()
    } catch {
      throw told(error, file: file)
    }
    guard let root else { return ConfigurationNode(content: .nothing, file: file, line: 1, column: 1, path: "") }
    // Nodes hold their anchors weakly, the parser owns them.
    defer { withExtendedLifetime(parser) {} }
    return try converted(root, file: file, path: "", depth: 0)
  }

  /// Yams hashes a mapping's keys while it reads, aliases followed, so a file of aliases to aliases must be refused before.
  /// Whether a `*word` is an alias or stands in a comment is not asked: sixteen are more than any comment has, and
  /// sixteen aliases can't explode.
  private static func refuseAliasBombs(_ text: String, file: String?) throws(ConfigurationError) {
    var line = 1, aliases = 0, previous = UInt8(ascii: "\n")
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\n") { line += 1 }
      let startsWord = byte > 32 && byte != UInt8(ascii: "*")
      if previous == UInt8(ascii: "*"), startsWord { aliases += 1 }
      if aliases > aliasLimit { throw aliasMistake(file: file, line: line, column: nil, path: "") }
      previous = byte
    }
  }

  private static func aliasMistake(file: String?, line: Int?, column: Int?, path: String) -> ConfigurationError {
    ConfigurationError(file: file, line: line, column: column, key: path,
                       problem: "anchors and aliases (&name, *name) are not read here", suggestion: "write the value out")
  }

  private static func converted(_ node: Node, file: String?, path: String, depth: Int) throws(ConfigurationError) -> ConfigurationNode {
    let line = node.mark?.line ?? 1, column = node.mark?.column ?? 1
    guard depth <= depthLimit else {
      throw tooDeep(file, line: line, column: column)
    }
    if node.anchor != nil { throw aliasMistake(file: file, line: line, column: column, path: path) }
    let content: Content
    switch node {
    case .scalar(let scalar):
      content = scalar.style == .plain && scalar.string.isEmpty ? .nothing : .scalar(scalar.string)
    case .sequence(let sequence):
      var elements: [ConfigurationNode] = []
      for (index, element) in sequence.enumerated() {
        elements.append(try converted(element, file: file, path: "\(path)[\(index)]", depth: depth + 1))
      }
      content = .sequence(elements)
    case .mapping(let mapping):
      content = .mapping(try convertedFields(mapping, file: file, path: path, depth: depth))
    case .alias:
      throw aliasMistake(file: file, line: line, column: column, path: path)
    }
    return ConfigurationNode(content: content, file: file, line: line, column: column, path: path)
  }

  private static func convertedFields(_ mapping: Node.Mapping, file: String?, path: String, depth: Int)
    throws(ConfigurationError) -> [Field] {
    var fields: [Field] = [], seen: Set<String> = []
    for (key, value) in mapping {
      let line = key.mark?.line ?? 1, column = key.mark?.column ?? 1
      guard case .scalar(let scalar) = key else {
        throw ConfigurationError(file: file, line: line, column: column, key: path, problem: "a key is a single word, not a list or fields")
      }
      if scalar.anchor != nil { throw aliasMistake(file: file, line: line, column: column, path: path) }
      let keyPath = path.isEmpty ? scalar.string : "\(path).\(scalar.string)"
      guard seen.insert(scalar.string).inserted else {
        throw ConfigurationError(file: file, line: line, column: column, key: keyPath, value: scalar.string,
                                 problem: "'\(scalar.string)' is written twice")
      }
      fields.append(Field(key: scalar.string, line: line, column: column,
                          value: try converted(value, file: file, path: keyPath, depth: depth + 1)))
    }
    return fields
  }

  /// Yams's error in our form: its line and its words.
  private static func told(_ error: any Error, file: String?) -> ConfigurationError {
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
      if problem.contains("nesting level") {
        return tooDeep(file, line: mark.line, column: mark.column)
      }
      return ConfigurationError(file: file, line: mark.line, column: mark.column, problem: "this is no YAML: \(problem)",
                                suggestion: "check indentation, colons and quotes here")
    case .duplicatedKeysInMapping(let keys, let context):
      return ConfigurationError(file: file, line: context.mark.line, column: context.mark.column, key: keys.first ?? "",
                                value: keys.first, problem: "'\(keys.first ?? "")' is written twice")
    case .reader(let problem, let offset, let value, _):
      return ConfigurationError(file: file, problem: "this is no YAML text: \(problem) (value \(value)\(offset.map { " at byte \($0)" } ?? ""))")
    default:
      return ConfigurationError(file: file, problem: "this is no YAML: \(error)")
    }
  }
}

extension String {
  /// Text of UTF-8 bytes, a byte order mark taken off; nil where they are no UTF-8.
  fileprivate init?(validatingUTF8 data: Data) {
    var bytes = data[...]
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
    guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
    self = text
  }
}
