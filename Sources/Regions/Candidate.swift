import Scene

/// A detection on its way through the merger.
struct Candidate {
  private(set) var detection: Detection
  private(set) var area: Double
  /// Number of the region it was seen through.
  let region: Int
  /// Touches a border of its region that is not the picture's: what lies beyond was not seen.
  let isCut: Bool

  init(_ detection: Detection, region: Int, isCut: Bool) {
    self.detection = detection
    self.region = region
    area = detection.box.area
    self.isCut = isCut
  }

  var box: Box { detection.box }
  var query: Int { detection.query }
  var score: Double { detection.score }

  /// One object seen whole through several regions, the strongest sighting first: the box is the mean by score squared, and each
  /// further sighting takes away a little of the doubt that is left: regions share most of what they see, and much of what misleads them.
  init(fusing sightings: [Candidate]) {
    self = sightings[0]
    // What a region says beside its best box are doubles of the network, and no further evidence.
    var regions: Set<Int> = [], sum = (left: 0.0, top: 0.0, right: 0.0, bottom: 0.0), weight = 0.0, doubt = 1.0
    for one in sightings where one.box.iou(box) >= Self.leastAgreement && regions.insert(one.region).inserted {
      let share = one.score * one.score
      sum = (sum.left + share * one.box.left, sum.top + share * one.box.top, sum.right + share * one.box.right, sum.bottom + share * one.box.bottom)
      weight += share
      doubt *= 1 - one.score * (regions.count == 1 ? 1 : Self.independence)
    }
    guard regions.count > 1, weight > 0 else { return }
    detection.box = Box(left: sum.left / weight, top: sum.top / weight, right: sum.right / weight, bottom: sum.bottom / weight)
    detection.score = 1 - doubt
    area = box.area
  }

  /// A piece of something, where another region shows its place whole and saw nothing there that the piece belongs to.
  mutating func doubt() { detection.score *= Self.doubted }

  /// Overlap from which boxes of two regions are averaged. This and the next two were chosen on training pictures that were set aside: AP50 there,
  /// over six words, was .54 at an independence of .5, .60 at .1, and .64 with pieces doubted; after more training .70.
  private static let leastAgreement = 0.5
  private static let independence = 0.1
  private static let doubted = 0.2

  /// Whether the piece is plainly a part of this object, which was seen whole.
  func mayHold(_ piece: Candidate) -> Bool {
    area >= Self.leastWhole * piece.area && box.overlap(piece.box) >= Self.partInside * min(area, piece.area)
  }

  /// A whole is at least nearly as large as its part.
  static let leastWhole = 0.8
  /// Share of the smaller box inside the other.
  static let partInside = 0.6

  /// By score, then by place: candidates of equal score come in one order whatever order regions came in.
  static func strongerFirst(_ a: Candidate, _ b: Candidate) -> Bool {
    if a.score != b.score { return a.score > b.score }
    if a.isCut != b.isCut { return b.isCut }
    if a.query != b.query { return a.query < b.query }
    return placeOrder(a.detection, b.detection)
  }

  static func reportingOrder(_ a: Detection, _ b: Detection) -> Bool {
    if a.query != b.query { return a.query < b.query }
    if a.score != b.score { return a.score > b.score }
    return placeOrder(a, b)
  }

  private static func placeOrder(_ a: Detection, _ b: Detection) -> Bool {
    if a.box.left != b.box.left { return a.box.left < b.box.left }
    if a.box.top != b.box.top { return a.box.top < b.box.top }
    if a.box.right != b.box.right { return a.box.right < b.box.right }
    if a.box.bottom != b.box.bottom { return a.box.bottom < b.box.bottom }
    return (a.objectness ?? -1) < (b.objectness ?? -1)
  }
}

extension Detection {
  /// Can be compared and merged; weights gone wrong give NaN.
  var isSound: Bool { box.isFinite && score.isFinite && box.right > box.left && box.bottom > box.top && box.area.isFinite }
}

/// The borders of a region that cut objects off: those that are not the picture's as well.
struct InnerBorders {
  private let left, top, right, bottom: Double

  /// Boxes are exact to some pixels of the model's input only: within this share of the region's side they touch.
  static let margin = 0.025

  init(of region: PixelRect, in size: PictureSize) {
    let box = region.box(in: size)
    let dx = Self.margin * box.width, dy = Self.margin * box.height
    left = region.x > 0 ? box.left + dx : -.infinity
    top = region.y > 0 ? box.top + dy : -.infinity
    right = region.maxX < size.width ? box.right - dx : .infinity
    bottom = region.maxY < size.height ? box.bottom - dy : .infinity
  }

  func cut(_ box: Box) -> Bool { box.left <= left || box.top <= top || box.right >= right || box.bottom >= bottom }
}
