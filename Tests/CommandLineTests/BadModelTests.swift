import Foundation
import Testing

/// Models and pictures that are broken, hostile or odd: one clear line each, the right exit code, no crash.
@Suite struct BadModelTests {
  /// Breaks a model, looks with it, and expects one line that names everything in `words`.
  private func expectOneLine(_ words: [String], status: Int32 = 65, _ fixture: String = "owlvit-odd", _ damage: (SmallModel, Scratch) throws -> Void) throws {
    let scratch = try Scratch()
    let model = try SmallModel(fixture, in: scratch)
    try damage(model, scratch)
    let result = try Owlwatch.run("detect", "--model", model.path, "--query", "cat", try scratch.picture())
    let lines = result.errors.split(separator: "\n")
    #expect(result.status == status && result.output.isEmpty, "\(result)")
    #expect(lines.count == 1, "\(result.errors)")
    for word in words { #expect(result.errors.contains(word), "'\(word)' in \(result.errors)") }
    // What, where, remedy.
    #expect(lines.first?.hasPrefix("owlwatch: ") == true && lines.first?.contains("; ") == true)
  }

  @Test(arguments: [UInt64(1) << 63, .max, 1 << 32, 1 << 62]) func aHeaderOfNineExabytes(length: UInt64) throws {
    try expectOneLine(["model.safetensors", "\(length) bytes"]) { model, _ in
      var bytes = try model.bytes("model.safetensors")
      for index in 0..<8 { bytes[index] = UInt8(truncatingIfNeeded: length >> (8 * UInt64(index))) }
      try model.write(bytes, "model.safetensors")
    }
  }

  @Test func offsetsThatOverlap() throws {
    try expectOneLine(["model.safetensors", "overlaps"]) { model, _ in
      try model.setHeader { header in
        // Two tensors of one size, the second laid over the first.
        let names = header.keys.filter { $0.hasSuffix("k_proj.weight") }.sorted()
        let place = header[names[0]]?["data_offsets"]
        header[names[1]]?["data_offsets"] = place
      }
    }
  }

  @Test(arguments: [[0, 1 << 40], [-8, 8], [100, 50], [Int.max - 8, Int.max]]) func offsetsOutOfRange(offsets: [Int]) throws {
    try expectOneLine(["model.safetensors", "class_head.dense0.bias", "data_offsets"]) { model, _ in
      try model.setHeader { $0["class_head.dense0.bias"]?["data_offsets"] = offsets }
    }
  }

  @Test func aTensorOfAWrongShape() throws {
    try expectOneLine(["model.safetensors", "layer_norm.weight", "[2, 12]", "[24]"]) { model, _ in
      try model.setHeader { $0["layer_norm.weight"]?["shape"] = [2, 12] }
    }
    try expectOneLine(["model.safetensors", "layer_norm.weight", "is missing"]) { model, _ in
      try model.setHeader { $0["layer_norm.other"] = $0.removeValue(forKey: "layer_norm.weight") }
    }
  }

  @Test func aShapeThatOverflows() throws {
    try expectOneLine(["model.safetensors", "layer_norm.weight", "too many elements"]) { model, _ in
      try model.setHeader { $0["layer_norm.weight"]?["shape"] = [1 << 32, 1 << 32] }
    }
  }

  @Test func notANumberInTheWeights() throws {
    for (bits, name) in [(UInt32(0x7FC0_0000), "nan"), (0x7F80_0000, "inf")] {
      try expectOneLine(["model.safetensors", "class_head.dense0.bias: holds \(name) at element 2"]) { model, _ in
        var offset = 0
        try model.setHeader { header in
          offset = try #require((header["class_head.dense0.bias"]?["data_offsets"] as? [Int])?.first)
        }
        var bytes = try model.bytes("model.safetensors")
        let start = 8 + bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) } + offset + 2 * 4
        for index in 0..<4 { bytes[start + index] = UInt8(truncatingIfNeeded: bits >> (8 * UInt32(index))) }
        try model.write(bytes, "model.safetensors")
      }
    }
  }

  @Test func aFileThatEndsTooSoon() throws {
    for kept in [0, 7, 100, 100_000] {
      try expectOneLine(["model.safetensors"]) { model, _ in try model.write(Array(model.bytes("model.safetensors").prefix(kept)), "model.safetensors") }
    }
  }

  @Test func missingFiles() throws {
    try expectOneLine(["merges.txt", "No such file"], status: 66) { model, _ in try model.remove("merges.txt") }
    try expectOneLine(["vocab.json", "No such file"], status: 66) { model, _ in try model.remove("vocab.json") }
    try expectOneLine(["no weights", "model.safetensors"], status: 66) { model, _ in try model.remove("model.safetensors") }
    try expectOneLine(["config.json"], status: 66) { model, _ in try model.remove("config.json") }
    try expectOneLine(["merges.txt", "not a regular file"], status: 66) { model, _ in
      try model.remove("merges.txt")
      try FileManager.default.createDirectory(atPath: model.path + "/merges.txt", withIntermediateDirectories: true)
    }
  }

  @Test func mergesThatAreNone() throws {
    try expectOneLine(["merges.txt", "line 2", "not two tokens"]) { model, _ in try model.write(Array("#version: 0.2\nabc\n".utf8), "merges.txt") }
    try expectOneLine(["merges.txt", "holds no merges"]) { model, _ in try model.write(Array("#version: 0.2\n".utf8), "merges.txt") }
    try expectOneLine(["merges.txt", "merge 1", "lacks"]) { model, _ in try model.write(Array("#version: 0.2\n\u{1F69A} x\n".utf8), "merges.txt") }
  }

  /// `os.system` as pickles say it: refused by name, and never run.
  @Test func aPickleThatCallsOsSystemIsNotExecuted() throws {
    let pickles: [(String) -> [UInt8]] = [
      { Array("cos\nsystem\n(S'touch \($0)'\ntR.".utf8) },
      { [0x80, 2] + Array("cposix\nsystem\nX".utf8) + [UInt8(6 + $0.utf8.count), 0, 0, 0] + Array("touch \($0)".utf8) + [0x85] + Array("R.".utf8) },
      { Array("c__builtin__\neval\n(S'__import__(\"os\").system(\"touch \($0)\")'\ntR.".utf8) },
      { [0x80, 4, 0x8C, 2] + Array("os".utf8) + [0x8C, 6] + Array("system".utf8) + [0x93, 0x8C, UInt8(6 + $0.utf8.count)] + Array("touch \($0)".utf8) + [0x85] + Array("R.".utf8) },
    ]
    for pickle in pickles {
      let mark = NSTemporaryDirectory() + "owlwatch-executed-" + UUID().uuidString
      try expectOneLine(["pytorch_model.bin", "owlwatch never runs"]) { model, _ in
        try model.remove("model.safetensors")
        try model.write(zip([("archive/data.pkl", pickle(mark)), ("archive/version", Array("3\n".utf8))]), "pytorch_model.bin")
      }
      #expect(!FileManager.default.fileExists(atPath: mark))
    }
  }

  @Test func aZipThatEndsTooSoon() throws {
    let whole = [UInt8](try Data(contentsOf: URL(filePath: SmallModel.golden + "/containers/pytorch_model.bin")))
    for kept in [0, 3, 30, 70_000, whole.count - 1, whole.count - 22] {
      try expectOneLine(["pytorch_model.bin"], "owlvit-many-tokens") { model, _ in
        try model.remove("model.safetensors")
        try model.write(Array(whole.prefix(kept)), "pytorch_model.bin")
      }
    }
  }

  @Test(arguments: [("vision_config", "hidden_size", 65536), ("vision_config", "num_hidden_layers", 1024), ("vision_config", "image_size", 16384),
                    ("vision_config", "image_size", 1 << 40), ("vision_config", "patch_size", 1), ("vision_config", "patch_size", 0), ("text_config", "vocab_size", 4_000_000),
                    ("text_config", "max_position_embeddings", 65536), ("text_config", "hidden_size", -3), ("vision_config", "num_attention_heads", 7),
                    ("vision_config", "intermediate_size", 262_144), ("text_config", "max_position_embeddings", 1)])
  func aConfigWithAbsurdSizes(part: String, key: String, value: Int) throws {
    // The preprocessor goes along, so that it is the network's size that is judged.
    try expectOneLine([]) { model, _ in
      try model.set(value, part, key, in: "config.json")
      if key == "image_size" { try? model.remove("preprocessor_config.json") }
    }
  }

  @Test func aConfigThatIsNone() throws {
    try expectOneLine(["config.json", "line 1, column 2"]) { model, _ in try model.write(Array("{".utf8), "config.json") }
    try expectOneLine(["config.json", "nested more than"]) { model, _ in try model.write([UInt8](repeating: 0x5B, count: 1 << 20), "config.json") }
    try expectOneLine(["config.json", "model_type", "bert", "OwlViTForObjectDetection"]) { model, _ in try model.set("bert", "model_type", in: "config.json") }
    try expectOneLine(["owlwatch.json", "windw", "unknown"]) { model, _ in try model.write(Array(#"{"windw": 160}"#.utf8), "owlwatch.json") }
    try expectOneLine(["preprocessor_config.json", "size"]) { model, _ in try model.set(["height": 7, "width": 7], "size", in: "preprocessor_config.json") }
  }

  @Test func theEngineThatIsNotThere() throws {
    let scratch = try Scratch()
    let result = try Owlwatch.run("detect", "--engine", "cublas", "--query", "cat", try scratch.picture())
    #expect(result.status == 64 && result.errors.contains("onednn, openblas"))
  }

  @Test func aModelNobodyHas() throws {
    let scratch = try Scratch()
    let result = try Owlwatch.run(["detect", "--model", "google/owlvit-base-patch32", "--query", "cat", scratch.picture()], environment: ["HF_HOME": scratch.path])
    #expect(result.status == 66 && result.errors.contains("owlwatch models pull google/owlvit-base-patch32"))
  }
}

/// A zip of stored entries, as torch.save writes them.
private func zip(_ entries: [(name: String, content: [UInt8])]) -> [UInt8] {
  func little(_ value: Int, _ bytes: Int) -> [UInt8] { (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
  var file: [UInt8] = [], directory: [UInt8] = []
  for (name, content) in entries {
    let sizes = little(0, 4) + little(content.count, 4) + little(content.count, 4) + little(name.utf8.count, 2)
    directory += [0x50, 0x4B, 1, 2] + little(20, 2) + little(20, 2) + little(0, 8) + sizes + little(0, 2 + 2 + 2 + 2 + 4) + little(file.count, 4) + Array(name.utf8)
    file += [0x50, 0x4B, 3, 4] + little(20, 2) + little(0, 8) + sizes + little(0, 2) + Array(name.utf8) + content
  }
  let end = [0x50, 0x4B, 5, 6] + little(0, 4) + little(entries.count, 2) + little(entries.count, 2) + little(directory.count, 4) + little(file.count, 4) + little(0, 2)
  return file + directory + end
}
