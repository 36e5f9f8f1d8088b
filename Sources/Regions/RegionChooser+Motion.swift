import Scene

extension RegionChooser {
  /// A keyframe later than this after the last says nothing of motion.
  static let longestGap = MediaInterval.seconds(60)
  /// `auto` trusts a camera that has stood this long: one that pans by fits and starts stays with tiles.
  static let rest = MediaInterval.seconds(2)

  mutating func lookForMotion(in picture: Picture, time: MediaTime, expecting: [Box]) -> [PixelRect] {
    let luma = SmallLuma(picture)
    defer { lastTime = time }
    guard let elapsed = Self.interval(from: lastTime, to: time), elapsed <= Self.longestGap, var scene = background, scene.width == luma.width, scene.height == luma.height else {
      background = Background(luma)
      return allTiles()
    }
    // Unshared while it learns, else every keyframe would copy it.
    background = nil
    let before = scene
    let mask = scene.foreground(of: luma, elapsed: elapsed)
    if CameraMotion(background: before, luma: luma, mask: mask).hasMoved {
      summary.cameraMoves += 1
      lastMove = time
      background = Background(luma)
      return allTiles()
    }
    background = scene
    if options.look == .auto, let since = Self.interval(from: lastMove, to: time), since < Self.rest { return allTiles() }
    return regions(mask: mask, luma: luma, expecting: expecting, elapsed: elapsed)
  }

  /// Nil where there is no start, or where time stands or goes back; time stamps may be any number.
  private static func interval(from start: MediaTime?, to end: MediaTime) -> MediaInterval? {
    guard let start else { return nil }
    let (nanoseconds, overflow) = end.nanoseconds.subtractingReportingOverflow(start.nanoseconds)
    return overflow || nanoseconds <= 0 ? nil : MediaInterval(nanoseconds: nanoseconds)
  }

  private mutating func regions(mask: [UInt8], luma: SmallLuma, expecting: [Box], elapsed: MediaInterval) -> [PixelRect] {
    let tiles = Tiles(size: size, options: options)
    let swept = sweep(tiles, elapsed: elapsed)
    let blobs = Blobs(mask: mask, width: luma.width, height: luma.height)
    // Rain or snow: everything moves, and tiles show everything for less.
    guard blobs.bounds.count + expecting.count <= Self.mostPieces else { return allTiles() }
    var needs = Needs(size: size, sides: options.sides(in: size))
    let motion = blobs.bounds.map { $0.scaled(by: luma.cell, in: size) }
    needs.gather(motion: motion, expected: expecting, blobs: blobs, cell: luma.cell)
    let windows = needs.windows(besides: swept)
    let room = max(1, options.maximumRegions)
    guard windows.count < tiles.count else { return allTiles() }
    guard !windows.isEmpty || !swept.isEmpty else { return next(1, of: tiles.sweep.order) }
    // Where not all may be looked at, the sweep keeps a quarter: else a busy street would hide what stands beside it.
    let sweepRoom = min(swept.count, max(room - windows.count, room / 4))
    summary.windows += min(windows.count, room - sweepRoom)
    return Array(windows.prefix(room - sweepRoom) + swept.prefix(sweepRoom))
  }

  /// Pieces of motion beyond which a keyframe takes tiles.
  static let mostPieces = 256

  /// The tiles whose turn it is. A share on each keyframe rather than all at once: a keyframe's cost, and with it the delay of
  /// a live stream, stays even.
  private mutating func sweep(_ tiles: Tiles, elapsed: MediaInterval) -> [PixelRect] {
    guard options.sweep.nanoseconds > 0 else { return [] }
    let (order, rounds) = tiles.sweep
    owed = min(Double(order.count), max(0, owed) + Double(order.count) * elapsed.seconds / (options.sweep.seconds * Double(rounds)))
    let now = Int(owed)
    owed -= Double(now)
    return next(now, of: order)
  }

  private mutating func next(_ count: Int, of order: [PixelRect]) -> [PixelRect] {
    let first = max(0, turn) % order.count
    turn = (first + count) % order.count
    return (0..<count).map { order[(first + $0) % order.count] }
  }
}

extension PixelRect {
  /// From cells to pixels, cut at the picture's border.
  func scaled(by cell: Int, in size: PictureSize) -> PixelRect {
    let left = x * cell, top = y * cell
    return PixelRect(x: left, y: top, width: min(size.width, maxX * cell) - left, height: min(size.height, maxY * cell) - top)
  }
}
