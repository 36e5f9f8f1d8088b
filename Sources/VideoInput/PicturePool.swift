import Scene

/// Lends pictures and takes back those that nobody else holds any more, so that a running stream allocates nothing.
struct PicturePool {
  /// Keyframes under way at once: one decoded, one waiting, one being looked at, one being drawn, and some air.
  private static let limit = 8
  private var pictures: [Picture] = []

  /// A picture of this size that nobody else holds; its pixels are whatever they were.
  mutating func picture(_ size: PictureSize) -> Picture {
    if let first = pictures.first, first.size != size { pictures.removeAll(keepingCapacity: true) }
    for i in pictures.indices where isKnownUniquelyReferenced(&pictures[i]) { return pictures[i] }
    let new = Picture(size: size)
    if pictures.count < Self.limit { pictures.append(new) }
    return new
  }
}
