/// Little-endian numbers out of untrusted bytes: every read says whether there was enough.
struct ByteReader {
  let bytes: ArraySlice<UInt8>
  private(set) var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  var remaining: Int { bytes.endIndex - position }

  mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= remaining else { return nil }
    defer { position += count }
    return bytes[position..<(position + count)]
  }

  mutating func integer<T: FixedWidthInteger & UnsignedInteger>(_ type: T.Type) -> T? {
    take(T.bitWidth / 8)?.reversed().reduce(0) { $0 << 8 | T($1) }
  }

  /// Up to the next line feed, which is taken and left out.
  mutating func line() -> ArraySlice<UInt8>? {
    guard let end = bytes[position...].firstIndex(of: 10) else { return nil }
    defer { position = end + 1 }
    return bytes[position..<end]
  }
}
