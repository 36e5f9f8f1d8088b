import Glibc

/// A parsed JSON value, keys in their order, numbers as they are written. For the few lines that are read as a whole
/// (recovery, text, tables); filters go by `LineFields`.
indirect enum JSONValue: Equatable {
  case null
  case flag(Bool)
  case number(String)
  case text(String)
  case list([JSONValue])
  case fields([Field])

  struct Field: Equatable {
    var key: String
    var value: JSONValue
  }

  /// Nil where the bytes are anything but one JSON value. Values nested deeper than 64 are refused: hostile input must not
  /// use up the stack.
  init?(_ bytes: UnsafeRawBufferPointer) {
    var parser = JSONParser(bytes: bytes)
    guard let value = parser.value(depth: 0) else { return nil }
    parser.skipSpace()
    guard parser.position == bytes.count else { return nil }
    self = value
  }

  subscript(key: String) -> JSONValue? {
    guard case .fields(let fields) = self else { return nil }
    return fields.first { $0.key == key }?.value
  }

  var text: String? { if case .text(let text) = self { text } else { nil } }
  var flag: Bool? { if case .flag(let flag) = self { flag } else { nil } }
  var integer: Int? { if case .number(let digits) = self { Int(digits) } else { nil } }
  var number: Double? { if case .number(let digits) = self { Double(digits) } else { nil } }
  var fields: [Field] { if case .fields(let fields) = self { fields } else { [] } }
  var list: [JSONValue] { if case .list(let list) = self { list } else { [] } }
}

private struct JSONParser {
  let bytes: UnsafeRawBufferPointer
  var position = 0

  init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A { position += 1 }
  }

  private mutating func take(_ character: UInt8) -> Bool {
    skipSpace()
    guard next == character else { return false }
    position += 1
    return true
  }

  private mutating func take(word: StaticString) -> Bool {
    let length = word.utf8CodeUnitCount
    guard position + length <= bytes.count, memcmp(bytes.baseAddress! + position, word.utf8Start, length) == 0 else { return false }
    position += length
    return true
  }

  mutating func value(depth: Int) -> JSONValue? {
    guard depth < 64 else { return nil }
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return fields(depth: depth)
    case UInt8(ascii: "["): return list(depth: depth)
    case UInt8(ascii: "\""): return string().map { .text($0) }
    case UInt8(ascii: "t"): return take(word: "true") ? .flag(true) : nil
    case UInt8(ascii: "f"): return take(word: "false") ? .flag(false) : nil
    case UInt8(ascii: "n"): return take(word: "null") ? .null : nil
    default: return number()
    }
  }

  private mutating func fields(depth: Int) -> JSONValue? {
    position += 1
    var fields: [JSONValue.Field] = []
    if take(UInt8(ascii: "}")) { return .fields([]) }
    repeat {
      skipSpace()
      guard let key = string(), take(UInt8(ascii: ":")), let value = value(depth: depth + 1) else { return nil }
      fields.append(.init(key: key, value: value))
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "}")) ? .fields(fields) : nil
  }

  private mutating func list(depth: Int) -> JSONValue? {
    position += 1
    var list: [JSONValue] = []
    if take(UInt8(ascii: "]")) { return .list([]) }
    repeat {
      guard let value = value(depth: depth + 1) else { return nil }
      list.append(value)
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "]")) ? .list(list) : nil
  }

  private mutating func number() -> JSONValue? {
    let start = position
    while let byte = next, (48...57).contains(byte) || "+-.eE".utf8.contains(byte) { position += 1 }
    guard position > start else { return nil }
    let digits = String(decoding: bytes[start..<position], as: UTF8.self)
    return Double(digits) == nil ? nil : .number(digits)
  }

  private mutating func string() -> String? {
    guard next == UInt8(ascii: "\"") else { return nil }
    position += 1
    let start = position
    while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
      guard byte >= 0x20 else { return nil }
      position += 1
    }
    var utf8 = Array(bytes[start..<position])
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: utf8, as: UTF8.self)
      case UInt8(ascii: "\\"): guard escape(into: &utf8) else { return nil }
      case 0..<0x20: return nil
      default: utf8.append(byte)
      }
    }
    return nil
  }

  private mutating func escape(into utf8: inout [UInt8]) -> Bool {
    guard let kind = next else { return false }
    position += 1
    switch kind {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): utf8.append(kind)
    case UInt8(ascii: "b"): utf8.append(8)
    case UInt8(ascii: "f"): utf8.append(12)
    case UInt8(ascii: "n"): utf8.append(10)
    case UInt8(ascii: "r"): utf8.append(13)
    case UInt8(ascii: "t"): utf8.append(9)
    case UInt8(ascii: "u"):
      guard let scalar = unicodeEscape() else { return false }
      utf8.append(contentsOf: String(Character(scalar)).utf8)
    default: return false
    }
    return true
  }

  /// After `\u`: four digits, or eight with the second half of a surrogate pair. A lone surrogate becomes U+FFFD.
  private mutating func unicodeEscape() -> Unicode.Scalar? {
    guard let unit = hexUnit() else { return nil }
    guard (0xD800..<0xDC00).contains(unit) else { return Unicode.Scalar(unit) ?? "\u{FFFD}" }
    let before = position
    guard take(word: #"\u"#), let low = hexUnit(), (0xDC00..<0xE000).contains(low) else {
      position = before
      return "\u{FFFD}"
    }
    return Unicode.Scalar(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
  }

  private mutating func hexUnit() -> UInt32? {
    guard position + 4 <= bytes.count else { return nil }
    var unit: UInt32 = 0
    for index in position..<position + 4 {
      guard let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue else { return nil }
      unit = unit << 4 | UInt32(digit)
    }
    position += 4
    return unit
  }
}
