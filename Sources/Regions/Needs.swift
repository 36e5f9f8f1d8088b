import Scene

/// Something that a region must show whole: a piece of motion or an expected object, with its context, and the side of
/// region that shows it as large as can be.
struct Need {
  var rect: PixelRect
  var side: Int
}

/// What must be seen on a keyframe, in pixels.
struct Needs {
  let size: PictureSize
  /// Sides of regions, ascending, the model's scales.
  let sides: [Int]
  private(set) var all: [Need] = []

  /// Share of an object's width and height that is kept free around it.
  static let context = 0.25

  init(size: PictureSize, sides: [Int]) {
    self.size = size; self.sides = sides
  }

  /// Motion and expected objects. Motion inside an expected object is that object's (the moving arm of someone who stands and
  /// has melted into the background), and widens it.
  mutating func gather(motion: [PixelRect], expected: [Box], blobs: Blobs?, cell: Int) {
    var objects = expected.compactMap { pixels(of: $0) }
    var free: [PixelRect] = []
    for blob in motion {
      if let owner = objects.indices.first(where: { blob.common(objects[$0]) * 10 >= blob.area * 6 }) {
        objects[owner] = objects[owner].union(blob)
      } else {
        free.append(blob)
      }
    }
    for object in objects { add(object) }
    for blob in Self.joined(free, within: sides[0]) {
      addDetails(of: blob, shownIn: add(blob), blobs: blobs, cell: cell)
    }
  }

  /// - Returns: the side of the region that will show it.
  @discardableResult
  private mutating func add(_ object: PixelRect) -> Int {
    let rect = withContext(object)
    let longest = max(rect.width, rect.height)
    let side = sides.first { $0 >= longest } ?? longest
    all.append(Need(rect: rect, side: side))
    return side
  }

  /// A blob that needs more than the finest region may be a large object, or a group of small ones that would be shrunk past
  /// recognition: the finer regions over its foreground show these, unless they are hardly finer.
  private mutating func addDetails(of blob: PixelRect, shownIn side: Int, blobs: Blobs?, cell: Int) {
    guard let blobs, let finer = sides.last(where: { $0 < side }), finer * 5 <= side * 4 else { return }
    let size = PictureSize(width: blob.width, height: blob.height)
    // A little coarser is as good, and may take half as many.
    let (tileSide, tiles) = [finer, finer * 9 / 8, finer * 5 / 4].map { ($0, Tiles.layer(of: size, side: $0)) }.min { $0.1.count < $1.1.count }!
    for tile in tiles {
      let rect = PixelRect(x: blob.x + tile.x, y: blob.y + tile.y, width: tile.width, height: tile.height)
      let cells = PixelRect(x: rect.x / cell, y: rect.y / cell, width: max(1, rect.width / cell), height: max(1, rect.height / cell))
      if blobs.hasForeground(in: cells) { all.append(Need(rect: rect, side: tileSide)) }
    }
  }

  /// An expected box in whole pixels inside the picture; nil where none of it is.
  private func pixels(of box: Box) -> PixelRect? {
    guard box.isFinite, let inside = box.intersection(.unit) else { return nil }
    let left = Int((inside.left * Double(size.width)).rounded(.down)), right = Int((inside.right * Double(size.width)).rounded(.up))
    let top = Int((inside.top * Double(size.height)).rounded(.down)), bottom = Int((inside.bottom * Double(size.height)).rounded(.up))
    let rect = PixelRect(x: left, y: top, width: min(right, size.width) - left, height: min(bottom, size.height) - top)
    return rect.width > 0 && rect.height > 0 ? rect : nil
  }

  private func withContext(_ rect: PixelRect) -> PixelRect {
    let dx = Int((Double(rect.width) * Self.context).rounded(.up)), dy = Int((Double(rect.height) * Self.context).rounded(.up))
    let left = max(0, rect.x - dx), top = max(0, rect.y - dy)
    return PixelRect(x: left, y: top, width: min(size.width, rect.maxX + dx) - left, height: min(size.height, rect.maxY + dy) - top)
  }

  /// Joins pieces that nearly touch, as long as the finest region still shows the whole.
  static func joined(_ pieces: [PixelRect], within side: Int) -> [PixelRect] {
    var pieces = pieces
    var i = 0
    while i < pieces.count {
      let reach = max(4, max(pieces[i].width, pieces[i].height) / 4)
      let near = pieces.indices.dropFirst(i + 1).first { j in
        let both = pieces[i].union(pieces[j])
        return pieces[i].gap(to: pieces[j]) <= reach && max(both.width, both.height) * 3 <= side * 2
      }
      guard let near else { i += 1; continue }
      pieces[i] = pieces[i].union(pieces[near])
      pieces.remove(at: near)
      i = 0
    }
    return pieces
  }
}

extension PixelRect {
  func union(_ other: PixelRect) -> PixelRect {
    let left = min(x, other.x), top = min(y, other.y)
    return PixelRect(x: left, y: top, width: max(maxX, other.maxX) - left, height: max(maxY, other.maxY) - top)
  }
  /// Pixels in both.
  func common(_ other: PixelRect) -> Int {
    max(0, min(maxX, other.maxX) - max(x, other.x)) * max(0, min(maxY, other.maxY) - max(y, other.y))
  }
  func contains(_ other: PixelRect) -> Bool {
    x <= other.x && y <= other.y && maxX >= other.maxX && maxY >= other.maxY
  }
  /// Pixels between them along the axis on which they are farther apart; 0 where they touch.
  func gap(to other: PixelRect) -> Int {
    max(0, max(x, other.x) - min(maxX, other.maxX), max(y, other.y) - min(maxY, other.maxY))
  }
}
