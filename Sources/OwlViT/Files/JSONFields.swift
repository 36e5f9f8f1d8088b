/// The members of one JSON object, read by key with a default, a range and an error that names file, key and value.
/// `null` counts as missing, as in `transformers`.
struct JSONFields {
  let file: String
  /// `text_config.`, or empty at the top.
  let prefix: String
  let members: [JSON.Member]

  init(file: String, prefix: String = "", members: [JSON.Member]) {
    self.file = file
    self.prefix = prefix
    self.members = members
  }

  /// The top of a JSON file, which must be an object.
  init(reading file: String) throws(ModelError) {
    let json = try JSON.read(file)
    guard case .object(let members) = json else {
      throw ModelError(.malformed, file: file, problem: "is \(json.words), not a JSON object", remedy: ModelError.fetchAgain)
    }
    self.init(file: file, members: members)
  }

  subscript(_ key: String) -> JSON? {
    guard let value = members.first(where: { $0.key == key })?.value, value != .null else { return nil }
    return value
  }

  func wrong(_ key: String, _ value: JSON, _ wanted: String) -> ModelError {
    ModelError(.malformed, file: file, key: prefix + key, problem: "is \(value.words), not \(wanted)", remedy: "correct it, or \(ModelError.fetchAgain)")
  }

  func object(_ key: String) throws(ModelError) -> JSONFields? {
    guard let value = self[key] else { return nil }
    guard case .object(let members) = value else { throw wrong(key, value, "an object") }
    return JSONFields(file: file, prefix: prefix + key + ".", members: members)
  }

  func integer(_ key: String, in range: ClosedRange<Int>) throws(ModelError) -> Int? {
    guard let value = self[key] else { return nil }
    guard let number = Self.whole(value), range.contains(number) else {
      throw wrong(key, value, "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func number(_ key: String, in range: ClosedRange<Double>) throws(ModelError) -> Double? {
    guard let value = self[key] else { return nil }
    guard let number = Self.real(value), range.contains(number) else {
      throw wrong(key, value, "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func bool(_ key: String) throws(ModelError) -> Bool? {
    guard let value = self[key] else { return nil }
    guard case .bool(let flag) = value else { throw wrong(key, value, "true or false") }
    return flag
  }

  func string(_ key: String) throws(ModelError) -> String? {
    guard let value = self[key] else { return nil }
    guard case .string(let text) = value else { throw wrong(key, value, "a text") }
    return text
  }

  func array(_ key: String) throws(ModelError) -> [JSON]? {
    guard let value = self[key] else { return nil }
    guard case .array(let values) = value else { throw wrong(key, value, "a list") }
    return values
  }

  func numbers(_ key: String, in range: ClosedRange<Double>) throws(ModelError) -> [Double]? {
    guard let values = try array(key) else { return nil }
    let numbers = values.compactMap { value in Self.real(value).flatMap { range.contains($0) ? $0 : nil } }
    guard numbers.count == values.count else {
      throw wrong(key, .array(values), "a list of numbers from \(range.lowerBound) to \(range.upperBound)")
    }
    return numbers
  }

  func strings(_ key: String) throws(ModelError) -> [String]? {
    guard let values = try array(key) else { return nil }
    let texts = values.compactMap { value -> String? in if case .string(let text) = value { text } else { nil } }
    guard texts.count == values.count else { throw wrong(key, .array(values), "a list of texts") }
    return texts
  }

  /// A whole number, also where it is written `768.0`.
  static func whole(_ value: JSON) -> Int? {
    switch value {
    case .integer(let number): number
    case .number(let number): Int(exactly: number)
    default: nil
    }
  }

  static func real(_ value: JSON) -> Double? {
    switch value {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }
}
