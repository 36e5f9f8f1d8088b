import Scene

/// A picture's brightness on a raster of square cells, at most 320 along its longer side: what motion is looked for in.
struct SmallLuma {
  /// Columns and rows.
  let width: Int
  let height: Int
  /// Side of a cell, pixels. The last column and row may reach beyond the picture.
  let cell: Int
  /// width × height, rows top to bottom, 0…255.
  private(set) var values: [UInt8]

  static let longest = 320

  static func cell(of size: PictureSize) -> Int { max(1, (max(size.width, size.height) + longest - 1) / longest) }

  /// Each cell is the mean of four of its pixels: enough to calm noise, and a small share of the picture's bytes is read.
  init(_ picture: Picture) {
    let cell = Self.cell(of: picture.size)
    self.cell = cell
    width = (picture.width + cell - 1) / cell
    height = (picture.height + cell - 1) / cell
    let (columns, rows) = (width, height)
    let near = cell / 4, far = cell - 1 - near
    let lastX = picture.width - 1, lastY = picture.height - 1
    // Columns whose cell lies whole inside the picture need no clamping.
    let whole = picture.width / cell
    values = withExtendedLifetime(picture) { [UInt8](unsafeUninitializedCapacity: columns * rows) { out, count in
      for row in 0..<rows {
        let upper = UnsafePointer(picture.pixels.advanced(by: min(row * cell + near, lastY) * picture.rowBytes)
          .assumingMemoryBound(to: UInt8.self))
        let lower = UnsafePointer(picture.pixels.advanced(by: min(row * cell + far, lastY) * picture.rowBytes)
          .assumingMemoryBound(to: UInt8.self))
        let target = out.baseAddress! + row * columns
        var a = near * 3, b = far * 3
        for column in 0..<columns {
          if column >= whole { (a, b) = (min(column * cell + near, lastX) * 3, min(column * cell + far, lastX) * 3) }
          let sum = Self.brightness(upper + a) &+ Self.brightness(upper + b) &+ Self.brightness(lower + a) &+ Self.brightness(lower + b)
          target[column] = UInt8(truncatingIfNeeded: sum >> 4)
          a &+= cell &* 3
          b &+= cell &* 3
        }
      }
      count = columns * rows
    } }
  }

  /// Four times a pixel's brightness: green counts double, as it nearly does to the eye.
  @inline(__always) private static func brightness(_ pixel: UnsafePointer<UInt8>) -> UInt32 {
    UInt32(pixel[0]) &+ 2 &* UInt32(pixel[1]) &+ UInt32(pixel[2])
  }
}
