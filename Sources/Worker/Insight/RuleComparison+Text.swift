import EventLog
import RuleEngine
import Scene

extension RuleComparison {
  /// For people.
  public var text: String {
    var lines = ["A  \(a.name): \(a.events.count) events", "B  \(b.name): \(b.events.count) events", "", "both: \(both.count)\(differences)"]
    lines += both.map { "  \(words($0.a, other: $0.b.event.rule?.id))  \(signed($0.difference))" }
    for (name, events) in [("A", onlyA), ("B", onlyB)] {
      lines += ["only \(name): \(events.count)"] + events.map { "  \(words($0, other: nil))" }
    }
    return lines.joined(separator: "\n")
  }

  private var differences: String {
    let sorted = both.map(\.difference).sorted()
    guard let least = sorted.first, let most = sorted.last else { return "" }
    return "; B comes later by \(signed(sorted[sorted.count / 2])) (median), from \(signed(least)) to \(signed(most))"
  }

  private func words(_ told: ToldEvent, other: String?) -> String {
    let event = told.event
    var words = [TimeText.text(event.mediaTime, in: told.context), event.type.rawValue + (event.phase.map { " \($0.rawValue)" } ?? "")]
    if let object = event.object { words.append("\(event.query?.id ?? "track") \(object.track)") }
    words += event.details.filter { $0.key == "direction" }.map(\.value.plain)
    if let reason = event.reason { words.append(reason.rawValue) }
    if let severity = event.severity { words.append(severity.rawValue) }
    if event.isShadow { words.append("shadow") }
    let rule = event.rule?.id ?? ""
    return words.joined(separator: "  ") + "  [\(other.map { $0 == rule ? rule : "\(rule), \($0)" } ?? rule)]"
  }

  private func signed(_ interval: MediaInterval) -> String { "\(interval < .zero ? "-" : "+")\(tidied(abs(interval.seconds), 3)) s" }

  /// For programs.
  public var json: String {
    JSON.object([
      ("a", .object([("name", .text(a.name)), ("events", .number(a.events.count))])),
      ("b", .object([("name", .text(b.name)), ("events", .number(b.events.count))])),
      ("both", .array(both.map { .object([("a", $0.a.json), ("b", $0.b.json), ("difference", .decimal(($0.difference.seconds * 1000).rounded() / 1000))]) })),
      ("only_a", .array(onlyA.map(\.json))), ("only_b", .array(onlyB.map(\.json))),
    ]).text()
  }
}
