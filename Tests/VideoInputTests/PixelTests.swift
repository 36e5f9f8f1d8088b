import Foundation
import Scene
import Testing
import VideoInput

/// Rotation, sample aspect ratio, colour space and range, down to the pixel.
@Suite struct PixelTests {
  /// Red, with the top left quarter blue and the bottom left green.
  private static let quarters = "-f lavfi -i color=red:s=64x48:r=5:d=1,drawbox=w=32:h=24:c=blue:t=fill,drawbox=y=24:w=32:h=24:c=lime:t=fill"
  private static let lossless = "-c:v libx264 -qp 0 -pix_fmt yuv444p"

  @Test(arguments: [(90, [255, 0, 0], 48, 64), (180, [255, 0, 0], 64, 48), (270, [255, 0, 0], 48, 64)])
  func rotationIsHonoured(degrees: Int, bottomRight: [Int], width: Int, height: Int) throws {
    let workshop = Workshop.shared
    let lying = try workshop.ffmpeg("\(Self.quarters) \(Self.lossless)", to: "lying.mp4")
    let turned = try workshop.ffmpeg("-i \(lying) -c copy -metadata:s:v rotate=\(degrees)", to: "turned-\(degrees).mp4")
    let picture = try firstPicture(turned)
    #expect(picture.size == PictureSize(width: width, height: height))
    #expect(try VideoReader(InputOptions(source: turned)).info.size == picture.size)
    let truth = try Truth.firstFrame(turned)
    try #require(truth.count == width * height * 3)
    for (x, y) in [(4, 4), (width - 5, 4), (4, height - 5), (width - 5, height - 5)] {
      let at = (y * width + x) * 3
      #expect(isNear(colour(picture, x, y), truth[at..<at + 3].map(Int.init), within: 3), "\(degrees)° at \(x),\(y): \(colour(picture, x, y))")
    }
  }

  /// x' = y, y' = -x: the stored picture's right side is shown on top.
  @Test func aQuarterTurnGoesTheWayItsMatrixSays() throws {
    let workshop = Workshop.shared
    let lying = try workshop.ffmpeg("\(Self.quarters) \(Self.lossless)", to: "lying-2.mp4")
    let picture = try firstPicture(workshop.ffmpeg("-i \(lying) -c copy -metadata:s:v rotate=90", to: "quarter.mp4"))
    #expect(isNear(colour(picture, 24, 5), [255, 0, 0], within: 4), "\(colour(picture, 24, 5))")
    #expect(isNear(colour(picture, 5, 60), [0, 0, 255], within: 4), "\(colour(picture, 5, 60))")
    #expect(isNear(colour(picture, 42, 60), [0, 255, 0], within: 4), "\(colour(picture, 42, 60))")
  }

  @Test(arguments: [("4/3", 85), ("1/2", 32), ("16/15", 68)]) func pixelsAreMadeSquare(aspect: String, width: Int) throws {
    let clip = try Workshop.shared.ffmpeg("\(Self.quarters) -vf setsar=\(aspect) \(Self.lossless)", to: "aspect-\(width).mp4")
    let picture = try firstPicture(clip)
    #expect(picture.size == PictureSize(width: width, height: 48))
    #expect(isNear(colour(picture, width / 4, 8), [0, 0, 255], within: 4))
    #expect(isNear(colour(picture, width * 3 / 4, 40), [255, 0, 0], within: 4))
  }

  /// Each names another matrix for the same colour; taken for one another they are off by 10 to 30 levels.
  @Test(arguments: ["bt709", "bt601", "bt2020"], ["tv", "pc"]) func coloursAreThoseThatWereEncoded(matrix: String, range: String) throws {
    let name = ["bt709": "bt709", "bt601": "smpte170m", "bt2020": "bt2020nc"][matrix]!
    for (color, wanted) in [("0x20C040", [0x20, 0xC0, 0x40]), ("0xC03060", [0xC0, 0x30, 0x60]), ("0x2050E0", [0x20, 0x50, 0xE0])] {
      let clip = try Workshop.shared.ffmpeg(
        "-f lavfi -i color=\(color):s=64x64:r=5:d=0.4,format=gbrp -vf scale=out_color_matrix=\(matrix):out_range=\(range),format=yuv444p "
          + "-colorspace \(name) -color_range \(range) -c:v libx264 -qp 0", to: "colour-\(matrix)-\(range)-\(color).mp4")
      let found = try colour(firstPicture(clip), 32, 32)
      #expect(isNear(found, wanted, within: 3), "\(matrix) \(range) \(color): \(found)")
    }
  }

  /// A matrix that nobody names is BT.709 in HD and BT.601 below, as players have it.
  @Test(arguments: [("bt601", 320, 240), ("bt709", 1280, 720)]) func anUnnamedMatrixGoesBySize(matrix: String, width: Int, height: Int) throws {
    let clip = try Workshop.shared.ffmpeg(
      "-f lavfi -i color=0x20C040:s=\(width)x\(height):r=5:d=0.4,format=gbrp -vf scale=out_color_matrix=\(matrix):out_range=tv,format=yuv420p -c:v mpeg4 -q:v 1",
      to: "unnamed-\(width).avi")
    let found = try colour(firstPicture(clip), width / 2, height / 2)
    #expect(isNear(found, [0x20, 0xC0, 0x40], within: 4), "\(found)")
  }

  @Test func theSmallestAndTheLargest() throws {
    let workshop = Workshop.shared
    let dot = try workshop.ffmpeg("-f lavfi -i color=0x20C040:s=16x16:r=5:d=1,format=gbrp,crop=1:1 -c:v ffv1", to: "dot.mkv")
    #expect(try firstPicture(dot).size == PictureSize(width: 1, height: 1))
    let wall = try workshop.ffmpeg("-f lavfi -i color=0x20C040:s=7680x4320:r=2:d=1 -c:v mjpeg -q:v 2 -pix_fmt yuvj420p", to: "wall.avi")
    let picture = try firstPicture(wall)
    #expect(picture.size == PictureSize(width: 7680, height: 4320))
    #expect(isNear(colour(picture, 7679, 4319), [0x20, 0xC0, 0x40], within: 4), "\(colour(picture, 7679, 4319))")
  }

  @Test func sixteenBitGreyIsReadAsGrey() throws {
    let path = try Workshop.shared.ffmpeg("-f lavfi -i color=0x808080:s=40x30,format=gray16 -frames:v 1", to: "grey16.png")
    let picture = try loadPicture(path)
    #expect(picture.size == PictureSize(width: 40, height: 30))
    #expect(isNear(colour(picture, 20, 15), [0x80, 0x80, 0x80], within: 2), "\(colour(picture, 20, 15))")
  }
}
