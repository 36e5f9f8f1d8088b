/// A rectangle of whole pixels inside a picture.
public struct PixelRect: Sendable, Hashable, Codable {
  public var x: Int
  public var y: Int
  public var width: Int
  public var height: Int

  @inlinable public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x; self.y = y; self.width = width; self.height = height
  }
  /// The whole of a picture.
  @inlinable public init(whole size: PictureSize) { self.init(x: 0, y: 0, width: size.width, height: size.height) }

  @inlinable public var maxX: Int { x + width }
  @inlinable public var maxY: Int { y + height }
  @inlinable public var area: Int { width * height }

  /// The same rectangle, normalised to a picture of this size.
  @inlinable public func box(in size: PictureSize) -> Box {
    let w = Double(size.width), h = Double(size.height)
    return Box(left: Double(x) / w, top: Double(y) / h, right: Double(maxX) / w, bottom: Double(maxY) / h)
  }
}
