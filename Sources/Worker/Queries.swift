public import Scene

/// Queries as people give them on the command line: `person`, `"a red truck"`, `truck=a red truck`, each optionally with
/// `@0.25`, its own threshold.
public enum QueryText {
  /// - Throws: `WorkerError` for an empty text or a threshold outside 0…1.
  public static func parse(_ text: String, suppresses: Bool = false) throws(WorkerError) -> Query {
    var words = text[...]
    var threshold: Double?
    if let at = words.lastIndex(of: "@"), let value = Double(words[words.index(after: at)...]) {
      guard value >= 0, value <= 1 else {
        throw WorkerError(.usage, "query '\(text)': threshold \(value) is outside 0…1")
      }
      threshold = value
      words = words[..<at]
    }
    var id: Substring?
    if let equals = words.firstIndex(of: "=") {
      id = words[..<equals]
      words = words[words.index(after: equals)...]
    }
    let trimmed = trim(words)
    guard !trimmed.isEmpty else { throw WorkerError(.usage, "query '\(text)' is empty: say what to look for, e.g. --query person") }
    let name = id.map(trim) ?? defaultID(of: trimmed)
    guard !name.isEmpty else { throw WorkerError(.usage, "query '\(text)': nothing stands before '='") }
    return Query(id: name, text: trimmed, threshold: threshold, suppresses: suppresses)
  }

  /// A text's id when none is given: the text without its article, so that `--query "a person"` answers to `query: person` in
  /// a rule file.
  public static func defaultID(of text: String) -> String {
    let lower = text.lowercased()
    for article in ["a ", "an ", "the "] where lower.hasPrefix(article) && lower.count > article.count {
      return trim(lower.dropFirst(article.count))
    }
    return lower
  }

  /// - Throws: `WorkerError` when two queries share an id.
  public static func checkUnique(_ queries: [Query]) throws(WorkerError) {
    var seen: Set<String> = []
    for query in queries where !seen.insert(query.id).inserted {
      throw WorkerError(.usage, "two queries are called '\(query.id)': give one another id, e.g. --query \"other=\(query.text)\"")
    }
  }

  private static func trim(_ text: some StringProtocol) -> String {
    var part = Substring(text)
    while part.first?.isWhitespace == true { part.removeFirst() }
    while part.last?.isWhitespace == true { part.removeLast() }
    return String(part)
  }
}
