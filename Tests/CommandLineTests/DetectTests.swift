import Foundation
import Testing

/// `owlwatch detect` with small models whose answers are known: Tests/Golden.
@Suite struct DetectTests {
  static let model = SmallModel.golden + "/owlvit-odd"

  /// What transformers says of a fixture's picture: (patches, queries) logits and (patches, 4) boxes.
  private struct Expected {
    let picture: String, texts: [String], logits: [Float], boxes: [Float], size: (width: Int, height: Int)

    init(_ fixture: String, _ name: String, in scratch: Scratch) throws {
      let file = try TensorFile(SmallModel.golden + "/\(fixture)/\(name).safetensors")
      let (shape, pixels) = try file.floats("picture")
      size = (shape[1], shape[0])
      picture = try scratch.file("picture.ppm", bytes: Array("P6\n\(shape[1]) \(shape[0])\n255\n".utf8) + pixels.map { UInt8($0) })
      texts = try String(contentsOfFile: SmallModel.golden + "/\(fixture)/texts.txt", encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
      (logits, boxes) = (try file.floats("logits").values, try file.floats("pred_boxes").values)
    }

    /// - Parameter span: pixels that a box's 0…1 covers.
    func best(_ query: Int, span: (Float, Float)) -> (score: Float, box: [Float]) {
      let patch = (0..<logits.count / texts.count).max { logits[$0 * texts.count + query] < logits[$1 * texts.count + query] }!
      let (x, y, w, h) = (boxes[patch * 4] * span.0, boxes[patch * 4 + 1] * span.1, boxes[patch * 4 + 2] * span.0, boxes[patch * 4 + 3] * span.1)
      let (width, height) = (Float(size.width), Float(size.height))
      return (1 / (1 + exp(-logits[patch * texts.count + query])), [(x - w / 2) / width, (y - h / 2) / height, (x + w / 2) / width, (y + h / 2) / height])
    }
  }

  struct Line: Decodable {
    struct Object: Decodable, Equatable { var query: String, score: Float, box: Corners, objectness: Float? }
    struct Corners: Decodable, Equatable {
      var left: Float, top: Float, right: Float, bottom: Float

      func iou(_ other: Corners) -> Float {
        let width = min(right, other.right) - max(left, other.left), height = min(bottom, other.bottom) - max(top, other.top)
        let common = max(0, width) * max(0, height)
        return common / ((right - left) * (bottom - top) + (other.right - other.left) * (other.bottom - other.top) - common)
      }
    }
    var detections: [Object]
  }

  private func detect(_ words: [String]) throws -> [Line.Object] {
    let result = try Owlwatch.run(["detect"] + words)
    try #require(result.status == 0, "\(result.errors)")
    return try JSONDecoder().decode(Line.self, from: Data(result.output.utf8)).detections
  }

  /// Of words that the bundled model was not trained on, it says which it takes for a trained one, and names the nearest of the rest.
  @Test func untrainedWordsAreToldFromTrainedOnes() throws {
    let scratch = try Scratch()
    let picture = try scratch.file("grey.ppm", bytes: Array("P6\n32 32\n255\n".utf8) + [UInt8](repeating: 99, count: 32 * 32 * 3))
    let warnings = try Owlwatch.run(["detect", picture] + ["a person", "car", "big truck", "perrson", "zeppelin"].flatMap { ["--query", $0] }).errors.split(separator: "\n")
    try #require(warnings.count == 2, "\(warnings)")
    // Of its words for trucks, which mean the same, the nearest: another may be when the model was trained anew.
    #expect(warnings[0].contains("takes 'big truck' for 'truck'") && !warnings[0].contains("'a person'") && !warnings[0].contains("'car'"))
    #expect(warnings[1].contains("'perrson' (did you mean 'person'? nearest: ") && warnings[1].contains(", 'zeppelin' (nearest: ") && warnings[1].contains("models pull"))
    #expect(try Owlwatch.run("detect", picture, "--query", "Person", "--query", "a parked car").errors == "")
  }

  /// The best box of every text is transformers' best box, in the picture's own coordinates.
  @Test(arguments: ["onednn", "openblas"]) func theBestBoxIsTransformers(engine: String) throws {
    let scratch = try Scratch()
    let expected = try Expected("owlvit-odd", "picture-1", in: scratch)
    for (index, text) in expected.texts.enumerated() where !text.isEmpty {
      let found = try detect(["--model", Self.model, "--engine", engine, "--look", "whole", "--threshold", "0", "--query", "it=" + text, expected.picture])
      let (score, box) = expected.best(index, span: (Float(expected.size.width), Float(expected.size.height)))
      let best = try #require(found.first)
      #expect(abs(best.score - score) < 1.1e-4, "\(text): \(best.score) instead of \(score)")
      for (ours, theirs) in zip([best.box.left, best.box.top, best.box.right, best.box.bottom], box) { #expect(abs(ours - theirs) < 3e-4, "\(text): \(best.box) instead of \(box)") }
      #expect(best.objectness == nil)
    }
  }

  @Test func exactStandardOutput() throws {
    let scratch = try Scratch()
    _ = try Expected("owlvit-odd", "picture-1", in: scratch)
    let words = ["detect", "--model", Self.model, "--look", "whole", "--query", "a photo of a cat", "--query", "van=Red  TRUCK@0.5", "--threshold", "0.42", "picture.ppm"]
    let result = try Owlwatch.run(words, in: scratch.path)
    #expect(result.status == 0 && result.errors.isEmpty)
    #expect(result.output == """
      {"detections":[{"box":{"bottom":0.3192,"left":0.852,"right":1.1477,"top":0.0427},"query":"photo of a cat","score":0.5278},\
      {"box":{"bottom":0.6864,"left":0.5377,"right":0.8762,"top":0.3446},"query":"photo of a cat","score":0.4438},\
      {"box":{"bottom":0.6864,"left":0.5377,"right":0.8762,"top":0.3446},"query":"van","score":0.5979},\
      {"box":{"bottom":0.3192,"left":0.852,"right":1.1477,"top":0.0427},"query":"van","score":0.5544}],\
      "picture":"picture.ppm","size":{"height":40,"width":61}}

      """)
    #expect(try Owlwatch.run(words + ["--engine", "openblas", "--threads", "1"], in: scratch.path).output == result.output)
  }

  @Test func thresholdsAreEachQuerysOwn() throws {
    let scratch = try Scratch()
    let picture = try scratch.picture()
    let all = try detect(["--model", Self.model, "--look", "whole", "--threshold", "0", "--overlap", "1", "--query", "cat", "--query", "dog", picture])
    // A token each, less one of each query's that lies inside a stronger one.
    #expect(all.count == 2 * 15)
    let scores = all.filter { $0.query == "dog" }.map(\.score).sorted()
    let some = try detect(["--model", Self.model, "--look", "whole", "--threshold", "0", "--overlap", "1", "--query", "cat@1", "--query", "dog@\(scores[8] - 0.00005)", picture])
    #expect(some.map(\.score).sorted() == Array(scores[8...]) && some.allSatisfy { $0.query == "dog" })
  }

  @Test func suppressQueriesExplainAwayAndAreNotReported() throws {
    let scratch = try Scratch()
    let picture = try scratch.picture()
    let words = ["--model", Self.model, "--look", "whole", "--threshold", "0", "--query", "cat", picture]
    let alone = try detect(words), explained = try detect(words + ["--suppress", "dog"])
    #expect(explained.count < alone.count && explained.allSatisfy { $0.query == "cat" })
    // What is gone is what a dog scores higher on.
    let dogs = try detect(words.map { $0 == "cat" ? "dog" : $0 })
    for gone in alone where !explained.contains(gone) { #expect(dogs.contains { $0.score >= gone.score && $0.box.iou(gone.box) >= 0.44 }) }
    for kept in explained { #expect(!dogs.contains { $0.score > kept.score && $0.box.iou(kept.box) >= 0.46 }) }
  }

  @Test func overlappingBoxesGiveWay() throws {
    let scratch = try Scratch()
    let words = ["--model", Self.model, "--look", "whole", "--threshold", "0", "--query", "cat", "--query", "dog", try scratch.picture()]
    let all = try detect(words + ["--overlap", "1"]), some = try detect(words + ["--overlap", "0.05"]), few = try detect(words + ["--overlap", "0.05", "--class-agnostic"])
    #expect(all.count == 30 && some.count < all.count && few.count < some.count)
    #expect(Set(some.map(\.query)) == ["cat", "dog"])
  }

  @Test func boxesOfOwlv2AreInThePictureAndHaveAnObjectness() throws {
    let scratch = try Scratch()
    let expected = try Expected("owlv2-odd", "picture-1", in: scratch)
    let found = try detect(["--model", SmallModel.golden + "/owlv2-odd", "--look", "whole", "--threshold", "0", "--overlap", "1", "--query", "it=a photo of a cat", expected.picture])
    // 30 × 77 in a square of 77: more than half of the 25 patches look at padding.
    #expect(!found.isEmpty && found.count < 25)
    for one in found {
      #expect((0...1).contains((one.box.left + one.box.right) / 2) && (0...1).contains((one.box.top + one.box.bottom) / 2))
      #expect(one.objectness.map { (0...1).contains($0) } == true)
    }
  }

  @Test func anAnnotatedCopy() throws {
    let scratch = try Scratch()
    let picture = try scratch.picture(width: 200, height: 120), copy = scratch.path + "/out.png"
    let words = ["detect", "--model", Self.model, "--look", "whole", "--query", "cat", "--threshold", "0.3", picture]
    let plain = try Owlwatch.run(words), annotated = try Owlwatch.run(words + ["--annotate", copy])
    #expect(annotated.status == 0 && annotated.output == plain.output && annotated.errors.isEmpty)
    let bytes = try Data(contentsOf: URL(filePath: copy))
    #expect(bytes.prefix(8) == Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
    // Width and height of its IHDR.
    #expect(bytes[16..<24] == Data([0, 0, 0, 200, 0, 0, 0, 120]))
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted() == ["out.png", (picture as NSString).lastPathComponent])
    let nowhere = try Owlwatch.run(words + ["--annotate", scratch.path + "/absent/out.png"])
    #expect(nowhere.status == 73 && nowhere.errors.contains("absent/out.png") && nowhere.errors.split(separator: "\n").count == 1)
  }

  /// Names, shapes and numbers as in transformers, whatever `--look` says.
  @Test(arguments: ["owlvit-odd", "owlv2-odd"]) func theTensorsOfANetwork(fixture: String) throws {
    let scratch = try Scratch()
    let expected = try Expected(fixture, "picture-1", in: scratch)
    let truth = try TensorFile(SmallModel.golden + "/\(fixture)/picture-1.safetensors")
    var words = ["detect", "--model", SmallModel.golden + "/" + fixture, expected.picture]
    for (index, text) in expected.texts.enumerated() where !text.isEmpty { words += ["--query", "q\(index)=" + text] }
    var files: [Data] = []
    for look in ["whole", "tiles"] {
      let file = scratch.path + "/\(look).safetensors"
      let result = try Owlwatch.run(words + ["--look", look, "--tensors", file])
      #expect(result.status == 0, "\(result.errors)")
      files.append(try Data(contentsOf: URL(filePath: file)))
    }
    #expect(files[0] == files[1])
    let found = try TensorFile(scratch.path + "/whole.safetensors")
    #expect(Set(found.names).isSuperset(of: ["input_ids", "pixel_values", "text_embeds", "image_embeds", "class_embeds", "logits", "pred_boxes"]))
    #expect(found.names.contains("objectness_logits") == fixture.hasPrefix("owlv2"))
    for name in ["pixel_values", "image_embeds", "pred_boxes", "class_embeds"] {
      let ours = try found.floats(name), theirs = try truth.floats(name)
      #expect(ours.shape == theirs.shape, "\(name)")
      #expect(zip(ours.values, theirs.values).allSatisfy { abs($0 - $1) < 2e-4 }, "\(name)")
    }
    #expect(try found.floats("logits").shape.last == expected.texts.count - 1)
    let nowhere = try Owlwatch.run(words + ["--tensors", scratch.path + "/absent/t.safetensors"])
    #expect(nowhere.status == 73 && nowhere.errors.split(separator: "\n").count == 1, "\(nowhere)")
  }

  @Test func wrongUse() throws {
    let scratch = try Scratch()
    let picture = try scratch.picture()
    for words in [[picture], ["--query", "cat"], ["--query", "cat", "--annotate", "a.png", picture, picture], ["--query", "cat", "--tensors", "t.safetensors", picture, picture],
                  ["--query", "cat", "--threshold", "2", picture], ["--query", "cat", "--threads", "0", picture], ["--query", "cat", "--look", "askance", picture],
                  ["--query", "", picture], ["--query", "cat", "--query", "cat", picture]] {
      let result = try Owlwatch.run(["detect", "--model", Self.model] + words)
      #expect(result.status == 64 && result.output.isEmpty && !result.errors.isEmpty, "\(words): \(result)")
    }
  }
}

/// A safetensors file's tensors, taken apart here.
struct TensorFile {
  private let header: [String: [String: Any]]
  private let data: Data
  var names: [String] { header.keys.filter { $0 != "__metadata__" }.sorted() }

  init(_ path: String) throws {
    let file = try Data(contentsOf: URL(filePath: path))
    let length = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    header = try #require(try JSONSerialization.jsonObject(with: file[8..<8 + length]) as? [String: [String: Any]])
    data = file[(8 + length)...]
  }

  func floats(_ name: String) throws -> (shape: [Int], values: [Float]) {
    let fields = try #require(header[name]), place = try #require(fields["data_offsets"] as? [Int])
    try #require(fields["dtype"] as? String == "F32")
    let bytes = [UInt8](data.dropFirst(place[0]).prefix(place[1] - place[0]))
    let values = bytes.withUnsafeBytes { raw in stride(from: 0, to: raw.count, by: 4).map { raw.loadUnaligned(fromByteOffset: $0, as: Float.self) } }
    return (try #require(fields["shape"] as? [Int]), values)
  }
}
