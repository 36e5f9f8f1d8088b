import Scene

/// The picture in its true proportions, its diagonal 1 long: distances here are shares of the diagonal, alike in every
/// direction. All geometry of the rules happens in this plane.
struct Plane: Sendable {
  private let x: Double
  private let y: Double

  init(size: PictureSize) {
    x = Double(size.width) / size.diagonal
    y = Double(size.height) / size.diagonal
  }

  /// From normalised picture coordinates.
  func point(_ p: Point) -> Point { Point(x: p.x * x, y: p.y * y) }
  func box(_ b: Box) -> Box { Box(left: b.left * x, top: b.top * y, right: b.right * x, bottom: b.bottom * y) }
  /// Back to normalised picture coordinates.
  func picturePoint(_ p: Point) -> Point { Point(x: p.x / x, y: p.y / y) }
}

extension Point {
  var length: Double { (x * x + y * y).squareRoot() }
  func dot(_ other: Point) -> Double { x * other.x + y * other.y }
  /// Positive where `other` lies clockwise of this, as the picture is seen (y down).
  func cross(_ other: Point) -> Double { x * other.y - y * other.x }
  func distance(to other: Point) -> Double { (self - other).length }
  /// The point at share `t` of the way to `end`.
  func toward(_ end: Point, _ t: Double) -> Point { self + (end - self) * t }
}

/// Shorter than this, in shares of the diagonal, is no distance: a thousandth of a pixel of an 8K picture is 1e-7.
let nothing = 1e-9

extension Region {
  func placed(in plane: Plane) -> Region { Region(corners: corners.map(plane.point)) }
}

extension Polyline {
  func placed(in plane: Plane) -> Polyline { Polyline(points: points.map(plane.point)) }
}
