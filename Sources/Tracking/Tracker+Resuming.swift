internal import Scene

/// A track that was lost is found again: what comes to be believed near it may be it, rather than somebody new.
extension Tracker {
  /// The lost track that this one, which has just come to be believed, most likely is; nil where none is near, or where it might
  /// be another's.
  ///
  /// Behind a post people slow down, turn round or stop, and by the time they are detected again constant velocity has
  /// carried the expectation past them. So what counts is the distance from the way between where the track was last seen and
  /// where it would be when this one was first seen.
  func lost(near life: Life) -> Int? {
    guard let limits = options.resuming else { return nil }
    var nearest: (index: Int, reach: Double)?, second = Double.infinity, company = 0
    for (index, other) in lives.enumerated() where other.query == life.query && other.isBelieved && other.id != life.id {
      guard other.missed > 1, other.lastDetected < life.firstDetected else {
        if other.filter.box.distance(to: life.firstSeen) < limits.company { company += 1 }
        continue
      }
      let heights = (other.lastSeen.height, life.firstSeen.height)
      guard min(heights.0, heights.1) >= limits.height * max(heights.0, heights.1) else { continue }
      let gap = Double(life.firstDetected.nanoseconds(since: other.lastDetected)) / 1e9
      let reach = other.lastSeen.distance(to: life.firstSeen, going: (other.filter.x.velocity * gap, other.filter.y.velocity * gap)) / (limits.near + limits.speed * gap)
      if reach < nearest?.reach ?? .infinity { (nearest, second) = ((index, reach), nearest?.reach ?? .infinity) } else { second = min(second, reach) }
    }
    guard let nearest, nearest.reach <= 1, second > limits.lead * nearest.reach, company <= 1 else { return nil }
    return nearest.index
  }
}

extension PixelBox {
  /// From another box's centre to the way that this one's goes, in sizes of the larger of the two.
  fileprivate func distance(to other: PixelBox, going way: (x: Double, y: Double) = (0, 0)) -> Double {
    let off = (x: other.x - x, y: other.y - y), length = way.x * way.x + way.y * way.y
    let along = length > 0 ? max(0, min(1, (off.x * way.x + off.y * way.y) / length)) : 0
    let left = (x: off.x - along * way.x, y: off.y - along * way.y)
    return (left.x * left.x + left.y * left.y).squareRoot() / max(scale, other.scale)
  }
}
