import Foundation
import OwlViT
import Scene
import Testing

/// A fixture that Tests/Golden/generate.py wrote: a model, its texts, pictures and what transformers says of them.
struct Golden {
  static let names = ["owlvit-odd", "owlvit-one-layer", "owlvit-many-tokens", "owlv2-odd", "owlv2-deep"]
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Golden").path

  let name: String
  var path: String { "\(Golden.folder)/\(name)" }

  func model() throws -> ModelDirectory { try ModelDirectory.open(path) }

  func texts() throws -> [String] {
    Array(try String(contentsOfFile: "\(path)/texts.txt", encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init).dropLast())
  }

  func pictures() throws -> [WeightFile] {
    let files = try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasPrefix("picture-") }.sorted()
    try #require(!files.isEmpty)
    return try files.map { try WeightFile.open("\(path)/\($0)") }
  }
}

extension WeightFile {
  func values(_ name: String) throws -> (shape: [Int], values: [Float]) {
    let found: [Int]? = self.shape(of: name)
    let shape = try #require(found, "\(path) holds \(name)")
    return (shape, try tensor(name, shape: shape).values())
  }

  /// The picture whose bytes lie in `picture`, (height, width, 3).
  func picture() throws -> Picture {
    let (shape, values) = try values("picture")
    let picture = Picture(size: PictureSize(width: shape[1], height: shape[0]))
    for y in 0..<shape[0] {
      for i in 0..<shape[1] * 3 {
        picture.pixels.storeBytes(of: UInt8(values[y * shape[1] * 3 + i]), toByteOffset: y * picture.rowBytes + i, as: UInt8.self)
      }
    }
    return picture
  }
}

extension Picture {
  /// A picture of a pattern that never repeats within a window.
  static func pattern(_ width: Int, _ height: Int) -> Picture {
    let picture = Picture(size: PictureSize(width: width, height: height))
    var state: UInt32 = 12345
    for y in 0..<height {
      for x in 0..<width {
        for c in 0..<3 {
          state = state &* 1_664_525 &+ 1_013_904_223
          let value = (x * (c + 1) * 3 + y * (5 - c)) % 200 + Int(state >> 27)
          picture.pixels.storeBytes(of: UInt8(value), toByteOffset: y * picture.rowBytes + x * 3 + c, as: UInt8.self)
        }
      }
    }
    return picture
  }

  func crop(_ region: PixelRect) -> Picture {
    let part = Picture(size: PictureSize(width: region.width, height: region.height))
    for y in 0..<region.height {
      (part.pixels + y * part.rowBytes).copyMemory(from: pixels + (region.y + y) * rowBytes + region.x * 3, byteCount: region.width * 3)
    }
    return part
  }
}
