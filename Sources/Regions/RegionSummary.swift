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
