/// JSON to be written, members in their order.
package enum JSON: ExpressibleByStringLiteral, Sendable {
  case object([(String, JSON)])
  case array([JSON])
  case text(String)
  case number(Int)
  case decimal(Double)
  case flag(Bool)

  package init(stringLiteral value: String) { self = .text(value) }

  package func text(indent: String = "") -> String {
    let inner = indent + "  "
    switch self {
    case .object(let members):
      if members.isEmpty { return "{}" }
      let lines = members.map { "\(inner)\(Self.quoted($0.0)): \($0.1.text(indent: inner))" }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
    case .array(let elements):
      let lines = elements.map { $0.text(indent: inner) }
      let line = "[" + lines.joined(separator: ", ") + "]"
      if !line.contains("\n"), line.count < 100 { return line }
      return "[\n" + lines.map { inner + $0 }.joined(separator: ",\n") + "\n\(indent)]"
    case .text(let text): return Self.quoted(text)
    case .number(let number): return String(number)
    case .decimal(let number): return number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
    case .flag(let flag): return flag ? "true" : "false"
    }
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case _ where scalar.value < 32:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
