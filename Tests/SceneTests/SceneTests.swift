import Scene
import Testing

@Suite struct BoxTests {
  static let unit = Box(left: 0, top: 0, right: 1, bottom: 1)

  @Test(arguments: [
    (Box(left: 0, top: 0, right: 1, bottom: 1), 1.0),
    (Box(left: 0.5, top: 0, right: 1.5, bottom: 1), 1.0 / 3),
    (Box(left: 1, top: 0, right: 2, bottom: 1), 0),
    (Box(left: 2, top: 2, right: 3, bottom: 3), 0),
    (Box(left: 0.25, top: 0.25, right: 0.75, bottom: 0.75), 0.25),
    (Box(left: 0.5, top: 0.5, right: 0.5, bottom: 0.5), 0),
  ] as [(Box, Double)]) func intersectionOverUnion(other: Box, expected: Double) {
    #expect(abs(Self.unit.iou(other) - expected) < 1e-12)
    #expect(Self.unit.iou(other) == other.iou(Self.unit))
  }

  @Test func anInvertedBoxHasNoArea() {
    let inverted = Box(left: 1, top: 1, right: 0, bottom: 0)
    #expect(inverted.area == 0)
    #expect(inverted.iou(Self.unit) == 0)
  }

  @Test func theAnchorIsTheMiddleOfTheBottomEdgeAndIsNotClipped() {
    let box = Box(left: 0.8, top: 0.5, right: 1.4, bottom: 1.2)
    #expect(abs(box.bottomCenter.x - 1.1) < 1e-12)
    #expect(box.bottomCenter.y == 1.2)
  }

  @Test func touchingBoxesHaveNoIntersection() {
    #expect(Self.unit.intersection(Box(left: 1, top: 0, right: 2, bottom: 1)) == nil)
    #expect(Self.unit.intersection(Box(left: 0.5, top: 0.5, right: 2, bottom: 2)) == Box(left: 0.5, top: 0.5, right: 1, bottom: 1))
  }
}

@Suite struct PictureSizeTests {
  @Test func distanceIsTheSameInEveryDirection() {
    let size = PictureSize(width: 1920, height: 1080)
    let across = size.distance(Point(x: 0, y: 0), Point(x: 108.0 / 1920, y: 0))
    let down = size.distance(Point(x: 0, y: 0), Point(x: 0, y: 108.0 / 1080))
    #expect(abs(across - down) < 1e-12)
    #expect(abs(size.distance(Point(x: 0, y: 0), Point(x: 1, y: 1)) - 1) < 1e-12)
  }
}

@Suite struct DurationTextTests {
  @Test(arguments: [
    ("400ms", 400_000_000), ("15s", 15_000_000_000), ("2m", 120_000_000_000), ("1.5h", 5_400_000_000_000),
    ("0s", 0), ("0.5ms", 500_000), ("1d", 86_400_000_000_000), ("3us", 3_000), ("7ns", 7),
  ] as [(String, Int64)]) func reads(text: String, nanoseconds: Int64) {
    #expect(MediaInterval(text: text)?.nanoseconds == nanoseconds)
  }

  @Test(arguments: ["", "15", "s", "-1s", "1 s", "1s2", "١s", "1e3s", "inf s", "infs", "nans", "1.2.3s", "99999999d", "5 minutes"])
  func refuses(text: String) { #expect(MediaInterval(text: text) == nil) }

  @Test(arguments: ["400ms", "15s", "2m", "3h", "1d", "90s", "1500ms", "0s", "7ns"])
  func writesWhatItReads(text: String) throws {
    let interval = try #require(MediaInterval(text: text))
    #expect(MediaInterval(text: interval.text) == interval)
  }
}

@Suite struct TrackIDTests {
  @Test func readsWhatItWrites() {
    #expect(TrackID("7-12") == TrackID(session: 7, number: 12))
    #expect(TrackID(session: 7, number: 12).description == "7-12")
  }

  @Test(arguments: ["", "7", "7-", "-7", "7-12-3", "a-b", "7--1"]) func refuses(text: String) { #expect(TrackID(text) == nil) }
}

@Suite struct PictureTests {
  @Test(arguments: [1, 21, 22, 64, 641]) func rowsArePaddedTo64Bytes(width: Int) {
    let picture = Picture(size: PictureSize(width: width, height: 2))
    #expect(picture.rowBytes % 64 == 0)
    #expect(picture.rowBytes >= width * 3)
    #expect(Int(bitPattern: picture.pixels) % 64 == 0)
  }

  @Test func aRectangleBecomesABox() {
    let box = PixelRect(x: 10, y: 20, width: 30, height: 40).box(in: PictureSize(width: 100, height: 100))
    #expect(box == Box(left: 0.1, top: 0.2, right: 0.4, bottom: 0.6))
  }
}
