import Scene

extension Needs {
  /// Few regions that show every need whole: each costs the detector as much as any other, so neighbours share one.
  ///
  /// Greedy: the first need not yet shown takes its nearest neighbours along while all still fit into its side; the region
  /// stands around their middle. A need is never shown by a region coarser than its own.
  /// - Parameter given: regions that are looked at anyway.
  func windows(besides given: [PixelRect]) -> [PixelRect] {
    let ordered = all.sorted { ($0.side, $0.rect.x, $0.rect.y, $0.rect.width, $0.rect.height)
      < ($1.side, $1.rect.x, $1.rect.y, $1.rect.width, $1.rect.height) }
    var windows: [PixelRect] = []
    var isShown = ordered.map { need in given.contains { need.isShown(by: $0) } }
    for seed in ordered.indices where !isShown[seed] {
      let window = square(around: group(from: seed, of: ordered, isShown), side: ordered[seed].side)
      for i in seed..<ordered.count where ordered[i].isShown(by: window) { isShown[i] = true }
      windows.append(window)
    }
    return windows
  }

  /// The bounds of a need and as many of its neighbours as fit with it, nearest first.
  private func group(from seed: Int, of needs: [Need], _ isShown: [Bool]) -> PixelRect {
    let side = needs[seed].side
    var bounds = needs[seed].rect
    var rest = needs.indices.dropFirst(seed + 1).filter { !isShown[$0] && needs[$0].side == side }
    while true {
      var best: (place: Int, growth: Int)?
      for (place, i) in rest.enumerated() {
        let both = bounds.union(needs[i].rect)
        guard both.width <= side, both.height <= side else { continue }
        let growth = both.width + both.height
        if growth < best?.growth ?? .max { best = (place, growth) }
      }
      guard let best else { return bounds }
      bounds = bounds.union(needs[rest.remove(at: best.place)].rect)
    }
  }

  /// A square around the middle of `bounds`, moved (and, where the picture is too small, cut) to lie inside the picture.
  private func square(around bounds: PixelRect, side: Int) -> PixelRect {
    let width = min(side, size.width), height = min(side, size.height)
    let x = max(0, min(size.width - width, bounds.x + (bounds.width - width) / 2))
    let y = max(0, min(size.height - height, bounds.y + (bounds.height - height) / 2))
    return PixelRect(x: x, y: y, width: width, height: height)
  }
}

extension Need {
  func isShown(by region: PixelRect) -> Bool { max(region.width, region.height) <= side && region.contains(rect) }
}
