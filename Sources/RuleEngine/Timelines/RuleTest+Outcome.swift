package import EventLog
import Scene

extension RuleTest {
  /// What a test came to.
  public struct Outcome: Sendable {
    public let name: String
    public let line: Int
    /// What was expected and not told, and what was told and not expected, a line each; empty: the test passed.
    public private(set) var failures: [String] = []

    public var hasPassed: Bool { failures.isEmpty }

    init(_ test: RuleTest, _ told: [Event]) {
      name = test.name; line = test.line
      var left = told.filter { test.watched.contains($0.rule?.id ?? "") }
      var missing: [Expectation] = []
      for expectation in test.expected {
        let fitting = left.indices.filter { expectation.differences(from: left[$0], test).isEmpty }
        if let best = fitting.min(by: { expectation.distance(to: left[$0]) < expectation.distance(to: left[$1]) }) {
          left.remove(at: best)
        } else {
          missing.append(expectation)
        }
      }
      for expectation in missing {
        var words = "line \(expectation.line): expected: \(expectation.words(test)); "
        if let near = Self.nearest(expectation, left, test) {
          // Told once, as what came nearest.
          let event = left.remove(at: near)
          words += "nearest: \(Self.words(event, test)) (\(expectation.differences(from: event, test).joined(separator: ", ")))"
        } else {
          words += "the rule told nothing else"
        }
        failures.append(words)
      }
      // What is open when the timeline is over ends; only a test that asks for it must say so.
      for event in left where event.reason != .endOfStream { failures.append("not expected: \(Self.words(event, test))") }
    }

    private static func nearest(_ expectation: Expectation, _ told: [Event], _ test: RuleTest) -> Int? {
      told.indices.filter { told[$0].rule?.id == expectation.rule }.min { a, b in
        let first = expectation.differences(from: told[a], test).count, second = expectation.differences(from: told[b], test).count
        return (first, expectation.distance(to: told[a])) < (second, expectation.distance(to: told[b]))
      }
    }

    private static func words(_ event: Event, _ test: RuleTest) -> String {
      var words = ["\(event.rule?.id ?? "") \(event.type.rawValue)"]
      if let phase = event.phase { words.append(phase.rawValue) }
      if let reason = event.reason { words.append("reason \(reason.rawValue)") }
      words += event.details.map { "\($0.key) \($0.value.plain)" }
      if let track = event.object?.track, test.actors.indices.contains(track.number - 1) { words.append("track \(test.actors[track.number - 1].id)") }
      return words.joined(separator: " ") + " at \(seconds(event.mediaTime))"
    }
  }
}

extension RuleTest.Expectation {
  func distance(to event: Event) -> Int64 { abs((event.mediaTime - at).nanoseconds) }

  /// In what an event is not the expected one, in words; empty: it is.
  func differences(from event: Event, _ test: RuleTest) -> [String] {
    guard event.rule?.id == rule else { return ["of rule \(event.rule?.id ?? "none")"] }
    var differences: [String] = []
    func compare(_ name: String, _ wanted: String?, _ got: String?) {
      if let wanted, wanted != got { differences.append("\(name) is \(got ?? "not there"), not \(wanted)") }
    }
    compare("type", type?.rawValue, event.type.rawValue)
    compare("phase", phase?.rawValue, event.phase?.rawValue)
    compare("reason", reason?.rawValue, event.reason?.rawValue)
    compare("severity", severity?.rawValue, event.severity?.rawValue)
    if let actor, event.object?.track.number != actor + 1 { differences.append("it is about another track") }
    for detail in details {
      let got = event.details.first { $0.key == detail.key }?.value
      if !(got?.isWritten(detail.value, within: within) ?? false) { differences.append("\(detail.key) is \(got?.plain ?? "not there"), not \(detail.value)") }
    }
    let late = event.mediaTime - at
    if distance(to: event) > within.nanoseconds {
      differences.append("\(MediaInterval(nanoseconds: abs(late.nanoseconds)).rounded) too \(late < .zero ? "early" : "late")")
    }
    return differences
  }

  func words(_ test: RuleTest) -> String {
    var words = ["\(rule)\(type.map { " \($0.rawValue)" } ?? "")"]
    if let phase { words.append(phase.rawValue) }
    if let reason { words.append("reason \(reason.rawValue)") }
    if let severity { words.append("severity \(severity.rawValue)") }
    words += details.map { "\($0.key) \($0.value)" }
    if let actor { words.append("track \(test.actors[actor].id)") }
    return words.joined(separator: " ") + " at \(seconds(at)) ± \(within.text)"
  }
}

extension DetailValue {
  /// As people write it.
  package var plain: String {
    switch self {
    case .integer(let value): String(value)
    case .number(let value): tidied(value, 4)
    case .seconds(let value): "\(tidied(value, 3))s"
    case .text(let value): value
    case .flag(let value): value ? "true" : "false"
    case .list(let values): "[\(values.map(\.plain).joined(separator: ", "))]"
    case .fields(let fields): "{\(fields.map { "\($0.key): \($0.value.plain)" }.joined(separator: ", "))}"
    }
  }

  /// Whether this is what a rule file writes: seconds to a tolerance, other numbers to the last digit that the log has.
  func isWritten(_ text: String, within tolerance: MediaInterval) -> Bool {
    switch self {
    case .seconds(let value):
      guard let wanted = MediaInterval(text: text)?.seconds ?? Double(text) else { return false }
      return abs(wanted - value) <= tolerance.seconds + 5e-4
    case .number(let value): return Double(text).map { abs($0 - value) <= 5e-5 } ?? false
    default: return plain == text
    }
  }
}

extension MediaInterval {
  /// To the millisecond.
  var rounded: String { MediaInterval.milliseconds(Int64((seconds * 1000).rounded())).text }
}

private func seconds(_ time: MediaTime) -> String { "\(tidied(time.seconds, 3)) s" }

/// A number with at most so many decimals, no tail of zeros.
package func tidied(_ value: Double, _ decimals: Int) -> String {
  var scale = 1.0
  for _ in 0..<decimals { scale *= 10 }
  let rounded = (value * scale).rounded() / scale
  return rounded == rounded.rounded() && abs(rounded) < 1e15 ? String(Int(rounded)) : String(rounded)
}
