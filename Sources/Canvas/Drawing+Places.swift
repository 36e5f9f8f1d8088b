internal import CCairo
import Scene

extension Drawing {
  /// Half-transparent, so that what happens in it stays visible, with its name at its upper left.
  func draw(_ zone: Zone) {
    guard zone.points.count >= 3, trace(zone.points) else { return }
    cairo_close_path(pen)
    use(Colors.zone, opacity: 0.25)
    cairo_fill_preserve(pen)
    use(Colors.zone, opacity: 0.9)
    cairo_stroke(pen)
    let places = zone.points.compactMap { place($0) }
    guard let highest = places.min(by: { ($0.y, $0.x) < ($1.y, $1.x) }) else { return }
    drawText(zone.id, x: highest.x + stroke, y: highest.y + stroke, background: Colors.zone)
  }

  /// With an arrow across its longest piece: from the left of who walks it to the right.
  func draw(_ line: Line) {
    guard trace(line.points) else { return }
    use(Colors.line)
    cairo_stroke(pen)
    let places = line.points.compactMap { place($0) }
    let pieces = zip(places, places.dropFirst())
    func length(_ a: (x: Double, y: Double), _ b: (x: Double, y: Double)) -> Double { ((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y)).squareRoot() }
    guard let longest = pieces.max(by: { length($0.0, $0.1) < length($1.0, $1.1) }) else { return }
    let (a, b) = longest, along = length(a, b)
    if along > 0 {
      // y grows downwards: turning the direction (x, y) to (−y, x) points to the right of the walk.
      drawArrow(middle: ((a.x + b.x) / 2, (a.y + b.y) / 2), direction: (-(b.y - a.y) / along, (b.x - a.x) / along))
    }
    drawText(line.id, x: places[0].x + stroke * 2, y: places[0].y, background: Colors.line)
  }

  private func drawArrow(middle: (x: Double, y: Double), direction: (x: Double, y: Double)) {
    let reach = letters * 1.5, head = letters * 0.7
    let tip = (x: middle.x + direction.x * reach, y: middle.y + direction.y * reach)
    cairo_move_to(pen, middle.x - direction.x * reach, middle.y - direction.y * reach)
    cairo_line_to(pen, tip.x, tip.y)
    for side in [-1.0, 1.0] {
      cairo_move_to(pen, tip.x, tip.y)
      cairo_line_to(pen, tip.x - (direction.x + side * direction.y * 0.6) * head, tip.y - (direction.y - side * direction.x * 0.6) * head)
    }
    cairo_stroke(pen)
  }
}
