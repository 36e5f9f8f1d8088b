import Scene

/// The ground's plane as the camera sees it: a homography from the picture's plane to metres, from four points
/// (direct linear transform with the last entry 1: Hartley, Zisserman, Multiple View Geometry, 2nd edition, 4.1).
struct Ground: Sendable {
  enum Flaw {
    /// Three of the four points lie on, or nearly on, one straight line; which three, from 1.
    case collinear([Int])
    /// The four points, in their order, are no convex quadrilateral.
    case crossed
  }

  /// A triangle flatter than this (height over its longest side) is a line.
  private static let flatness = 0.01

  /// In the picture, and in metres.
  let picture: [Point]
  let metres: [Point]
  /// The middle of the four points in the picture. Places are counted from here, where the last row of the homography is 1:
  /// counted from the picture's corner it would be 0 or less there wherever the horizon is in the picture.
  private let origin: Point
  /// h11, h12, h13, h21, h22, h23, h31, h32.
  private let h: [Double]

  /// - Parameter picture, metres: four points each, the same in the same order.
  init(picture: [Point], metres: [Point]) {
    self.picture = picture; self.metres = metres
    let origin = Point(x: picture.reduce(0) { $0 + $1.x } / 4, y: picture.reduce(0) { $0 + $1.y } / 4)
    self.origin = origin
    var rows: [[Double]] = []
    for (p, g) in zip(picture.map({ $0 - origin }), metres) {
      rows.append([p.x, p.y, 1, 0, 0, 0, -g.x * p.x, -g.x * p.y, g.x])
      rows.append([0, 0, 0, p.x, p.y, 1, -g.y * p.x, -g.y * p.y, g.y])
    }
    h = solved(rows)
  }

  /// In metres; nil on the horizon and above it.
  func point(_ place: Point) -> Point? {
    let p = place - origin
    let w = h[6] * p.x + h[7] * p.y + 1
    // The four points lie where w is about 1; at a hundredth of that, a pixel is as long as a street.
    guard w > 0.01 else { return nil }
    return Point(x: (h[0] * p.x + h[1] * p.y + h[2]) / w, y: (h[3] * p.x + h[4] * p.y + h[5]) / w)
  }

  func placed(in plane: Plane) -> Ground { Ground(picture: picture.map(plane.point), metres: metres) }

  /// What is wrong with four points of one side; nil where nothing is.
  static func flaw(_ points: [Point]) -> Flaw? {
    for left in 0..<4 {
      let kept = (0..<4).filter { $0 != left }
      if isFlat(points[kept[0]], points[kept[1]], points[kept[2]]) { return .collinear(kept.map { $0 + 1 }) }
    }
    let turns = (0..<4).map { turn(points, at: $0) > 0 }
    return Set(turns).count == 1 ? nil : .crossed
  }

  /// Whether the same four points are walked around in opposite ways.
  static func areMirrored(_ a: [Point], _ b: [Point]) -> Bool { (turn(a, at: 0) > 0) != (turn(b, at: 0) > 0) }

  private static func turn(_ points: [Point], at index: Int) -> Double {
    let a = points[index], b = points[(index + 1) % 4], c = points[(index + 2) % 4]
    return (b - a).cross(c - b)
  }

  private static func isFlat(_ a: Point, _ b: Point, _ c: Point) -> Bool {
    let longest = max(a.distance(to: b), b.distance(to: c), c.distance(to: a))
    return longest == 0 || abs((b - a).cross(c - a)) < flatness * longest * longest
  }
}

/// Gaussian elimination with partial pivoting; rows of n coefficients and a right side.
private func solved(_ rows: [[Double]]) -> [Double] {
  var rows = rows
  let n = rows.count
  for column in 0..<n {
    let pivot = (column..<n).max { abs(rows[$0][column]) < abs(rows[$1][column]) }!
    rows.swapAt(column, pivot)
    for row in 0..<n where row != column {
      let factor = rows[row][column] / rows[column][column]
      for k in column...n { rows[row][k] -= factor * rows[column][k] }
    }
  }
  return (0..<n).map { rows[$0][n] / rows[$0][$0] }
}
