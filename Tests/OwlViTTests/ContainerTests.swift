import Foundation
import OwlViT
import Testing

/// The same weights in every container there is.
@Suite struct ContainerTests {
  static let model = Golden(name: "owlvit-many-tokens")
  static let torch = Golden.folder + "/containers/pytorch_model.bin"

  /// Copies the fixture without its weights, and lets `fill` put others in.
  private func open(_ fill: (String) throws -> Void) throws -> ModelDirectory {
    let folder = NSTemporaryDirectory() + "owlwatch-container-" + UUID().uuidString
    try FileManager.default.copyItem(atPath: Self.model.path, toPath: folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.removeItem(atPath: folder + "/model.safetensors")
    try fill(folder)
    let model = try ModelDirectory.open(folder)
    let reference = try Self.model.model()
    for name in reference.weights.names {
      let expected = try reference.weights.values(name), found = try model.weights.values(name)
      #expect(expected.shape == found.shape && expected.values == found.values, "\(name)")
    }
    return model
  }

  @Test func aTorchFile() throws {
    _ = try open { try FileManager.default.copyItem(atPath: Self.torch, toPath: $0 + "/pytorch_model.bin") }
  }

  @Test func aTorchFileWithAnIndex() throws {
    let names = try Self.model.model().weights.names
    _ = try open { folder in
      try FileManager.default.copyItem(atPath: Self.torch, toPath: folder + "/pytorch_model-00001-of-00001.bin")
      try writeIndex(folder + "/pytorch_model.bin.index.json", names.map { ($0, "pytorch_model-00001-of-00001.bin") })
    }
  }

  @Test func safetensorsInThreeFilesWithAnIndex() throws {
    let whole = try Safetensors(Self.model.path + "/model.safetensors")
    let opened = try open { folder in
      var places: [(String, String)] = []
      for part in 0..<3 {
        let names = whole.tensors.keys.sorted().enumerated().filter { $0.offset % 3 == part }.map(\.element)
        let file = "model-0000\(part + 1)-of-00003.safetensors"
        try whole.write(names, to: folder + "/" + file)
        places += names.map { ($0, file) }
      }
      try writeIndex(folder + "/model.safetensors.index.json", places)
    }
    #expect(opened.weights.path.hasSuffix(".index.json"))
  }

  @Test func tensorsThatLieOddlyInTheirStorage() throws {
    let torch = try WeightFile.open(Self.torch), expected = try WeightFile.open(Golden.folder + "/containers/odd.safetensors")
    #expect(expected.names.count == 13)
    for name in expected.names {
      let (shape, values) = try expected.values(name), found = try torch.values(name)
      #expect(found.shape == shape && found.values == values, "\(name)")
    }
    #expect(torch.contains("odd.ids"))
    #expect(#expect(throws: ModelError.self) { try torch.tensor("odd.ids", shape: [4]) }?.problem.contains("I64") == true)
  }

  private func writeIndex(_ path: String, _ places: [(String, String)]) throws {
    let index = ["metadata": [:], "weight_map": Dictionary(uniqueKeysWithValues: places)]
    try JSONSerialization.data(withJSONObject: index).write(to: URL(filePath: path))
  }
}

/// A safetensors file taken apart without the reader under test.
struct Safetensors {
  var tensors: [String: (header: [String: Any], bytes: Data)] = [:]

  init(_ path: String) throws {
    let file = try Data(contentsOf: URL(filePath: path))
    let length = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try #require(try JSONSerialization.jsonObject(with: file[8..<8 + length]) as? [String: Any])
    for case let (name, fields as [String: Any]) in header where name != "__metadata__" {
      let place = try #require(fields["data_offsets"] as? [Int])
      tensors[name] = (fields, file[8 + length + place[0]..<8 + length + place[1]])
    }
  }

  func write(_ names: [String], to path: String) throws {
    var header: [String: Any] = [:], data = Data()
    for name in names {
      var (fields, bytes) = tensors[name]!
      fields["data_offsets"] = [data.count, data.count + bytes.count]
      header[name] = fields
      data += bytes
    }
    let text = try JSONSerialization.data(withJSONObject: header)
    let length = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) }
    try (length + text + data).write(to: URL(filePath: path))
  }
}
