import Scene

/// A line in the plane, walked from its first point to its last. A point on it counts as left of it.
struct Polyline: Sendable {
  let points: [Point]
  private let segments: [Segment]

  /// - Parameter points: at least two, in the plane.
  init(points: [Point]) {
    self.points = points
    segments = zip(points, points.dropFirst()).map { Segment($0, $1) }
  }

  struct Crossing: Equatable {
    /// Share of the path, 0…1.
    var share: Double
    var toRight: Bool
  }

  /// Where the path q → p passes from one side to the other, in the path's order. A touch that turns back is two
  /// crossings; a path through a corner is one.
  func crossings(from q: Point, to p: Point) -> [Crossing] {
    var found: [Crossing] = []
    for segment in segments {
      let toRight = segment.offset(of: p) > 0
      guard (segment.offset(of: q) > 0) != toRight, let share = segment.meeting(from: q, to: p) else { continue }
      found.append(Crossing(share: share, toRight: toRight))
    }
    guard found.count > 1 else { return found }
    found.sort { $0.share < $1.share }
    var kept: [Crossing] = []
    for crossing in found {
      if let last = kept.last, last.toRight == crossing.toRight, crossing.share - last.share < nothing { continue }
      kept.append(crossing)
    }
    return kept
  }

  func distance(to p: Point) -> Double { segments.reduce(.infinity) { min($0, $1.distance(to: p)) } }

  /// On which side of the nearest stretch a point lies. At a corner both stretches are asked together, since each alone
  /// may call the far side of a sharp bend its own.
  func isRight(_ p: Point) -> Bool {
    let least = distance(to: p)
    var offset = 0.0
    for segment in segments where segment.distance(to: p) <= least + nothing {
      let away = p - segment.nearest(to: p)
      offset += away.length < nothing ? 0 : segment.rightward.dot(away)
    }
    // Beyond an end the nearest point is the end itself, and the stretch's own straight prolongation tells the side.
    return offset > 0
  }

  /// For a path that ends beyond `band`: the share at which it came to be so for the last time; nil where it was all along.
  func lastWithin(_ band: Double, from q: Point, to p: Point) -> Double? {
    segments.compactMap { $0.leaving(radius: band, from: q, to: p) }.max()
  }
}
