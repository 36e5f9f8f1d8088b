import Scene

/// Days and clock times of the proleptic Gregorian calendar, without a formatter: ISO8601DateFormatter takes 900 ns,
/// this takes 15. The arithmetic is Howard Hinnant's "chrono-compatible low-level date algorithms".
struct CivilTime: Equatable {
  var year: Int
  var month: Int
  var day: Int
  var hour: Int
  var minute: Int
  var second: Int
  var millisecond: Int

  /// From milliseconds since 1970-01-01T00:00:00Z.
  init(milliseconds: Int64) {
    let days = Self.floorDivide(milliseconds, 86_400_000)
    let ofDay = Int(milliseconds - days * 86_400_000)
    (year, month, day) = Self.date(days: Int(days))
    hour = ofDay / 3_600_000
    minute = ofDay / 60_000 % 60
    second = ofDay / 1000 % 60
    millisecond = ofDay % 1000
  }

  /// The day a time falls on in UTC, counted from 1970-01-01.
  static func day(ofNanoseconds nanoseconds: Int64) -> Int64 { floorDivide(roundedMilliseconds(nanoseconds), 86_400_000) }

  static func floorDivide(_ a: Int64, _ b: Int64) -> Int64 {
    let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
    return remainder < 0 ? quotient - 1 : quotient
  }

  /// Days since 1970-01-01 → year, month 1…12, day 1…31.
  static func date(days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  /// Year, month 1…12, day 1…31 → days since 1970-01-01.
  static func days(year: Int, month: Int, day: Int) -> Int {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}

extension ByteBuffer {
  /// RFC 3339 in UTC with milliseconds: `2026-05-04T10:11:12.345Z`. Takes nanoseconds since 1970; they reach from 1677 to 2262.
  mutating func append(timeOf nanoseconds: Int64) {
    let time = CivilTime(milliseconds: roundedMilliseconds(nanoseconds))
    append(UInt64(time.year), width: 4)
    append(byte: UInt8(ascii: "-"))
    append(UInt64(time.month), width: 2)
    append(byte: UInt8(ascii: "-"))
    append(UInt64(time.day), width: 2)
    append(byte: UInt8(ascii: "T"))
    append(UInt64(time.hour), width: 2)
    append(byte: UInt8(ascii: ":"))
    append(UInt64(time.minute), width: 2)
    append(byte: UInt8(ascii: ":"))
    append(UInt64(time.second), width: 2)
    append(byte: UInt8(ascii: "."))
    append(UInt64(time.millisecond), width: 3)
    append(byte: UInt8(ascii: "Z"))
  }
}

/// Reads RFC 3339 (`2026-05-04T10:11:12.345Z`, `…+02:00`) into nanoseconds since 1970; nil where it is anything else.
/// Seconds and their fraction may be left out, as may the zone (then UTC) and the whole clock time (then midnight).
func parseTime(_ bytes: UnsafeRawBufferPointer) -> Int64? {
  var reader = DigitReader(bytes: bytes)
  guard let year = reader.digits(4), reader.take("-"), let month = reader.digits(2), reader.take("-"), let day = reader.digits(2),
        (1...12).contains(month), (1...31).contains(day), (1678...2261).contains(year) else { return nil }
  let days = CivilTime.days(year: year, month: month, day: day)
  guard CivilTime.date(days: days) == (year, month, day) else { return nil }
  var nanoseconds = Int64(days) * 86_400_000_000_000
  if reader.isAtEnd { return nanoseconds }
  guard reader.take("T") || reader.take("t") || reader.take(" "), let clock = reader.clockTime(), let offset = reader.zoneOffset(),
        reader.isAtEnd else { return nil }
  nanoseconds += clock - offset
  return nanoseconds
}

/// Reads fixed digits off the front of some bytes.
struct DigitReader {
  var bytes: UnsafeRawBufferPointer
  var position = 0

  init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  mutating func digits(_ width: Int) -> Int? {
    guard position + width <= bytes.count else { return nil }
    var value = 0
    for index in position..<position + width {
      let digit = Int(bytes[index]) - 48
      guard (0...9).contains(digit) else { return nil }
      value = value * 10 + digit
    }
    position += width
    return value
  }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, UInt32(bytes[position]) == character.value else { return false }
    position += 1
    return true
  }

  /// `10:11`, `10:11:12`, `10:11:12.345678901`; nanoseconds since midnight. A leap second counts as the next one.
  mutating func clockTime() -> Int64? {
    guard let hour = digits(2), take(":"), let minute = digits(2), hour < 24, minute < 60 else { return nil }
    var nanoseconds = Int64(hour * 3600 + minute * 60) * 1_000_000_000
    guard take(":") else { return nanoseconds }
    guard let second = digits(2), second <= 60 else { return nil }
    nanoseconds += Int64(second) * 1_000_000_000
    guard take(".") else { return nanoseconds }
    var unit: Int64 = 100_000_000, count = 0
    while let digit = digits(1) { nanoseconds += Int64(digit) * unit; unit /= 10; count += 1 }
    return count > 0 ? nanoseconds : nil
  }

  /// `Z`, `+02:00`, or nothing (UTC); nanoseconds east of Greenwich.
  mutating func zoneOffset() -> Int64? {
    if isAtEnd || take("Z") || take("z") { return 0 }
    let sign: Int64 = take("+") ? 1 : take("-") ? -1 : 0
    guard sign != 0, let hours = digits(2), take(":"), let minutes = digits(2), hours < 24, minutes < 60 else { return nil }
    return sign * Int64(hours * 3600 + minutes * 60) * 1_000_000_000
  }
}
