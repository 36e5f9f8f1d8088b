import Glibc

/// Where the fields that filters ask for lie in one line: found in one walk over the bytes, without building anything.
/// The walk knows the log's form but asks for no order of keys, and passes over whatever it doesn't know.
struct LineFields {
  enum Name: Int, CaseIterable {
    case source, type, subject, time, sequence, session, mediaTime, rule, query, track, score, zone, phase, episode, severity, shadow
    var bit: UInt32 { 1 << UInt32(rawValue) }
  }

  enum Verdict: Equatable {
    case event
    case garbage
    case newer(version: String)
  }

  /// Fields that were found, as bits.
  private(set) var found: UInt32 = 0
  private var starts = InlineArray<16, Int32>(repeating: 0)
  private var ends = InlineArray<16, Int32>(repeating: 0)

  init() {}

  /// The bytes of a field in the line it was found in: of a text what stands between its quotes, as it is written.
  @inline(__always)
  func bytes(_ name: Name, in line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    guard found & name.bit != 0 else { return nil }
    return UnsafeRawBufferPointer(rebasing: line[Int(starts[name.rawValue])..<Int(ends[name.rawValue])])
  }

  func integer(_ name: Name, in line: UnsafeRawBufferPointer) -> Int? {
    bytes(name, in: line).flatMap { Int(String(decoding: $0, as: UTF8.self)) }
  }

  /// Walks a line (without its line feed). With `wanted` the walk ends as soon as those fields are found and looks at the
  /// last byte alone for the rest.
  mutating func scan(_ line: UnsafeRawBufferPointer, wanted: UInt32 = .max) -> Verdict {
    found = 0
    // Ranges are kept in 32 bits; a line is at most 16 MiB.
    guard line.count > 2, line.count < Int(Int32.max), line[line.count - 1] == UInt8(ascii: "}"),
          let start = line.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return .garbage }
    var walk = LineWalk(bytes: start, end: line.count)
    guard walk.take(UInt8(ascii: "{")) else { return .garbage }
    var isVersioned = false
    repeat {
      guard let key = walk.key() else { return .garbage }
      if walk.isText(key, "specversion") {
        guard let version = walk.text() else { return .garbage }
        guard walk.isText(version, "1.0") else {
          return .newer(version: String(decoding: line[version], as: UTF8.self).escapedForTerminal)
        }
        isVersioned = true
      } else {
        guard member(key, &walk, wanted) else { return .garbage }
      }
      if isVersioned && wanted & ~found == 0 { return .event }
    } while walk.take(UInt8(ascii: ","))
    guard isVersioned, walk.take(UInt8(ascii: "}")) else { return .garbage }
    walk.skipSpace()
    return walk.position == walk.end ? .event : .garbage
  }

  @inline(__always)
  private mutating func keep(_ name: Name, _ range: Range<Int>?) -> Bool {
    guard let range else { return false }
    starts[name.rawValue] = Int32(truncatingIfNeeded: range.lowerBound)
    ends[name.rawValue] = Int32(truncatingIfNeeded: range.upperBound)
    found |= name.bit
    return true
  }

  @inline(__always)
  private mutating func member(_ key: Range<Int>, _ walk: inout LineWalk, _ wanted: UInt32) -> Bool {
    switch key.count {
    case 4 where walk.isText(key, "type"): return keep(.type, walk.text())
    case 4 where walk.isText(key, "time"): return keep(.time, walk.text())
    case 4 where walk.isText(key, "data"): return data(&walk, wanted)
    case 6 where walk.isText(key, "source"): return keep(.source, walk.text())
    case 7 where walk.isText(key, "subject"): return keep(.subject, walk.text())
    default: return walk.value() != nil
    }
  }

  private mutating func data(_ walk: inout LineWalk, _ wanted: UInt32) -> Bool {
    guard walk.take(UInt8(ascii: "{")) else { return false }
    if walk.take(UInt8(ascii: "}")) { return true }
    repeat {
      guard let key = walk.key(), field(key, &walk) else { return false }
      // The caller sees that all is there and stops; where the walk stands no longer matters.
      if wanted & ~found == 0 { return true }
    } while walk.take(UInt8(ascii: ","))
    return walk.take(UInt8(ascii: "}"))
  }

  private mutating func field(_ key: Range<Int>, _ walk: inout LineWalk) -> Bool {
    switch key.count {
    case 3 where walk.isText(key, "seq"): return keep(.sequence, walk.value())
    case 4 where walk.isText(key, "rule"): return inner(.rule, "id", nil, "", &walk)
    case 4 where walk.isText(key, "zone"): return walk.isAtQuote ? keep(.zone, walk.text()) : walk.value() != nil
    case 5 where walk.isText(key, "query"): return inner(.query, "id", nil, "", &walk)
    case 5 where walk.isText(key, "phase"): return keep(.phase, walk.text())
    case 6 where walk.isText(key, "shadow"): return keep(.shadow, walk.value())
    case 6 where walk.isText(key, "object"): return inner(.track, "track", .score, "score", &walk)
    case 7 where walk.isText(key, "session"): return keep(.session, walk.value())
    case 7 where walk.isText(key, "episode"): return keep(.episode, walk.text())
    case 8 where walk.isText(key, "severity"): return keep(.severity, walk.text())
    case 10 where walk.isText(key, "media_time"): return keep(.mediaTime, walk.value())
    default: return walk.value() != nil
    }
  }

  /// `{"id":"gate-in",…}`: one text field of an inner object, and one number where asked for.
  private mutating func inner(_ text: Name, _ textKey: StaticString, _ number: Name?, _ numberKey: StaticString,
                              _ walk: inout LineWalk) -> Bool {
    guard walk.take(UInt8(ascii: "{")) else { return walk.value() != nil }
    if walk.take(UInt8(ascii: "}")) { return true }
    repeat {
      guard let key = walk.key() else { return false }
      if walk.isText(key, textKey) && walk.isAtQuote {
        guard keep(text, walk.text()) else { return false }
      } else if let number, walk.isText(key, numberKey) {
        guard keep(number, walk.value()) else { return false }
      } else {
        guard walk.value() != nil else { return false }
      }
    } while walk.take(UInt8(ascii: ","))
    return walk.take(UInt8(ascii: "}"))
  }
}

/// A position in a line of JSON that only moves forward.
struct LineWalk {
  let bytes: UnsafePointer<UInt8>
  let end: Int
  var position = 0

  init(bytes: UnsafePointer<UInt8>, end: Int) { self.bytes = bytes; self.end = end }

  @inline(__always)
  mutating func skipSpace() {
    while position < end && (bytes[position] == 0x20 || bytes[position] == 0x09 || bytes[position] == 0x0D) { position += 1 }
  }

  @inline(__always)
  mutating func take(_ character: UInt8) -> Bool {
    skipSpace()
    guard position < end, bytes[position] == character else { return false }
    position += 1
    return true
  }

  var isAtQuote: Bool {
    mutating get { skipSpace(); return position < end && bytes[position] == UInt8(ascii: "\"") }
  }

  @inline(__always)
  func isText(_ range: Range<Int>, _ text: StaticString) -> Bool {
    range.count == text.utf8CodeUnitCount && memcmp(bytes + range.lowerBound, text.utf8Start, range.count) == 0
  }

  /// A key with its colon.
  @inline(__always)
  mutating func key() -> Range<Int>? {
    guard let key = text(), take(UInt8(ascii: ":")) else { return nil }
    return key
  }

  /// What stands between the quotes of a text.
  @inline(__always)
  mutating func text() -> Range<Int>? {
    guard take(UInt8(ascii: "\"")) else { return nil }
    let start = position
    while position < end {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        position += 1
        return start..<position - 1
      }
      if byte < 0x20 { return nil }
      position += byte == UInt8(ascii: "\\") ? 2 : 1
    }
    return nil
  }

  /// Any value; of a text with its quotes.
  mutating func value() -> Range<Int>? {
    skipSpace()
    let start = position
    guard position < end else { return nil }
    switch bytes[position] {
    case UInt8(ascii: "\""): guard text() != nil else { return nil }
    case UInt8(ascii: "{"), UInt8(ascii: "["): guard skipNested() else { return nil }
    default:
      while position < end, !isDelimiter(bytes[position]) { position += 1 }
      guard position > start else { return nil }
    }
    return start..<position
  }

  private func isDelimiter(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") || byte <= 0x20 || byte == UInt8(ascii: "\"")
  }

  /// Brackets are counted, not matched: no depth uses up the stack.
  private mutating func skipNested() -> Bool {
    var depth = 0
    while position < end {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        guard text() != nil else { return false }
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      case 0..<0x20: return false
      default: break
      }
      position += 1
      if depth == 0 { return true }
    }
    return false
  }
}

extension String {
  /// Controls shown as what they are, never obeyed by a terminal: `\u{1B}`. Also the marks that turn writing direction around.
  var escapedForTerminal: String {
    guard unicodeScalars.contains(where: \.isUnsafeInTerminal) else { return self }
    var safe = ""
    for scalar in unicodeScalars {
      if scalar.isUnsafeInTerminal { safe += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}" } else { safe.unicodeScalars.append(scalar) }
    }
    return safe
  }
}

extension Unicode.Scalar {
  fileprivate var isUnsafeInTerminal: Bool {
    value < 0x20 || (0x7F...0x9F).contains(value) || (0x200E...0x200F).contains(value) || (0x2028...0x202E).contains(value)
      || (0x2066...0x2069).contains(value)
  }
}
