enum TorchArchive {
  static func read(_ file: ModelFile) throws(ModelError) -> [String: WeightTensor] {
    throw ModelError(.malformed, file: file.path, problem: "is not read yet", remedy: "use safetensors")
  }
}
