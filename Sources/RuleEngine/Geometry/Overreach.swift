import Scene

// Boxes are never clipped, so feet may stand a little below the picture. Whoever draws a zone or a line to the picture's
// border means it to go on there: measured on PETS09-S2L1, a walker crosses a full-height line half a pixel below the
// picture, and would be missed.

/// This near to the border (share of the picture's side) a point is on it.
private let borderShare = 0.01

private struct Side: OptionSet {
  let rawValue: Int
  static let left = Side(rawValue: 1), top = Side(rawValue: 2), right = Side(rawValue: 4), bottom = Side(rawValue: 8)

  init(rawValue: Int) { self.rawValue = rawValue }
  /// The sides of the picture that a normalised point is on.
  init(of p: Point) {
    var sides: Side = []
    if p.x <= borderShare { sides.insert(.left) }
    if p.y <= borderShare { sides.insert(.top) }
    if p.x >= 1 - borderShare { sides.insert(.right) }
    if p.y >= 1 - borderShare { sides.insert(.bottom) }
    self = sides
  }

  /// Outward, a whole picture long.
  var outward: Point {
    Point(x: (contains(.left) ? -1 : 0) + (contains(.right) ? 1 : 0), y: (contains(.top) ? -1 : 0) + (contains(.bottom) ? 1 : 0))
  }
}

extension Zone {
  /// The corners, normalised, every edge along the picture's border pushed outward.
  var reachingOut: [Point] {
    let count = points.count
    let sides = points.map { Side(of: $0) }
    func edge(_ index: Int) -> Side { sides[index].intersection(sides[(index + 1) % count]) }
    var corners: [Point] = []
    for (index, corner) in points.enumerated() {
      let before = edge((index + count - 1) % count), after = edge(index)
      let pushed = corner + before.union(after).outward
      if before.isEmpty, !after.isEmpty { corners.append(corner) }
      corners.append(pushed)
      if !before.isEmpty, after.isEmpty { corners.append(corner) }
    }
    return corners
  }
}

extension Line {
  /// The points, normalised, an end on the picture's border prolonged straight beyond it.
  var reachingOut: [Point] {
    var points = points
    func prolonged(_ end: Point, from inner: Point) -> Point? {
      let sides = Side(of: end), way = end - inner
      guard !sides.isEmpty, way.dot(sides.outward) > 0 else { return nil }
      return end + way * (1 / way.length)
    }
    if let first = prolonged(points[0], from: points[1]) { points[0] = first }
    if let last = prolonged(points[points.count - 1], from: points[points.count - 2]) { points[points.count - 1] = last }
    return points
  }
}
