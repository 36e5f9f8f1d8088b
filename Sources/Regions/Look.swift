public import Scene

/// How a keyframe is looked at. A detector squeezes what it is shown into a fixed square; a person 40 pixels high in a
/// 1080p frame is then two tokens. Regions show it the same person as large as it was trained to see people.
public enum Look: String, Sendable, Codable, CaseIterable {
  /// The whole picture as one region.
  case whole
  /// Overlapping squares at each of the model's scales.
  case tiles
  /// Squares around what moves and around live tracks, and a sweep of tiles every few seconds. For fixed cameras.
  case motion
  /// `motion` while the camera stands, `tiles` while it moves and on stills.
  case auto
}

/// What a `RegionChooser` needs to know of the model and of the stream.
public struct LookOptions: Sendable, Codable, Equatable {
  public var look: Look
  /// The side of the model's input, pixels.
  public var window: Int
  /// Sides of regions, in units of `window`: 1 shows the model the picture's own pixels, 2 shows it the picture halved, 0.5 shows
  /// it twice enlarged. Those below 1 are for small pictures, in which people are small: no region is finer than
  /// `LookOptions.finest` of the picture. Ascending, each above 0; others are left out.
  public var scales: [Double]
  /// In `motion`, the whole scene is looked at in tiles once in this time, a share of them on each keyframe; in the finest of
  /// several layers, which has most tiles, once in four times this time. The default is 3 s: an arrival that never moved is
  /// found in the time an object takes to be believed (2 s) plus one second. 0 or less: no sweep.
  public var sweep: MediaInterval
  /// The pictures have nothing to do with each other: `auto` and `motion` take tiles, and tiles go on to coarser scales until
  /// they reach the whole picture, since a photograph's subject may fill it.
  public var isStill: Bool
  /// At most this many regions a keyframe (at least 1). Where tiles would be more, the coarse ones come first and the fine
  /// ones take turns. The default, 256, is all tiles of a 1080p picture at window 160, scales 1 and 2 (225).
  public var maximumRegions: Int

  public init(look: Look = .whole, window: Int, scales: [Double] = [1], sweep: MediaInterval = .seconds(3),
              isStill: Bool = false, maximumRegions: Int = 256) {
    self.look = look; self.window = window; self.scales = scales; self.sweep = sweep
    self.isStill = isStill; self.maximumRegions = maximumRegions
  }
}

extension LookOptions {
  /// What an enlarged region shows at least, as a share of the picture's shorter side. A tenth of it, the height of a person
  /// where cameras hang as they should, then is about half a region.
  static let finest = 2.0 / 9.0

  /// The sides of regions in pixels, ascending, each at most the picture's shorter side and at least 8; never empty.
  func sides(in size: PictureSize) -> [Int] {
    let largest = max(1, min(size.width, size.height))
    let base = Double(min(max(window, 1), 1 << 20))
    var sides: [Int] = []
    // A photograph's subject may be of any size: only one that is hardly larger than the window is worth enlarging.
    let least = isStill && Double(largest) >= 2 * base ? 1 : 0.0
    for scale in scales.sorted() where scale.isFinite && scale > 0 && scale >= least {
      let wanted = scale < 1 ? max(base * scale, Double(largest) * Self.finest) : base * scale
      // Enlarged by a quarter or less it is not worth a layer of its own.
      if scale < 1, scales.contains(where: { $0 >= 1 }), wanted >= base * 0.8 { continue }
      let side = min(largest, max(min(8, largest), Int(min(wanted, 1e9).rounded())))
      // The picture's side hardly coarser than the layer before it shows nothing more.
      if let last = sides.last, side * 4 < last * 5 { continue }
      sides.append(side)
    }
    return sides.isEmpty ? [min(largest, Int(base))] : sides
  }
}
