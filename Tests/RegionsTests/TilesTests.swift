import Regions
import Scene
import Testing

/// Tiles cover every pixel, stay inside, are squares where the picture lets them, and share a third with their neighbours.
struct TilesTests {
  @Test(arguments: [(1920, 1080), (480, 360), (768, 432), (161, 160), (1, 1), (7, 5), (333, 1000), (1279, 719), (160, 160), (2000, 3)])
  func coverOddPicturesWhole(width: Int, height: Int) {
    let size = PictureSize(width: width, height: height)
    let regions = look(size, LookOptions(look: .tiles, window: 160, scales: [1, 2], maximumRegions: 1000))
    for side in Set(regions.map(\.height)) {
      var covered = [Bool](repeating: false, count: width * height)
      for region in regions where region.height == side {
        #expect(region.x >= 0 && region.y >= 0 && region.maxX <= width && region.maxY <= height)
        for y in region.y..<region.maxY { for x in region.x..<region.maxX { covered[y * width + x] = true } }
      }
      #expect(covered.allSatisfy { $0 }, "a pixel of \(width) × \(height) is in no tile of side \(side)")
    }
  }

  @Test(arguments: [(1920, 1080, 225), (480, 360, 16), (768, 432, 36), (160, 160, 1)])
  func areSquaresThatShareAThird(width: Int, height: Int, count: Int) {
    let regions = look(PictureSize(width: width, height: height), LookOptions(look: .tiles, window: 160, scales: [1, 2]))
    #expect(regions.count == count)
    #expect(regions.allSatisfy { $0.width == $0.height })
    for (side, tiles) in Dictionary(grouping: regions, by: \.width) {
      for starts in [Set(tiles.map(\.x)).sorted(), Set(tiles.map(\.y)).sorted()] {
        for (a, b) in zip(starts, starts.dropFirst()) { #expect(3 * (a + side - b) + 2 >= side) }
      }
    }
  }

  /// Any object up to a third of a side lies whole in one tile.
  @Test func anythingUpToAThirdLiesWholeInOne() {
    let size = PictureSize(width: 500, height: 400)
    let regions = look(size, LookOptions(look: .tiles, window: 160))
    for y in stride(from: 0, through: 400 - 53, by: 1) {
      for x in stride(from: 0, through: 500 - 53, by: 7) {
        let object = PixelRect(x: x, y: y, width: 53, height: 53)
        #expect(regions.contains { $0.holds(object) }, "an object at \(x), \(y) is cut by every tile")
      }
    }
  }

  /// A photograph's subject may fill it: coarser layers up to the whole picture.
  @Test func stillsReachTheWholePicture() {
    let size = PictureSize(width: 1000, height: 700)
    for look in [Look.tiles, .motion, .auto] {
      let regions = self.look(size, LookOptions(look: look, window: 160, isStill: true))
      #expect(regions.contains(PixelRect(whole: size)))
      #expect(Set(regions.map(\.height)) == [160, 320, 700])
    }
    // 320 of 384 pixels would cut what fills the picture and show nothing that the whole does not.
    let square = PictureSize(width: 384, height: 384)
    #expect(Set(self.look(square, LookOptions(look: .auto, window: 160, scales: [1, 2], isStill: true)).map(\.height)) == [160, 384])
    #expect(self.look(size, LookOptions(look: .tiles, window: 160)).allSatisfy { $0.width == 160 })
  }

  /// People are small in small pictures: there a scale below 1 enlarges, as far as a picture of that size needs it.
  @Test(arguments: [(1920, 1080, [160, 320, 640]), (1280, 720, [160, 320, 640]), (1024, 576, [160, 320, 576]), (768, 432, [96, 160, 320, 432]),
                    (480, 360, [80, 160, 320]), (352, 288, [80, 160, 288]), (100, 100, [80, 100])])
  func smallPicturesAreEnlarged(width: Int, height: Int, sides: [Int]) {
    let options = LookOptions(look: .tiles, window: 160, scales: [0.5, 1, 2, 4], maximumRegions: 1000)
    #expect(Set(look(PictureSize(width: width, height: height), options).map(\.height)).sorted() == sides)
  }

  /// A photograph is no camera: from two windows on it is not enlarged.
  @Test(arguments: [(384, 384, [160, 384]), (320, 480, [160, 320]), (320, 240, [80, 160, 240])])
  func photographsAreNotEnlarged(width: Int, height: Int, sides: [Int]) {
    let options = LookOptions(look: .auto, window: 160, scales: [0.5, 1, 2, 4], isStill: true)
    let squares = look(PictureSize(width: width, height: height), options).filter { $0.width == $0.height }
    #expect(Set(squares.map(\.height)).sorted() == sides)
  }

  @Test func wholeIsThePicture() {
    let size = PictureSize(width: 1000, height: 700)
    #expect(look(size, LookOptions(look: .whole, window: 160)) == [PixelRect(whole: size)])
  }

  /// 4K has more tiles than are looked at: the coarse ones all are, the fine ones take turns until each had one.
  @Test func fineTilesTakeTurnsWhereTheyAreTooMany() {
    let size = PictureSize(width: 3840, height: 2160)
    var chooser = RegionChooser(options: LookOptions(look: .tiles, window: 160, scales: [1, 2]), size: size)
    let picture = Picture(size: size)
    var seen: Set<PixelRect> = []
    for keyframe in 0..<13 {
      let regions = chooser.look(at: picture, time: MediaTime(seconds: Double(keyframe)), expecting: [])
      #expect(regions.count == 256)
      #expect(Set(regions).count == 256)
      #expect(regions.count { $0.width == 320 } == 180)
      seen.formUnion(regions)
    }
    var all = LookOptions(look: .tiles, window: 160, scales: [1, 2])
    all.maximumRegions = 5000
    #expect(seen == Set(look(size, all)))
  }

  /// Options come from files that people write.
  @Test(arguments: [LookOptions(look: .tiles, window: 0, scales: []), LookOptions(look: .tiles, window: -5, scales: [0, -1, .nan, .infinity]),
                    LookOptions(look: .tiles, window: .max, scales: [1e300]), LookOptions(look: .tiles, window: 160, maximumRegions: -3)])
  func oddOptionsStillGiveRegions(options: LookOptions) {
    let regions = look(PictureSize(width: 64, height: 48), options)
    #expect(!regions.isEmpty)
    #expect(regions.allSatisfy { $0.width > 0 && $0.height > 0 && $0.maxX <= 64 && $0.maxY <= 48 })
  }

  private func look(_ size: PictureSize, _ options: LookOptions) -> [PixelRect] {
    var chooser = RegionChooser(options: options, size: size)
    return chooser.look(at: Picture(size: size), time: .zero, expecting: [])
  }
}
