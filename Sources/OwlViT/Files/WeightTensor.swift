/// Where one tensor lies: its numbers are read only by `copy`.
public struct WeightTensor: Sendable {
  public enum ElementType: Sendable, Equatable {
    case f64, f32, f16, bf16
    /// Indices, masks, quantised weights: nothing the network computes with. `bytes` is nil where the type isn't known.
    case other(String, bytes: Int?)

    public var isFloatingPoint: Bool { if case .other = self { false } else { true } }

    public var name: String {
      switch self {
      case .f64: "F64"
      case .f32: "F32"
      case .f16: "F16"
      case .bf16: "BF16"
      case .other(let name, _): name
      }
    }

    var bytes: Int? {
      switch self {
      case .f64: 8
      case .f32: 4
      case .f16, .bf16: 2
      case .other(_, let bytes): bytes
      }
    }
  }

  public let dtype: ElementType
  public let shape: [Int]
  /// Elements; the product of `shape`, known not to overflow.
  public let count: Int
  let file: ModelFile
  /// Byte of the file at which the first element lies.
  let offset: Int
  /// Elements from one index to the next in each dimension where that isn't row-major; PyTorch files only.
  let strides: [Int]?

  init(dtype: ElementType, shape: [Int], count: Int, file: ModelFile, offset: Int, strides: [Int]? = nil) {
    self.dtype = dtype
    self.shape = shape
    self.count = count
    self.file = file
    self.offset = offset
    self.strides = strides
  }

  /// Writes all elements to `destination`, row-major, as Float.
  /// - Precondition: `destination` has exactly `count` elements; the type is a floating-point one, as `WeightFile.tensor` checks.
  /// - Throws: where the file can't be read, or has shrunk since it was opened.
  public func copy(to destination: UnsafeMutableBufferPointer<Float>) throws(ModelError) {
    precondition(destination.count == count, "the destination has as many elements as the tensor")
    if let strides {
      try copyStrided(strides, to: destination)
    } else if dtype == .f32 {
      // Both sides are little-endian: the file's bytes are the numbers.
      try file.read(at: offset, into: UnsafeMutableRawBufferPointer(destination))
    } else {
      try copyConverted(to: destination)
    }
  }

  /// All elements, row-major.
  public func values() throws(ModelError) -> [Float] {
    var failure: ModelError?
    let result = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      do throws(ModelError) {
        try copy(to: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
        initialized = count
      } catch { failure = error }
    }
    if let failure { throw failure }
    return result
  }

  private func copyConverted(to destination: UnsafeMutableBufferPointer<Float>) throws(ModelError) {
    let size = dtype.bytes!, chunk = 1 << 16
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: min(chunk, max(count, 1)) * size, alignment: 16)
    defer { scratch.deallocate() }
    var done = 0
    while done < count {
      let now = min(chunk, count - done)
      let part = UnsafeMutableRawBufferPointer(rebasing: scratch[..<(now * size)])
      try file.read(at: offset + done * size, into: part)
      dtype.convert(UnsafeRawBufferPointer(part), to: UnsafeMutableBufferPointer(rebasing: destination[done..<(done + now)]))
      done += now
    }
  }

  /// Reads the span that the strides reach over, then gathers. The span lies within the tensor's storage, as its reader has checked.
  private func copyStrided(_ strides: [Int], to destination: UnsafeMutableBufferPointer<Float>) throws(ModelError) {
    guard count > 0 else { return }
    let span = zip(shape, strides).reduce(1) { $0 + ($1.0 - 1) * $1.1 }
    let whole = try WeightTensor(dtype: dtype, shape: [span], count: span, file: file, offset: offset).values()
    var index = [Int](repeating: 0, count: shape.count), from = 0
    for to in 0..<count {
      destination[to] = whole[from]
      var dimension = shape.count - 1
      while dimension >= 0 {
        index[dimension] += 1
        from += strides[dimension]
        if index[dimension] < shape[dimension] { break }
        from -= strides[dimension] * shape[dimension]
        index[dimension] = 0
        dimension -= 1
      }
    }
  }
}

extension WeightTensor.ElementType {
  /// Little-endian elements to Float. `source` holds exactly `destination.count` elements.
  func convert(_ source: UnsafeRawBufferPointer, to destination: UnsafeMutableBufferPointer<Float>) {
    switch self {
    case .f64:
      for i in destination.indices { destination[i] = Float(Double(bitPattern: source.loadUnaligned(fromByteOffset: i * 8, as: UInt64.self))) }
    case .f32:
      for i in destination.indices { destination[i] = Float(bitPattern: source.loadUnaligned(fromByteOffset: i * 4, as: UInt32.self)) }
    case .bf16:
      for i in destination.indices { destination[i] = Float(bitPattern: UInt32(source.loadUnaligned(fromByteOffset: i * 2, as: UInt16.self)) << 16) }
    case .f16:
      for i in destination.indices { destination[i] = Self.float(half: source.loadUnaligned(fromByteOffset: i * 2, as: UInt16.self)) }
    case .other: preconditionFailure("only floating-point tensors are copied")
    }
  }

  /// The half's exponent and fraction moved into a Float's place are the number times 2⁻¹¹²; one multiplication puts that right,
  /// subnormal numbers included. Without F16C the compiler's own conversion is a function call for each element.
  @inline(__always)
  static func float(half: UInt16) -> Float {
    let magnitude = Float(bitPattern: UInt32(half & 0x7FFF) << 13) * 0x1p112
    let special: UInt32 = half & 0x7C00 == 0x7C00 ? 0x7F80_0000 : 0
    return Float(bitPattern: magnitude.bitPattern | special | UInt32(half & 0x8000) << 16)
  }
}
