import Canvas
import Foundation
import Scene
import Testing

/// A file is written whole or not at all, and failures say what to do.
struct WritingTests {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("owlwatch-canvas-\(UUID().uuidString)").path

  init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

  @Test func anOlderFileIsReplacedAndNothingElseIsLeft() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/ö 猫.png"
    try Data("old".utf8).write(to: URL(fileURLWithPath: path))
    try drawAnnotated(DrawingTests.picture(40, 30), Annotation(), to: path)
    #expect(try PNG(path).width == 40)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["ö 猫.png"])
  }

  @Test(arguments: ["/missing/out.png", "/file/out.png", "/sub"])
  func failuresNameThePathAndTheRemedy(place: String) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data().write(to: URL(fileURLWithPath: folder + "/file"))
    try FileManager.default.createDirectory(atPath: folder + "/sub", withIntermediateDirectories: true)
    let error = try #require(throws: CanvasError.self) { try drawAnnotated(DrawingTests.picture(8, 8), Annotation(), to: folder + place) }
    #expect(error.subject == folder + place)
    #expect(error.remedy.contains("folder"))
    #expect(error.description.contains(folder + place))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["file", "sub"])
  }

  /// A limit on file sizes stands in for a full disk: the older file stays as it was.
  @Test func aFullDiskLeavesTheOlderFile() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let error = try #require(throws: CanvasError.self) { try drawAnnotated(Self.noise(), Annotation(), to: "/dev/full/x") }
    #expect(error.reason == "Not a directory")
    let path = folder + "/out.png"
    try Data("old".utf8).write(to: URL(fileURLWithPath: path))
    // The temporary's name leads to the device that is always full.
    try FileManager.default.createSymbolicLink(atPath: path + ".\(getpid()).part", withDestinationPath: "/dev/full")
    let full = try #require(throws: CanvasError.self) { try drawAnnotated(Self.noise(), Annotation(), to: path) }
    #expect(full.reason == "No space left on device")
    #expect(full.remedy.contains("space"))
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("old".utf8))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["out.png"])
  }

  /// Too large for Cairo: an error with its words, no crash.
  @Test func aPictureTooWideIsAnError() throws {
    let error = try #require(throws: CanvasError.self) { try drawAnnotated(Picture(size: PictureSize(width: 40_000, height: 1)), Annotation(), to: folder + "/x.png") }
    try? FileManager.default.removeItem(atPath: folder)
    #expect(error.remedy.contains("32767"))
  }

  /// Hardly compressible, so that more than one piece is written.
  static func noise() -> Picture {
    let picture = Picture(size: PictureSize(width: 200, height: 200))
    var state: UInt32 = 1
    for i in 0..<picture.rowBytes * 200 {
      state = state &* 1_664_525 &+ 1_013_904_223
      picture.pixels.storeBytes(of: UInt8(state >> 24), toByteOffset: i, as: UInt8.self)
    }
    return picture
  }
}
