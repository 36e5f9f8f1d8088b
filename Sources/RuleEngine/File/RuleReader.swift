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
  /// All rules of the file.
  var rules: [RuleName] = []
}

/// What one rule must know of another to name it.
struct RuleName: Sendable {
  var id: String
  var kind: RuleKind
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

  /// Some of two fields, as the kind asks.
  func checkNeeds() throws(ConfigurationError) {
    switch kind.definition.needs {
    case nil: break
    case .exactlyOne(let names):
      let given = names.filter { fields[$0] != nil }
      guard given.count == 1 else {
        throw fields.node.mistake(given.isEmpty ? "one of \(listed(names)) is missing" : "\(listed(given)) are both given", suggestion: given.isEmpty ? nil : "keep one of them")
      }
    case .atLeastOne(let names):
      guard names.contains(where: { fields[$0] != nil }) else { throw fields.node.mistake("one of \(listed(names)) is missing") }
    }
  }

  private func listed(_ names: [String]) -> String { names.map { "'\($0)'" }.joined(separator: " and ") }

  /// Directions in the picture, normalised.
  func heading(_ name: String) throws(ConfigurationError) -> (from: Point, to: Point) {
    let node = try fields.required(name)
    if case .sequence = node.content {
      let ends = try RuleSet.points(node, atLeast: 2, what: "points", size: scope.size)
      guard ends.count == 2 else { throw node.mistake("a heading leads from one point to another", suggestion: "write [[x, y], [x, y]]") }
      guard ends[0].distance(to: ends[1]) > nothing else { throw node.mistake("both points are the same, so this is no heading") }
      return (ends[0], ends[1])
    }
    let middle = Point(x: 0.5, y: 0.5)
    switch try node.choice(["left", "right", "up", "down"], what: "heading") {
    case "left": return (middle, Point(x: 0, y: 0.5))
    case "right": return (middle, Point(x: 1, y: 0.5))
    case "up": return (middle, Point(x: 0.5, y: 0))
    default: return (middle, Point(x: 0.5, y: 1))
    }
  }

  /// Radians, of an angle up to 90°.
  func angle(_ name: String) throws(ConfigurationError) -> Double { try (node(name)?.angle(upTo: 90) ?? 0) * .pi / 180 }

  func speed(_ name: String) throws(ConfigurationError) -> (Double, SpeedUnit) { try fields.required(name).speed() }

  /// Four points of the picture, normalised, and the same on the ground.
  func ground(_ name: String) throws(ConfigurationError) -> Ground {
    let named = try fields.required(name).fields(known: ["picture", "metres"], of: "a ground")
    let pictureNode = try named.required("picture"), metresNode = try named.required("metres")
    let picture = try RuleSet.points(pictureNode, atLeast: 4, what: "points", size: scope.size)
    var metres: [Point] = []
    for node in try metresNode.list(atLeast: 4, of: "points") { metres.append(try node.point()) }
    for (node, points) in [(pictureNode, picture), (metresNode, metres)] {
      guard points.count == 4 else { throw node.mistake("\(points.count) points are too many", suggestion: "give four") }
      switch Ground.flaw(points) {
      case nil: break
      case .collinear(let numbers):
        throw node.mistake("points \(numbers.map(String.init).joined(separator: ", ")) lie on one straight line", suggestion: "give four points of which no three do")
      case .crossed:
        throw node.mistake("the four points are no quadrilateral without a dent", suggestion: "list them in the order in which one walks around them")
      }
    }
    guard !Ground.areMirrored(picture, metres) else {
      throw metresNode.mistake("the ground is mirrored: one walks around these points the other way round than in the picture",
                               suggestion: "list the same points in the same order; x grows to the right and y towards the camera")
    }
    return Ground(picture: picture, metres: metres)
  }

  func times(_ name: String) throws(ConfigurationError) -> [WallTime] {
    var times: [WallTime] = []
    for element in try node(name)?.oneOrMore(of: "times") ?? [] {
      let time = try element.wallTime()
      times.append(time)
    }
    return times
  }
}
