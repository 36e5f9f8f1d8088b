import CCairo
import Canvas
import Foundation
import Scene
import Testing

/// PNG files read back through Cairo, pixel by pixel.
struct DrawingTests {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("owlwatch-canvas-\(UUID().uuidString)").path

  init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

  static let grey = 100

  static func picture(_ width: Int, _ height: Int) -> Picture {
    let picture = Picture(size: PictureSize(width: width, height: height))
    for y in 0..<height {
      let row = picture.pixels.advanced(by: y * picture.rowBytes).assumingMemoryBound(to: UInt8.self)
      for x in 0..<width * 3 { row[x] = UInt8(grey) }
    }
    return picture
  }

  func drawn(_ picture: Picture, _ annotation: Annotation) throws -> PNG {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/out.png"
    try drawAnnotated(picture, annotation, to: path)
    return try PNG(path)
  }

  @Test func thePictureItselfIsUnchanged() throws {
    let picture = Self.picture(64, 48)
    let pixel = picture.pixels.advanced(by: 5 * picture.rowBytes + 7 * 3).assumingMemoryBound(to: UInt8.self)
    (pixel[0], pixel[1], pixel[2]) = (250, 20, 60)
    let png = try drawn(picture, Annotation())
    #expect(png.width == 64 && png.height == 48)
    #expect(png[7, 5] == [250, 20, 60])
    #expect(png[8, 5] == [100, 100, 100])
  }

  /// Frames two pixels wide in their query's colour, inside the box, nothing within.
  @Test func boxesHaveSharpFramesInTheirColour() throws {
    let boxes = (0..<3).map { Annotation.LabelledBox(box: Box(left: 0.1 + 0.3 * Double($0), top: 0.25, right: 0.3 + 0.3 * Double($0), bottom: 0.75), label: "", color: $0) }
    let png = try drawn(Self.picture(400, 200), Annotation(boxes: boxes))
    for (left, color) in [(40, [230, 158, 0]), (160, [87, 181, 232]), (280, [0, 158, 115])] {
      for (x, y) in [(left, 100), (left + 1, 100), (left + 79, 100), (left + 78, 100), (left + 40, 50), (left + 40, 51), (left + 40, 149)] {
        #expect(png.isNear(x, y, color), "\(x), \(y): \(png[x, y])")
      }
      for (x, y) in [(left - 1, 100), (left + 2, 100), (left + 77, 100), (left + 40, 49), (left + 40, 52), (left + 40, 150)] {
        #expect(png[x, y] == [100, 100, 100], "\(x), \(y): \(png[x, y])")
      }
    }
  }

  @Test func coloursOfManyQueriesDiffer() throws {
    let boxes = (0..<21).map { Annotation.LabelledBox(box: Box(left: Double($0) / 21, top: 0, right: Double($0 + 1) / 21, bottom: 1), label: "", color: $0) }
    let png = try drawn(Self.picture(420, 50), Annotation(boxes: boxes))
    #expect(Set((0..<21).map { png[$0 * 20, 25] }).count == 21)
  }

  /// Letters on a ground of the query's colour above the box; inside it where there is no room above.
  @Test(arguments: [(0.5, 100.0 - 14), (0.0, 0.0)])
  func labelsAreReadable(top: Double, labelTop: Double) throws {
    let box = Annotation.LabelledBox(box: Box(left: 0.25, top: top, right: 0.75, bottom: 0.9), label: "person 0.87", color: 0)
    let png = try drawn(Self.picture(400, 200), Annotation(boxes: [box]))
    var ground = 0, letters = 0
    for y in Int(labelTop)..<(Int(labelTop) + 14) {
      for x in 100..<160 {
        if png.isNear(x, y, [230, 158, 0]) { ground += 1 }
        if png[x, y].allSatisfy({ $0 < 60 }) { letters += 1 }
      }
    }
    #expect(ground > 300, "the label's ground has \(ground) pixels")
    #expect(letters > 20, "the label's letters have \(letters) dark pixels")
  }

  @Test func zonesLetThePictureShineThrough() throws {
    let zone = Zone(id: "yard", points: [Point(x: 0.25, y: 0.25), Point(x: 0.75, y: 0.25), Point(x: 0.75, y: 0.75), Point(x: 0.25, y: 0.75)])
    let png = try drawn(Self.picture(400, 400), Annotation(zones: [zone]))
    // A quarter of the zone's colour over three quarters of grey.
    #expect(png.isNear(200, 250, [91, 123, 139]), "\(png[200, 250])")
    #expect(png[50, 200] == [100, 100, 100])
    #expect(png[350, 390] == [100, 100, 100])
  }

  /// Walking down, the right hand is to the left of the picture: there the arrow's head is.
  @Test func linesShowTheirDirection() throws {
    let line = Line(id: "", points: [Point(x: 0.5, y: 0), Point(x: 0.5, y: 1)])
    let png = try drawn(Self.picture(200, 200), Annotation(lines: [line]))
    let pink = [255, 64, 140]
    #expect(png.isNear(99, 20, pink) && png.isNear(100, 180, pink))
    func inked(_ columns: Range<Int>) -> Int {
      columns.reduce(0) { sum, x in sum + (90..<110).count { png[x, $0] != [100, 100, 100] } }
    }
    #expect(inked(84..<97) > inked(103..<116) + 10, "left \(inked(84..<97)), right \(inked(103..<116))")
  }

  @Test func captionsStandInTheLowerLeft() throws {
    let png = try drawn(Self.picture(300, 200), Annotation(caption: "00:01:02"))
    #expect(png[1, 198] == [0, 0, 0] && png[299, 198] == [100, 100, 100])
    let bright = (186..<200).flatMap { y in (0..<80).map { png[$0, y].min()! } }.count { $0 > 200 }
    #expect(bright > 10, "the caption's letters have \(bright) bright pixels")
  }

  @Test func trailsAreDrawn() throws {
    let box = Annotation.LabelledBox(box: Box(left: 0.6, top: 0.6, right: 0.8, bottom: 0.8), label: "", color: 4,
                                     trail: [Point(x: 0.1, y: 0.5), Point(x: .nan, y: 0), Point(x: 0.5, y: 0.5)])
    #expect(try drawn(Self.picture(100, 100), Annotation(boxes: [box]))[30, 50] != [100, 100, 100])
  }

  /// Any text, any place, any size of picture.
  @Test(arguments: [(1, 1), (2, 3), (640, 2), (33, 470)])
  func nothingCrashes(width: Int, height: Int) throws {
    let texts = ["", "猫 🦉 кот", "a\u{0}b\n\tc", "\u{202E}\u{0301}\u{FFFD}\u{10FFFF}", String(repeating: "ö", count: 100_000), "👩‍👩‍👧‍👦"]
    let places: [Double] = [.nan, .infinity, -1e300, 1e300, -0.5, 0, 0.5, 2]
    var annotation = Annotation(caption: texts[1])
    for (i, text) in texts.enumerated() {
      for place in places {
        let points = [Point(x: place, y: 0.2), Point(x: 0.7, y: place), Point(x: place, y: place)]
        annotation.boxes.append(.init(box: Box(left: place, top: 0.1, right: 0.5, bottom: place), label: text, color: i &* .max, trail: points))
        annotation.zones.append(Zone(id: text, points: points))
        annotation.lines.append(Line(id: text, points: points))
      }
    }
    annotation.boxes.append(.init(box: .unit, label: "x", color: .min))
    annotation.lines.append(Line(id: "nowhere", points: []))
    annotation.lines.append(Line(id: "point", points: [Point(x: 0.5, y: 0.5), Point(x: 0.5, y: 0.5)]))
    let png = try drawn(Self.picture(width, height), annotation)
    #expect(png.width == width && png.height == height)
  }
}

/// A PNG file as Cairo reads it.
struct PNG {
  let width, height: Int
  private let pixels: [[Int]]

  struct Unreadable: Error { var status: String }

  init(_ path: String) throws {
    let surface = cairo_image_surface_create_from_png(path)
    defer { cairo_surface_destroy(surface) }
    let status = cairo_surface_status(surface)
    guard status == CAIRO_STATUS_SUCCESS else { throw Unreadable(status: String(cString: cairo_status_to_string(status))) }
    let (width, height) = (Int(cairo_image_surface_get_width(surface)), Int(cairo_image_surface_get_height(surface)))
    (self.width, self.height) = (width, height)
    let data = UnsafeRawPointer(cairo_image_surface_get_data(surface)!), stride = Int(cairo_image_surface_get_stride(surface))
    pixels = (0..<width * height).map { i in
      let value = data.load(fromByteOffset: i / width * stride + i % width * 4, as: UInt32.self)
      return [Int(value >> 16 & 255), Int(value >> 8 & 255), Int(value & 255)]
    }
  }

  subscript(x: Int, y: Int) -> [Int] { pixels[y * width + x] }
  func isNear(_ x: Int, _ y: Int, _ color: [Int]) -> Bool { zip(self[x, y], color).allSatisfy { abs($0 - $1) <= 2 } }
}
