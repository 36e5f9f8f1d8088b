import Scene

/// Numbers that look random and are the same on every run (Steele et al., SplitMix64).
struct Dice: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Scenes made of rectangles over a patterned ground.
struct Paint {
  let size: PictureSize
  /// Moves the ground, in pixels: the camera's pan.
  var pan = (x: 0, y: 0)
  /// Multiplies and shifts brightness: lamps, clouds, exposure.
  var gain = 1.0
  var lift = 0.0
  /// Levels of noise, up and down.
  var noise = 0
  var squares: [(rect: PixelRect, level: Int)] = []

  init(_ width: Int, _ height: Int) { size = PictureSize(width: width, height: height) }

  func picture(seed: UInt64 = 1) -> Picture {
    let picture = Picture(size: size)
    var dice = Dice(state: seed)
    for y in 0..<size.height {
      let row = picture.pixels.advanced(by: y * picture.rowBytes).assumingMemoryBound(to: UInt8.self)
      for x in 0..<size.width {
        var level = Self.ground(x + pan.x, y + pan.y)
        for square in squares where square.rect.x <= x && x < square.rect.maxX && square.rect.y <= y && y < square.rect.maxY {
          level = square.level
        }
        let grain = noise > 0 ? Int(dice.next() % UInt64(2 * noise + 1)) - noise : 0
        let value = UInt8(max(0, min(255, Int(Double(level) * gain + lift) + grain)))
        (row[x * 3], row[x * 3 + 1], row[x * 3 + 2]) = (value, value, value)
      }
    }
    return picture
  }

  /// Patches of some 24 pixels with edges between them, no two alike.
  private static func ground(_ x: Int, _ y: Int) -> Int {
    var dice = Dice(state: UInt64(bitPattern: Int64((x + 100_000) / 24 * 7919 + (y + 100_000) / 24 * 104_729)))
    return 70 + Int(dice.next() % 90)
  }
}

extension PixelRect {
  func holds(_ other: PixelRect) -> Bool { x <= other.x && y <= other.y && maxX >= other.maxX && maxY >= other.maxY }

  /// With this share of its width and height around it, cut at the picture's border.
  func widened(by share: Double, in size: PictureSize) -> PixelRect {
    let dx = Int(Double(width) * share), dy = Int(Double(height) * share)
    let left = max(0, x - dx), top = max(0, y - dy)
    return PixelRect(x: left, y: top, width: min(size.width, maxX + dx) - left, height: min(size.height, maxY + dy) - top)
  }
}
