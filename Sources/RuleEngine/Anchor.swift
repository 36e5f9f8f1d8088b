import Scene

/// Which point of its box stands for an object.
enum Anchor: String, Sendable, CaseIterable {
  case bottomCenter = "bottom_center", center, topCenter = "top_center"

  func of(_ box: Box) -> Point {
    switch self {
    case .bottomCenter: box.bottomCenter
    case .center: box.center
    case .topCenter: Point(x: (box.left + box.right) / 2, y: box.top)
    }
  }
}

extension Place {
  func anchor(_ anchor: Anchor) -> Point { anchor.of(box) }
}
