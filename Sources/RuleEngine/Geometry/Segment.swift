import Scene

/// A straight stretch of a zone's border or of a line, in the plane.
struct Segment: Sendable {
  let start: Point
  let end: Point
  private let along: Point
  private let length: Double

  init(_ start: Point, _ end: Point) {
    self.start = start; self.end = end
    let whole = end - start
    length = whole.length
    along = length > 0 ? whole * (1 / length) : Point(x: 1, y: 0)
  }

  /// Unit vector to the right of someone who walks from start to end, as the picture is seen.
  var rightward: Point { Point(x: -along.y, y: along.x) }

  /// Signed distance from the endless straight line: positive to the right of someone who walks from start to end.
  func offset(of p: Point) -> Double {
    let distance = along.cross(p - start)
    return abs(distance) < nothing ? 0 : distance
  }

  /// Where on the segment the point nearest to `p` lies: 0 at the start, `length` at the end.
  private func reach(of p: Point) -> Double { min(max(along.dot(p - start), 0), length) }

  func nearest(to p: Point) -> Point { start + along * reach(of: p) }
  func distance(to p: Point) -> Double { nearest(to: p).distance(to: p) }

  /// The share of the path q → p at which it meets this segment, ends included; nil where it doesn't, or runs along it.
  func meeting(from q: Point, to p: Point) -> Double? {
    let a = offset(of: q), b = offset(of: p)
    guard a != b, (a <= 0 && b >= 0) || (a >= 0 && b <= 0) else { return nil }
    let t = a / (a - b)
    let reach = along.dot(q.toward(p, t) - start)
    return reach >= -nothing && reach <= length + nothing ? t : nil
  }

  /// The greatest share of the path q → p, 0…1, at which its distance from this segment is exactly `radius`:
  /// for a path that ends farther away, the moment it left. Nil where it never is.
  func leaving(radius: Double, from q: Point, to p: Point) -> Double? {
    let d = p - q
    var last: Double?
    func offer(_ t: Double) {
      if t >= 0, t <= 1, t > last ?? -1 { last = t }
    }
    // The two straight sides of the rounded bar around the segment.
    let rate = along.cross(d), offset = along.cross(q - start)
    if rate != 0 {
      for side in [radius, -radius] {
        let t = (side - offset) / rate
        let reach = along.dot(q + d * t - start)
        if reach >= 0, reach <= length { offer(t) }
      }
    }
    // Its two round ends: |q + t·d − centre|² = radius².
    let a = d.dot(d)
    guard a > 0 else { return last }
    for centre in [start, end] {
      let m = q - centre
      let b = m.dot(d), c = m.dot(m) - radius * radius
      let discriminant = b * b - a * c
      guard discriminant >= 0 else { continue }
      offer((-b + discriminant.squareRoot()) / a)
      offer((-b - discriminant.squareRoot()) / a)
    }
    return last
  }
}
