import Configuration
import EventLog
import Foundation
import Scene

/// What a rule's fields may refer to.
struct FileScope: Sendable {
  var size: PictureSize?
  var timezone: TimeZone
  var zones: [Zone] = []
  var lines: [Line] = []
  /// The stream's queries; nil: not known.
  var queries: [Query]?
}

/// Reads a rule's fields, each as its `FieldSpec` says. A field that is left out is read from its default's text, by
/// the same way, so that schema, parser and documentation can't tell different defaults.
struct RuleReader {
  let kind: RuleKind
  let fields: ConfigurationFields
  let scope: FileScope

  /// The field's value or its default; nil where it has neither.
  private func node(_ name: String) throws(ConfigurationError) -> ConfigurationNode? {
    guard let spec = RuleFields.of(kind).first(where: { $0.name == name }) else { preconditionFailure("\(kind) has no field \(name)") }
    if let given = fields[name] { return given }
    if spec.isNeeded { return try fields.required(name) }
    guard let standard = spec.standard else { return nil }
    return try ConfigurationNode.parse(standard, file: nil)
  }

  func duration(_ name: String, atLeast least: MediaInterval = .zero) throws(ConfigurationError) -> MediaInterval {
    try optionalDuration(name, atLeast: least) ?? .zero
  }

  func optionalDuration(_ name: String, atLeast least: MediaInterval = .zero) throws(ConfigurationError) -> MediaInterval? {
    try node(name)?.duration(atLeast: least)
  }

  /// Share of the diagonal.
  func distance(_ name: String) throws(ConfigurationError) -> Double { try node(name)?.distance(scope.size) ?? 0 }
  func share(_ name: String) throws(ConfigurationError) -> Double { try node(name)?.share() ?? 0 }
  func flag(_ name: String) throws(ConfigurationError) -> Bool { try node(name)?.flag() ?? false }
  func count(_ name: String) throws(ConfigurationError) -> Int? { try node(name)?.integer(in: 0...1_000_000) }

  func word(_ name: String) throws(ConfigurationError) -> String? {
    guard let node = try node(name) else { return nil }
    guard case .word(let words)? = RuleFields.of(kind).first(where: { $0.name == name })?.type else { preconditionFailure("\(name) is no word") }
    return try node.choice(words, what: "'\(name)' called")
  }

  func anchor() throws(ConfigurationError) -> Anchor { try word("anchor").flatMap { Anchor(rawValue: $0) } ?? .bottomCenter }

  func zone(_ name: String = "zone") throws(ConfigurationError) -> Zone? {
    guard let node = try node(name) else { return nil }
    let id = try node.identifier()
    guard let zone = scope.zones.first(where: { $0.id == id }) else {
      throw node.mistake("no zone '\(id)'", suggestion: suggestion(for: id, among: scope.zones.map(\.id)) ?? "the file has no zones")
    }
    return zone
  }

  func line() throws(ConfigurationError) -> Line {
    let node = try fields.required("line")
    let id = try node.identifier()
    guard let line = scope.lines.first(where: { $0.id == id }) else {
      throw node.mistake("no line '\(id)'", suggestion: suggestion(for: id, among: scope.lines.map(\.id)) ?? "the file has no lines")
    }
    return line
  }

  /// As written, each one of the stream's; empty: all of them.
  func queries(_ name: String) throws(ConfigurationError) -> [String] {
    guard let node = try node(name) else { return [] }
    var names: [String] = []
    for element in try node.oneOrMore(of: "queries") {
      let query = try element.text()
      if let known = scope.queries?.filter({ !$0.suppresses }), !known.contains(where: { $0.id == query || $0.text == query }) {
        throw element.mistake("the stream has no query '\(query)'", suggestion: suggestion(for: query, among: known.flatMap { $0.id == $0.text ? [$0.id] : [$0.id, $0.text] }))
      }
      if !names.contains(query) { names.append(query) }
    }
    return names
  }

  func directions() throws(ConfigurationError) -> (right: String?, left: String?) {
    guard let node = try node("directions") else { return (nil, nil) }
    let named = try node.fields(known: ["right", "left"], of: "directions")
    let right = try named["right"]?.identifier(), left = try named["left"]?.identifier()
    guard right != nil || left != nil else { throw node.mistake("no direction is named, so nothing would be reported", suggestion: "name right, left or both") }
    guard right != left else { throw node.mistake("both directions are called '\(right ?? "")'", suggestion: "give them different names") }
    return (right, left)
  }

  func timezone() throws(ConfigurationError) -> TimeZone { try node("timezone")?.timezone() ?? scope.timezone }

  func schedule() throws(ConfigurationError) -> Schedule? { try node("active")?.schedule(scope.timezone) }

  func times(_ name: String) throws(ConfigurationError) -> [WallTime] {
    var times: [WallTime] = []
    for element in try node(name)?.oneOrMore(of: "times") ?? [] {
      let time = try element.wallTime()
      times.append(time)
    }
    return times
  }
}
