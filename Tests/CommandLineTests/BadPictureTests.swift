import Foundation
import Testing

/// `owlwatch detect` on what is hardly a picture, or none.
@Suite struct BadPictureTests {
  private func detect(_ path: String) throws -> Owlwatch.Result {
    try Owlwatch.run("detect", "--model", SmallModel.golden + "/owlvit-odd", "--query", "cat", "--threshold", "0", "--look", "whole", path)
  }

  /// Sizes as they are, and boxes found.
  private func expectFound(_ path: String, width: Int, height: Int) throws {
    let result = try detect(path)
    #expect(result.status == 0 && result.errors.isEmpty, "\(result)")
    let size = try #require(result.events.first?["size"] as? [String: Int])
    #expect(size == ["width": width, "height": height])
    #expect((result.events.first?["detections"] as? [Any])?.isEmpty == false)
  }

  @Test func sixteenBitsOfGrey() throws {
    let scratch = try Scratch()
    try expectFound(scratch.ffmpeg("testsrc=s=64x48", ["-pix_fmt", "gray16be"], to: "grey.png"), width: 64, height: 48)
  }

  @Test func aSinglePixel() throws {
    let scratch = try Scratch()
    try expectFound(scratch.file("one.ppm", bytes: portablePixmap(width: 1, height: 1) { _, _ in (200, 100, 50) }), width: 1, height: 1)
    try expectFound(scratch.ffmpeg("color=red:s=16x16", ["-vf", "scale=1:1"], to: "one.png"), width: 1, height: 1)
  }

  @Test(arguments: [(7680, 4320), (1, 9000), (9000, 1)]) func manyPixels(width: Int, height: Int) throws {
    let scratch = try Scratch()
    try expectFound(scratch.ffmpeg("color=gray:s=64x64", ["-vf", "scale=\(width):\(height),setsar=1"], to: "large.png"), width: width, height: height)
  }

  @Test func whatIsNoPicture() throws {
    let scratch = try Scratch()
    let whole = [UInt8](try Data(contentsOf: URL(filePath: scratch.ffmpeg("testsrc=s=64x48", to: "whole.png"))))
    for (path, status, words) in [
      (try scratch.file("empty.jpg", ""), 65, "it is empty"), (try scratch.file("text.jpg", "hello, I am no picture"), 65, "text.jpg"),
      (scratch.path, 66, "it is a directory"), (scratch.path + "/absent.png", 66, "no such file"),
      (try scratch.file("head.png", bytes: Array(whole.prefix(40))), 65, "head.png"), ("/dev/null", 65, "/dev/null"),
    ] as [(String, Int32, String)] {
      let result = try detect(path)
      #expect(result.status == status && result.output.isEmpty, "\(path): \(result)")
      #expect(result.errors.split(separator: "\n").count == 1 && result.errors.contains(words), "\(path): \(result.errors)")
    }
  }

  @Test func oneBadPictureAmongGoodOnes() throws {
    let scratch = try Scratch()
    let good = try scratch.picture()
    let result = try Owlwatch.run("detect", "--model", SmallModel.golden + "/owlvit-odd", "--query", "cat", good, scratch.path + "/absent.png", try scratch.file("empty.jpg", ""), good)
    #expect(result.status == 1 && result.lines.count == 2)
    #expect(result.errors.split(separator: "\n").count == 2)
  }
}
