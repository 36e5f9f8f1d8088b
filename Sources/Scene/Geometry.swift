/// A point of the picture, normalised: 0…1, origin top left, x right, y down. May lie outside the picture.
public struct Point: Sendable, Hashable, Codable {
  public var x: Double
  public var y: Double

  @inlinable public init(x: Double, y: Double) { self.x = x; self.y = y }

  @inlinable public static func + (a: Point, b: Point) -> Point { Point(x: a.x + b.x, y: a.y + b.y) }
  @inlinable public static func - (a: Point, b: Point) -> Point { Point(x: a.x - b.x, y: a.y - b.y) }
  @inlinable public static func * (a: Point, k: Double) -> Point { Point(x: a.x * k, y: a.y * k) }
}

/// An axis-parallel rectangle, normalised like `Point`. Never clipped to the picture before its anchor is taken.
public struct Box: Sendable, Hashable, Codable {
  public var left: Double
  public var top: Double
  public var right: Double
  public var bottom: Double

  @inlinable public init(left: Double, top: Double, right: Double, bottom: Double) {
    self.left = left; self.top = top; self.right = right; self.bottom = bottom
  }
  @inlinable public init(center: Point, width: Double, height: Double) {
    self.init(left: center.x - width / 2, top: center.y - height / 2,
              right: center.x + width / 2, bottom: center.y + height / 2)
  }

  /// The whole picture.
  public static let unit = Box(left: 0, top: 0, right: 1, bottom: 1)

  @inlinable public var width: Double { right - left }
  @inlinable public var height: Double { bottom - top }
  @inlinable public var area: Double { max(0, width) * max(0, height) }
  @inlinable public var center: Point { Point(x: (left + right) / 2, y: (top + bottom) / 2) }
  /// Where an object stands: the middle of its bottom edge, the default anchor of every rule.
  @inlinable public var bottomCenter: Point { Point(x: (left + right) / 2, y: bottom) }
  @inlinable public var isFinite: Bool { left.isFinite && top.isFinite && right.isFinite && bottom.isFinite }

  /// The common part, or nil where there is none.
  @inlinable public func intersection(_ other: Box) -> Box? {
    let common = Box(left: max(left, other.left), top: max(top, other.top),
                     right: min(right, other.right), bottom: min(bottom, other.bottom))
    return common.left < common.right && common.top < common.bottom ? common : nil
  }
  /// Area of the common part, 0 where there is none.
  @inlinable public func overlap(_ other: Box) -> Double {
    max(0, min(right, other.right) - max(left, other.left)) * max(0, min(bottom, other.bottom) - max(top, other.top))
  }
  /// Intersection over union, 0…1.
  @inlinable public func iou(_ other: Box) -> Double {
    let common = overlap(other)
    let union = area + other.area - common
    return union > 0 ? common / union : 0
  }
  @inlinable public func union(_ other: Box) -> Box {
    Box(left: min(left, other.left), top: min(top, other.top), right: max(right, other.right), bottom: max(bottom, other.bottom))
  }
  @inlinable public func contains(_ other: Box) -> Bool {
    left <= other.left && top <= other.top && right >= other.right && bottom >= other.bottom
  }
}

/// Width and height of a picture in pixels, sample aspect ratio already applied.
/// Distances in the picture are measured in these proportions, so that 1 % of the diagonal is the same in every direction.
public struct PictureSize: Sendable, Hashable, Codable {
  public var width: Int
  public var height: Int

  @inlinable public init(width: Int, height: Int) { self.width = width; self.height = height }

  @inlinable public var diagonal: Double { (Double(width) * Double(width) + Double(height) * Double(height)).squareRoot() }

  /// Distance between two normalised points as a share of the picture's diagonal.
  @inlinable public func distance(_ a: Point, _ b: Point) -> Double {
    let dx = (a.x - b.x) * Double(width), dy = (a.y - b.y) * Double(height)
    return (dx * dx + dy * dy).squareRoot() / diagonal
  }
}

/// A polygon in the picture; its last point joins its first.
public struct Zone: Sendable, Hashable, Codable {
  public var id: String
  public var points: [Point]
  public init(id: String, points: [Point]) { self.id = id; self.points = points }
}

/// A polyline in the picture, walked from its first point to its last: that gives it a left and a right.
public struct Line: Sendable, Hashable, Codable {
  public var id: String
  public var points: [Point]
  public init(id: String, points: [Point]) { self.id = id; self.points = points }
}
