import Scene

/// What was looked at since a `RegionChooser` began.
public struct RegionSummary: Sendable, Codable, Equatable {
  public var keyframes = 0
  /// All regions of all keyframes.
  public var regions = 0
  /// Regions that stood around motion or a live track; the others were the whole picture or tiles.
  public var windows = 0
  /// Keyframes on which the camera counted as moved.
  public var cameraMoves = 0
  /// Sum over keyframes of the share of the picture inside at least one region.
  public var lookedAt = 0.0

  public init() {}

  public var regionsPerKeyframe: Double { keyframes > 0 ? Double(regions) / Double(keyframes) : 0 }
  /// Mean share of the picture that lay inside at least one region, 0…1.
  public var shareLookedAt: Double { keyframes > 0 ? lookedAt / Double(keyframes) : 0 }
}

extension RegionSummary {
  mutating func count(_ regions: [PixelRect], in size: PictureSize) {
    keyframes += 1
    self.regions += regions.count
    lookedAt += shareCovered(by: regions, in: size)
  }
}

/// Share of the picture inside at least one region, on a raster of 64 × 64 cells, exact to some percent.
func shareCovered(by regions: [PixelRect], in size: PictureSize) -> Double {
  // One word a row of cells: a region is one mask, set in its rows.
  var rows = InlineArray<64, UInt64>(repeating: 0)
  for region in regions {
    let columns = cells(from: region.x, to: region.maxX, of: size.width)
    let lines = cells(from: region.y, to: region.maxY, of: size.height)
    guard !columns.isEmpty, !lines.isEmpty else { continue }
    let mask = (UInt64.max >> UInt64(64 - columns.count)) << UInt64(columns.lowerBound)
    for line in lines { rows[line] |= mask }
  }
  var covered = 0
  for line in 0..<64 { covered += rows[line].nonzeroBitCount }
  return Double(covered) / 4096
}

/// The raster cells whose middle lies in the span.
private func cells(from start: Int, to end: Int, of length: Int) -> Range<Int> {
  func first(_ x: Int) -> Int { max(0, min(64, (x * 128 + length - 1) / (2 * length))) }
  let lower = first(start)
  return lower..<max(lower, first(end))
}
