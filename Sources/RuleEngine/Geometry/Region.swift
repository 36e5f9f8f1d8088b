import Scene

/// A zone in the plane. Its border belongs to it.
struct Region: Sendable {
  let corners: [Point]
  private let edges: [Segment]
  private let bounds: Box

  /// - Parameter corners: at least three, in the plane; the last joins the first.
  init(corners: [Point]) {
    self.corners = corners
    edges = corners.indices.map { Segment(corners[$0], corners[($0 + 1) % corners.count]) }
    bounds = Box(left: corners.map(\.x).min()!, top: corners.map(\.y).min()!,
                 right: corners.map(\.x).max()!, bottom: corners.map(\.y).max()!)
  }

  func contains(_ p: Point) -> Bool {
    guard p.x >= bounds.left - nothing, p.x <= bounds.right + nothing,
          p.y >= bounds.top - nothing, p.y <= bounds.bottom + nothing else { return false }
    var inside = false
    var a = corners[corners.count - 1]
    for b in corners {
      // A ray to the right; each edge owns its upper end only, so that a corner counts once.
      if (a.y > p.y) != (b.y > p.y), p.x < a.x + (b.x - a.x) * (p.y - a.y) / (b.y - a.y) { inside.toggle() }
      a = b
    }
    return inside || edges.contains { $0.distance(to: p) <= nothing }
  }

  /// Whether a point lies outside, farther than `margin` from the border.
  func isBeyond(_ margin: Double, _ p: Point) -> Bool {
    if p.x < bounds.left - margin || p.x > bounds.right + margin || p.y < bounds.top - margin || p.y > bounds.bottom + margin { return true }
    return !contains(p) && !edges.contains { $0.distance(to: p) <= margin }
  }

  /// From the border; 0 inside.
  func distance(to p: Point) -> Double { contains(p) ? 0 : edges.reduce(.infinity) { min($0, $1.distance(to: p)) } }

  /// The last share of the path q → p at which it meets the border; nil where it never does.
  func lastBorder(from q: Point, to p: Point) -> Double? {
    guard max(q.x, p.x) >= bounds.left - nothing, min(q.x, p.x) <= bounds.right + nothing,
          max(q.y, p.y) >= bounds.top - nothing, min(q.y, p.y) <= bounds.bottom + nothing else { return nil }
    return edges.compactMap { $0.meeting(from: q, to: p) }.max()
  }

  /// For a path that ends beyond `margin`: the share at which it came to be so for the last time; nil where it was all along.
  func lastWithin(_ margin: Double, from q: Point, to p: Point) -> Double? {
    edges.compactMap { $0.leaving(radius: margin, from: q, to: p) }.max()
  }
}
