import Foundation

/// As much of JSON Schema (2020-12) as the rules' schema uses: whether a value fits.
struct SchemaChecker {
  private let root: [String: Any]

  init(_ text: String) throws { root = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:] }

  func accepts(_ value: Any) -> Bool { fits(value, root) }

  private func fits(_ value: Any, _ schema: [String: Any]) -> Bool {
    if let path = schema["$ref"] as? String, !fits(value, definition(path)) { return false }
    if let type = schema["type"], !((type as? [String]) ?? [type as? String ?? ""]).contains(where: { isA(value, $0) }) { return false }
    if let words = schema["enum"] as? [String], !words.contains(value as? String ?? "\u{0}") { return false }
    if let word = schema["const"] as? String, value as? String != word { return false }
    if let pattern = schema["pattern"] as? String, let text = value as? String, text.range(of: pattern, options: .regularExpression) == nil { return false }
    if let least = schema["minimum"] as? NSNumber, let number = number(value), number < least.doubleValue { return false }
    if let most = schema["maximum"] as? NSNumber, let number = number(value), number > most.doubleValue { return false }
    if let choices = schema["oneOf"] as? [[String: Any]], choices.filter({ fits(value, $0) }).count != 1 { return false }
    if let choices = schema["anyOf"] as? [[String: Any]], !choices.contains(where: { fits(value, $0) }) { return false }
    if let object = value as? [String: Any] { return fits(object, schema) }
    if let list = value as? [Any] { return fits(list, schema) }
    return true
  }

  private func fits(_ object: [String: Any], _ schema: [String: Any]) -> Bool {
    let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
    if let needed = schema["required"] as? [String], !needed.allSatisfy({ object[$0] != nil }) { return false }
    if let least = schema["minProperties"] as? Int, object.count < least { return false }
    for (key, value) in object {
      if let names = schema["propertyNames"] as? [String: Any], !fits(key, names) { return false }
      if let property = properties[key] {
        if !fits(value, property) { return false }
      } else if let other = schema["additionalProperties"] as? [String: Any] {
        if !fits(value, other) { return false }
      } else if schema["additionalProperties"] as? Bool == false {
        return false
      }
    }
    return true
  }

  private func fits(_ list: [Any], _ schema: [String: Any]) -> Bool {
    if let least = schema["minItems"] as? Int, list.count < least { return false }
    if let most = schema["maxItems"] as? Int, list.count > most { return false }
    let first = schema["prefixItems"] as? [[String: Any]] ?? []
    if !zip(list, first).allSatisfy({ fits($0, $1) }) { return false }
    guard let items = schema["items"] as? [String: Any] else { return true }
    return list.dropFirst(first.count).allSatisfy { fits($0, items) }
  }

  private func definition(_ path: String) -> [String: Any] {
    (root["$defs"] as? [String: [String: Any]])?[String(path.dropFirst("#/$defs/".count))] ?? [:]
  }

  private func number(_ value: Any) -> Double? { value is Bool ? nil : (value as? Int).map(Double.init) ?? value as? Double }

  private func isA(_ value: Any, _ type: String) -> Bool {
    switch type {
    case "string": value is String
    case "boolean": value is Bool
    case "integer": value is Int && !(value is Bool)
    case "number": number(value) != nil
    case "array": value is [Any]
    case "object": value is [String: Any]
    default: false
    }
  }
}
