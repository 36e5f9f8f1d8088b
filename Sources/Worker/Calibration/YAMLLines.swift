import Configuration

/// The lines of a YAML file, changed at the places that its nodes name. Knows scalars that stand on one line; whoever
/// changes a file reads it again to see that it says what it should.
struct YAMLLines {
  private var lines: [String]

  init(_ text: String) { lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }

  var text: String { lines.joined(separator: "\n") }

  mutating func replaceScalar(at node: ConfigurationNode, inFlow: Bool, with text: String) { replaceScalar(at: node, inFlow: inFlow) { _ in text } }

  /// - Parameter text: from what is written to what shall be.
  mutating func replaceScalar(at node: ConfigurationNode, inFlow: Bool, with text: (String) -> String) {
    guard let (line, range) = scalar(at: node, inFlow: inFlow) else { return }
    lines[line].replaceSubrange(range, with: text(String(lines[line][range])))
  }

  /// Puts one more field behind another of the same mapping: on the same line in flow style, else on the next.
  mutating func add(_ field: String, besides sibling: ConfigurationNode.Field, of owner: ConfigurationNode.Field) {
    let isFlow = sibling.line == owner.line
    guard let (line, range) = scalar(at: sibling.value, inFlow: isFlow) else { return }
    if isFlow {
      lines[line].insert(contentsOf: ", \(field)", at: range.upperBound)
    } else {
      lines.insert(String(repeating: " ", count: max(0, sibling.column - 1)) + field, at: line + 1)
    }
  }

  /// What stands between the quotes of a flow mapping's plain text.
  static func flowScalar(_ written: String) -> String {
    let isQuoted = written.hasPrefix("\"") || written.hasPrefix("'")
    guard !isQuoted, written.contains(where: { ",[]{}".contains($0) }) else { return written }
    return "\"\(written.map { $0 == "\\" || $0 == "\"" ? "\\\($0)" : String($0) }.joined())\""
  }

  /// The characters of a scalar, quotes included.
  private func scalar(at node: ConfigurationNode, inFlow: Bool) -> (line: Int, range: Range<String.Index>)? {
    guard lines.indices.contains(node.line - 1) else { return nil }
    let line = lines[node.line - 1], scalars = line.unicodeScalars
    guard let start = scalars.index(scalars.startIndex, offsetBy: node.column - 1, limitedBy: scalars.endIndex), start < scalars.endIndex else { return nil }
    let quote = line[start]
    var end = start
    if quote == "\"" || quote == "'" {
      end = line.index(after: start)
      while end < line.endIndex, line[end] != quote {
        // A backslash takes the next character with it.
        let step = quote == "\"" && line[end] == "\\" ? 2 : 1
        end = line.index(end, offsetBy: step, limitedBy: line.endIndex) ?? line.endIndex
      }
      guard end < line.endIndex else { return nil }
      return (node.line - 1, start..<line.index(after: end))
    }
    // A whole file in flow style has its queries there, too.
    let stops: Set<Character> = inFlow || line.prefix(upTo: start).contains("{") ? [",", "}", "]"] : []
    while end < line.endIndex, !stops.contains(line[end]), !(line[end] == "#" && end > start && line[line.index(before: end)].isWhitespace) { end = line.index(after: end) }
    while end > start, line[line.index(before: end)].isWhitespace { end = line.index(before: end) }
    return (node.line - 1, start..<end)
  }
}
