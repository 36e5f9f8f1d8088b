/// `model.safetensors.index.json`, `pytorch_model.bin.index.json`: which of several files holds which tensor.
enum WeightIndex {
  static func open(_ index: String, in directory: String) throws(ModelError) -> WeightFile {
    let fields = try JSONFields(reading: index)
    guard let map = try fields.object("weight_map"), !map.members.isEmpty else {
      throw ModelError(.malformed, file: index, key: "weight_map", problem: "is missing or empty", remedy: ModelError.fetchAgain)
    }
    var parts: [String: WeightFile] = [:]
    var files: [ModelFile] = []
    var tensors: [String: WeightTensor] = [:]
    for member in map.members {
      guard case .string(let name) = member.value, isPlain(name) else {
        throw map.wrong(member.key, member.value, "the name of a file beside the index")
      }
      let part: WeightFile
      if let open = parts[name] {
        part = open
      } else {
        guard parts.count < 1000 else { throw map.wrong(member.key, member.value, "one of at most 1000 files") }
        part = try WeightFile.open(directory + "/" + name)
        parts[name] = part
        files += part.files
      }
      guard let tensor = part.description(of: member.key) else {
        throw ModelError(.malformed, file: part.path, key: member.key, problem: "is missing, but \(index) says it is here",
                         remedy: ModelError.fetchAgain)
      }
      tensors[member.key] = tensor
    }
    return WeightFile(path: index, files: files, tensors: tensors)
  }

  /// One path component that stays in the directory, with one of the two endings.
  private static func isPlain(_ name: String) -> Bool {
    !name.contains("/") && !name.contains("\0") && !name.hasPrefix(".") && name.utf8.count < 256
      && (name.hasSuffix(".safetensors") || name.hasSuffix(".bin"))
  }
}
