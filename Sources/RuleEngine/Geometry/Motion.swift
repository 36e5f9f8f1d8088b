import Scene

extension Box {
  /// The box at share `t` of the way to a later one.
  func toward(_ later: Box, _ t: Double) -> Box {
    Box(left: left + (later.left - left) * t, top: top + (later.top - top) * t,
        right: right + (later.right - right) * t, bottom: bottom + (later.bottom - bottom) * t)
  }

  /// The width of the space between two boxes; 0 where they touch.
  func gap(to other: Box) -> Double {
    let dx = max(0, other.left - right, left - other.right), dy = max(0, other.top - bottom, top - other.bottom)
    return (dx * dx + dy * dy).squareRoot()
  }
}

/// The share of a way, 0…1, at which something changes that is `false` at its start and `true` at its end.
func turningPoint(_ isTrue: (Double) -> Bool) -> Double {
  var low = 0.0, high = 1.0
  // 2⁻³⁰ of a sampling interval of two seconds is two nanoseconds.
  for _ in 0..<30 {
    let middle = (low + high) / 2
    if isTrue(middle) { high = middle } else { low = middle }
  }
  return high
}

/// The straight way of an anchor from one detected box to the next.
struct Way {
  let first: Place
  let last: Place
  let start: Point
  let end: Point

  init(_ first: Place, _ last: Place, _ anchor: Anchor) {
    self.first = first; self.last = last
    start = first.anchor(anchor); end = last.anchor(anchor)
  }

  func moment(at share: Double) -> Instant { first.instant.toward(last.instant, share) }

  /// When something came true on the way that is true at its end: at its start where it was true there already.
  func moment(_ isTrue: (Point) -> Bool) -> Instant {
    if isTrue(start) { return first.instant }
    return moment(at: turningPoint { isTrue(start.toward(end, $0)) })
  }
}
