public import Scene

/// Chooses the regions of each keyframe that are worth showing to the detector. A function of the frames (and tracks) it was
/// given alone: same file, same regions. Everything it remembers is in its coded form, so that a restart goes on identically.
public struct RegionChooser: Sendable, Codable {
  public let options: LookOptions
  /// Size of the pictures; a picture of another size begins everything anew but the summary.
  public private(set) var size: PictureSize
  public internal(set) var summary = RegionSummary()
  /// Whose turn it is among tiles that cannot all be looked at on one keyframe.
  var turn = 0
  /// The standing scene; nil before the first keyframe, and where nothing moves are looked for.
  var background: Background?
  var lastTime: MediaTime?
  /// When the camera last moved: `auto` takes tiles for a moment more.
  var lastMove: MediaTime?
  /// Tiles that the sweep owes, by the time that has passed.
  var owed = 0.0

  public init(options: LookOptions, size: PictureSize) {
    self.options = options
    self.size = size
  }

  /// The regions of one keyframe, at least one, each inside the picture.
  /// - Parameters:
  ///   - time: of the keyframe; where it goes back, stands, or leaps by a minute, the background begins anew.
  ///   - expecting: where live tracks are expected on this keyframe, normalised.
  public mutating func look(at picture: Picture, time: MediaTime, expecting: [Box]) -> [PixelRect] {
    if picture.size != size { reset(); size = picture.size }
    let regions: [PixelRect]
    switch options.look {
    case .whole: regions = [PixelRect(whole: size)]
    case .tiles: regions = allTiles()
    case .motion, .auto: regions = options.isStill ? allTiles() : lookForMotion(in: picture, time: time, expecting: expecting)
    }
    summary.count(regions, in: size)
    return regions
  }

  /// Forgets the scene, as after a reconnect: the next keyframe is the first. The summary goes on.
  public mutating func reset() {
    (turn, owed, background, lastTime, lastMove) = (0, 0, nil, nil, nil)
  }

  mutating func allTiles() -> [PixelRect] {
    Tiles(size: size, options: options).all(atMost: options.maximumRegions, turn: &turn)
  }
}
