// Left and right exchanged: a second look at the same picture.

extension Picture {
  /// A copy, mirrored.
  public func mirrored() -> Picture {
    let copy = Picture(size: size)
    for y in 0..<height {
      let from = pixels + y * rowBytes, to = copy.pixels + y * rowBytes
      for x in 0..<width { (to + 3 * (width - 1 - x)).copyMemory(from: from + 3 * x, byteCount: 3) }
    }
    return copy
  }
}

extension PixelRect {
  /// The same place in the mirrored picture.
  public func mirrored(in size: PictureSize) -> PixelRect { PixelRect(x: size.width - maxX, y: y, width: width, height: height) }
}

extension Box {
  /// The same place in the mirrored picture.
  public var mirrored: Box { Box(left: 1 - right, top: top, right: 1 - left, bottom: bottom) }
}
