/// Floats that one owner holds: aligned to 64 bytes, not cleared, freed in `deinit`. Rows of matrices lie in it one after the other.
public final class FloatBuffer: @unchecked Sendable {
  public let count: Int
  public let start: UnsafeMutablePointer<Float>

  /// One vector more than asked for is allocated, since vector kernels may touch what lies behind the last element.
  public init(count: Int) {
    precondition(count >= 0 && count < Int.max / 8, "a buffer's size is known before it is made")
    self.count = count
    start = UnsafeMutableRawPointer.allocate(byteCount: (count + 16) * 4, alignment: 64)
      .bindMemory(to: Float.self, capacity: count + 16)
    (start + count).initialize(repeating: 0, count: 16)
  }

  deinit { UnsafeMutableRawPointer(start).deallocate() }

  /// One element. Prefer this to `start[index]` on a buffer that nothing else holds: a pointer does not keep its buffer alive.
  public subscript(index: Int) -> Float {
    get { withExtendedLifetime(self) { start[index] } }
    set { start[index] = newValue }
  }

  /// Copies all of another buffer to `offset`.
  public func copy(_ other: FloatBuffer, to offset: Int = 0) {
    precondition(offset >= 0 && offset + other.count <= count, "a copy fits")
    (start + offset).update(from: other.start, count: other.count)
    withExtendedLifetime(other) {}
  }

  public var contents: UnsafeMutableBufferPointer<Float> { UnsafeMutableBufferPointer(start: start, count: count) }

  /// All zeros.
  public static func zeros(_ count: Int) -> FloatBuffer {
    let buffer = FloatBuffer(count: count)
    buffer.start.initialize(repeating: 0, count: count)
    return buffer
  }
}
