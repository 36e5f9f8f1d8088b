import Glibc

extension ByteBuffer {
  /// A JSON string with its quotes, `prefix` (which needs no escapes) before the text. Quotes, backslashes and controls are escaped; so are DEL and the C1 controls, which
  /// JSON allows, since a terminal that is shown the log would obey them. A Swift string holds no lone surrogates:
  /// what was not valid Unicode has become U+FFFD before it gets here.
  mutating func append(string text: String, after prefix: StaticString = "") {
    append(byte: UInt8(ascii: "\""))
    append(prefix)
    var text = text
    text.withUTF8 { utf8 in
      // The longest escape of one byte is six bytes.
      let start = reserve(utf8.count * 6 + 1)
      var target = start
      var index = 0
      while index < utf8.count {
        let byte = utf8[index]
        if byte >= 0x20 && byte != 0x22 && byte != 0x5C && byte < 0x7F || byte > 0xC2 {
          target.pointee = byte
          target += 1
        } else {
          Self.escape(byte, followedBy: index + 1 < utf8.count ? utf8[index + 1] : 0, &target, &index)
        }
        index += 1
      }
      target.pointee = UInt8(ascii: "\"")
      advance(target + 1 - start)
    }
  }

  private static func escape(_ byte: UInt8, followedBy next: UInt8, _ target: inout UnsafeMutablePointer<UInt8>, _ index: inout Int) {
    func put(_ byte: UInt8) { target.pointee = byte; target += 1 }
    func put(unit: UInt8) {
      for character in [0x5C, 0x75, 0x30, 0x30] as [UInt8] { put(character) }
      put(hexDigits[Int(unit >> 4)])
      put(hexDigits[Int(unit & 15)])
    }
    switch byte {
    case 0x22, 0x5C: put(0x5C); put(byte)
    case 0x0A: put(0x5C); put(UInt8(ascii: "n"))
    case 0x0D: put(0x5C); put(UInt8(ascii: "r"))
    case 0x09: put(0x5C); put(UInt8(ascii: "t"))
    case 0..<0x20, 0x7F: put(unit: byte)
    case 0xC2 where next < 0xA0: put(unit: next); index += 1
    default: put(byte)
    }
  }

  /// At most four decimals, no trailing zeros, no minus zero: the last bit of a float decides nothing.
  /// False where the value is no number JSON has.
  mutating func append(number value: Double) -> Bool {
    guard value.isFinite else { return false }
    let scaled = (value * 10_000).rounded()
    guard scaled.magnitude < 1e15 else {
      append(raw: "\(value)")  // Beyond 10¹¹ a double has hardly four decimals: its shortest text does.
      return true
    }
    let units = UInt64(scaled.magnitude)
    if scaled < 0 { append(byte: UInt8(ascii: "-")) }
    append(digits: units / 10_000)
    var fraction = units % 10_000
    guard fraction > 0 else { return true }
    append(byte: UInt8(ascii: "."))
    var width = 4
    while fraction % 10 == 0 { fraction /= 10; width -= 1 }
    append(fraction, width: width)
    return true
  }

  /// Seconds with three decimals. False where the value is no number.
  mutating func append(seconds value: Double) -> Bool {
    let scaled = (value * 1000).rounded()
    guard scaled.magnitude < 9e15 else { return false }
    append(milliseconds: Int64(scaled))
    return true
  }

  /// Seconds with three decimals, from nanoseconds, rounded to the nearest millisecond.
  mutating func append(secondsOf nanoseconds: Int64) { append(milliseconds: roundedMilliseconds(nanoseconds)) }

  private mutating func append(milliseconds: Int64) {
    if milliseconds < 0 { append(byte: UInt8(ascii: "-")) }
    append(digits: milliseconds.magnitude / 1000)
    append(byte: UInt8(ascii: "."))
    append(milliseconds.magnitude % 1000, width: 3)
  }
}

let hexDigits: InlineArray<16, UInt8> = [48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 97, 98, 99, 100, 101, 102]

/// The nearest millisecond, halves upward: `time` and `media_time` round the same way, so that they agree where the
/// epoch is whole.
@inline(__always)
func roundedMilliseconds(_ nanoseconds: Int64) -> Int64 {
  let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000)
  let floored = remainder < 0 ? quotient - 1 : quotient
  let rest = remainder < 0 ? remainder + 1_000_000 : remainder
  return rest >= 500_000 ? floored + 1 : floored
}
