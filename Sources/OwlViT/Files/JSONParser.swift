/// RFC 8259, strictly, made for files that may be hostile: nesting is bounded, a key may stand once, text must be UTF-8.
/// Foundation's parser keeps the last of two equal keys and says nothing; in a safetensors header that hides a tensor.
struct JSONParser {
  /// Model files nest 6 deep.
  static let deepest = 64

  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  mutating func document() throws(JSONMistake) -> JSON {
    let result = try value()
    skipSpace()
    guard position == bytes.count else { throw mistake("something follows the end of the JSON value") }
    return result
  }

  private mutating func value() throws(JSONMistake) -> JSON {
    skipSpace()
    switch peek {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): try word("true"); return .bool(true)
    case UInt8(ascii: "f"): try word("false"); return .bool(false)
    case UInt8(ascii: "n"): try word("null"); return .null
    case nil: throw mistake("the JSON ends where a value should be")
    case let byte? where byte == UInt8(ascii: "-") || Self.isDigit(byte): return try number()
    default: throw mistake("not JSON: a value should be here")
    }
  }

  private mutating func object() throws(JSONMistake) -> JSON {
    try enter()
    defer { depth -= 1 }
    var members: [JSON.Member] = []
    // Keys are compared as bytes: Swift's own comparison takes composed and decomposed letters for equal.
    var seen: Set<[UInt8]> = []
    skipSpace()
    if take(UInt8(ascii: "}")) { return .object([]) }
    repeat {
      skipSpace()
      guard peek == UInt8(ascii: "\"") else { throw mistake("not JSON: a key in quotes should be here") }
      let start = position
      let key = try string()
      guard seen.insert(Array(key.utf8)).inserted else {
        position = start
        throw mistake("the key \"\(key.prefix(60))\" stands twice")
      }
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw mistake("not JSON: ':' should be here") }
      members.append(JSON.Member(key: key, value: try value()))
      skipSpace()
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else { throw mistake("not JSON: ',' or '}' should be here") }
    return .object(members)
  }

  private mutating func array() throws(JSONMistake) -> JSON {
    try enter()
    defer { depth -= 1 }
    var values: [JSON] = []
    skipSpace()
    if take(UInt8(ascii: "]")) { return .array([]) }
    repeat {
      values.append(try value())
      skipSpace()
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "]")) else { throw mistake("not JSON: ',' or ']' should be here") }
    return .array(values)
  }

  private mutating func enter() throws(JSONMistake) {
    guard depth < Self.deepest else { throw mistake("nested more than \(Self.deepest) deep") }
    depth += 1
    position += 1
  }

  private mutating func number() throws(JSONMistake) -> JSON {
    let start = position
    _ = take(UInt8(ascii: "-"))
    let firstDigit = position
    let digits = takeDigits()
    guard digits > 0, digits == 1 || bytes[firstDigit] != UInt8(ascii: "0") else { throw mistake("not JSON: not a number") }
    var whole = true
    if take(UInt8(ascii: ".")) {
      whole = false
      guard takeDigits() > 0 else { throw mistake("not JSON: a digit should follow the point") }
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      whole = false
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      guard takeDigits() > 0 else { throw mistake("not JSON: a digit should follow the exponent") }
    }
    guard position - start <= 400 else { throw mistake("a number of \(position - start) characters") }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if whole, let integer = Int(text) { return .integer(integer) }
    guard let number = Double(text), number.isFinite else { throw mistake("the number \(text.prefix(40)) is too large") }
    return .number(number)
  }

  private mutating func string() throws(JSONMistake) -> String {
    let start = position
    position += 1
    let plain = position
    while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
    var text: [UInt8] = Array(bytes[plain..<position])
    while let byte = peek, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw mistake("not JSON: a control character inside a text") }
      position += 1
      if byte == UInt8(ascii: "\\") { try escape(into: &text) } else { text.append(byte) }
    }
    guard take(UInt8(ascii: "\"")) else { throw mistake("the JSON ends inside a text") }
    guard let result = String(validating: text, as: UTF8.self) else {
      position = start
      throw mistake("this text is not UTF-8")
    }
    return result
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONMistake) {
    guard let kind = peek else { throw mistake("the JSON ends inside a text") }
    position += 1
    switch kind {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(kind)
    case UInt8(ascii: "b"): text.append(8)
    case UInt8(ascii: "f"): text.append(12)
    case UInt8(ascii: "n"): text.append(10)
    case UInt8(ascii: "r"): text.append(13)
    case UInt8(ascii: "t"): text.append(9)
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      if code & 0xFC00 == 0xD800, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
        let low = try hexadecimal()
        guard low & 0xFC00 == 0xDC00 else { throw mistake("half a surrogate pair") }
        code = 0x10000 + (code & 0x3FF) << 10 + low & 0x3FF
      }
      guard let scalar = Unicode.Scalar(code) else { throw mistake("half a surrogate pair") }
      text.append(contentsOf: UTF8.encode(scalar)!)
    default: throw mistake("not JSON: an unknown escape")
    }
  }

  private mutating func hexadecimal() throws(JSONMistake) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        throw mistake("not JSON: four hexadecimal digits should follow \\u")
      }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }

  private mutating func word(_ word: StaticString) throws(JSONMistake) {
    let matches = word.withUTF8Buffer { expected in bytes[position...].starts(with: expected) }
    guard matches else { throw mistake("not JSON: a value should be here") }
    position += word.utf8CodeUnitCount
  }

  private mutating func takeDigits() -> Int {
    let start = position
    while let byte = peek, Self.isDigit(byte) { position += 1 }
    return position - start
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

  private mutating func skipSpace() {
    while let byte = peek, byte == 32 || byte == 10 || byte == 13 || byte == 9 { position += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    position += 1
    return true
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func mistake(_ problem: String) -> JSONMistake { JSONMistake(offset: position, problem: problem) }
}
