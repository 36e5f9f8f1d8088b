import Glibc

/// A growing run of bytes that is filled, used and emptied again and again: its memory stays.
/// A line of the log is built in one; appending to `[UInt8]` byte by byte took three times as long.
struct ByteBuffer: ~Copyable {
  private(set) var base: UnsafeMutablePointer<UInt8>
  private(set) var count = 0
  private var capacity: Int

  init(capacity: Int = 2048) {
    self.capacity = capacity
    base = .allocate(capacity: capacity)
  }

  deinit { base.deallocate() }

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

  /// Cuts back to the first `length` bytes.
  mutating func truncate(to length: Int) {
    precondition(length >= 0 && length <= count, "a buffer is cut within its length")
    count = length
  }

  /// Sees to it that `more` bytes fit; returns where they go.
  @inline(__always)
  mutating func reserve(_ more: Int) -> UnsafeMutablePointer<UInt8> {
    if capacity - count < more { grow(more) }
    return base + count
  }

  /// Counts bytes written where `reserve` pointed.
  @inline(__always)
  mutating func advance(_ written: Int) { count += written }

  @inline(never)
  private mutating func grow(_ more: Int) {
    let larger = max(capacity * 2, count + more)
    let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    moved.update(from: base, count: count)
    base.deallocate()
    base = moved
    capacity = larger
  }

  @inline(__always)
  mutating func append(_ text: StaticString) {
    let length = text.utf8CodeUnitCount
    memcpy(reserve(length), text.utf8Start, length)
    count += length
  }

  @inline(__always)
  mutating func append(byte: UInt8) {
    reserve(1).pointee = byte
    count += 1
  }

  mutating func append(bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress else { return }
    memcpy(reserve(bytes.count), start, bytes.count)
    count += bytes.count
  }

  /// The text's UTF-8 as it is.
  mutating func append(raw text: String) {
    var text = text
    text.withUTF8 { append(bytes: UnsafeRawBufferPointer($0)) }
  }

  /// Decimal digits.
  mutating func append(integer value: Int64) {
    if value < 0 { append(byte: UInt8(ascii: "-")) }
    append(digits: value.magnitude)
  }

  @inline(__always)
  mutating func append(digits value: UInt64) {
    let target = reserve(20)
    if value < 10 {
      target.pointee = 48 + UInt8(truncatingIfNeeded: value)
      count += 1
      return
    }
    var length = 0, rest = value
    repeat { length += 1; rest /= 10 } while rest > 0
    rest = value
    var place = length
    repeat {
      place -= 1
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      target[place] = 48 + UInt8(truncatingIfNeeded: digit)
      rest = quotient
    } while rest > 0
    count += length
  }

  /// Exactly `width` digits, with leading zeros.
  @inline(__always)
  mutating func append(_ value: UInt64, width: Int) {
    let target = reserve(width)
    var rest = value
    for place in stride(from: width - 1, through: 0, by: -1) {
      target[place] = 48 + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    count += width
  }
}
