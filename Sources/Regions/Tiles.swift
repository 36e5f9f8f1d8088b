import Scene

/// Overlapping squares that cover the whole picture, one layer a side, fine layers first.
///
/// A detector squeezes a region into a square input, so regions are squares wherever the picture lets them be: no side is
/// longer than the picture's shorter one, and a picture smaller than the model's window is shown enlarged, not padded.
/// Neighbours share at least a third of their side, so that an object up to a third of it lies whole in one of them.
struct Tiles: Sendable {
  private(set) var layers: [[PixelRect]]

  init(size: PictureSize, options: LookOptions) {
    let shorter = min(size.width, size.height)
    var sides = options.sides(in: size)
    if options.isStill {
      while let last = sides.last, last * 2 <= shorter { sides.append(last * 2) }
      // What fills a picture is seen whole by nothing less than the whole; a layer that is hardly finer finds nothing beside it.
      if let last = sides.last, last < shorter {
        if sides.count > 1, shorter * 4 < last * 5 { sides.removeLast() }
        sides.append(shorter)
      }
    }
    layers = sides.map { Tiles.layer(of: size, side: $0) }
    if options.isStill, size.width != size.height { layers.append([PixelRect(whole: size)]) }
    growCoarsest(of: size, until: max(1, options.maximumRegions))
  }

  var count: Int { layers.reduce(0) { $0 + $1.count } }

  /// In which order a standing scene is looked through, and how many times `LookOptions.sweep` that takes: the coarse layers four
  /// times while the finest, which has most tiles, is gone through once.
  var sweep: (order: [PixelRect], rounds: Int) {
    let coarse = layers.dropFirst().flatMap { $0 }
    guard let finest = layers.first, !coarse.isEmpty else { return (layers.flatMap { $0 }, 1) }
    let rounds = 4
    let order = (0..<rounds).flatMap { round -> [PixelRect] in
      coarse + finest[(finest.count * round / rounds)..<(finest.count * (round + 1) / rounds)]
    }
    return (order, rounds)
  }

  /// A picture like a strip has more squares than may be looked at: the coarsest layer then takes longer rectangles.
  private mutating func growCoarsest(of size: PictureSize, until maximum: Int) {
    guard var side = layers.last?.first.map({ max($0.width, $0.height) }) else { return }
    while layers[layers.count - 1].count > maximum, side < max(size.width, size.height) {
      side += max(1, side / 2)
      layers[layers.count - 1] = Tiles.layer(of: size, side: side)
    }
  }

  static func layer(of size: PictureSize, side: Int) -> [PixelRect] {
    let width = min(side, size.width), height = min(side, size.height)
    let columns = starts(along: size.width, side: width)
    return starts(along: size.height, side: height).flatMap { y in
      columns.map { x in PixelRect(x: x, y: y, width: width, height: height) }
    }
  }

  /// Where pieces of a length begin that cover it whole and share at least a third of themselves, to the pixel, with the next.
  static func starts(along length: Int, side: Int) -> [Int] {
    guard side < length else { return [0] }
    let step = max(1, (side * 2 + 2) / 3), rest = length - side
    let gaps = (rest + step - 1) / step
    return (0...gaps).map { $0 * rest / gaps }
  }
}

extension Tiles {
  /// All tiles, or where they are more than `maximum`: the coarse layers whole, and of the first layer that does not fit as many
  /// as do, beginning at `turn`, which moves on so that fine tiles take turns from keyframe to keyframe.
  func all(atMost maximum: Int, turn: inout Int) -> [PixelRect] {
    var chosen: [PixelRect] = []
    for layer in layers.reversed() {
      let room = max(1, maximum) - chosen.count
      guard layer.count > room else { chosen += layer; continue }
      guard room > 0 else { break }
      let first = max(0, turn) % layer.count
      chosen += (0..<room).map { layer[(first + $0) % layer.count] }
      turn = (first + room) % layer.count
      break
    }
    return chosen
  }
}
