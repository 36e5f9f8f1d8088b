/// The weights of a model, wherever they lie: one file or several, safetensors or PyTorch's zip. Opening reads the
/// descriptions of all tensors and checks them against the files' sizes; the numbers are read when they are copied out.
public final class WeightFile: Sendable {
  /// The file, or the index of several: for messages.
  public let path: String
  /// Names of all tensors, sorted. Checkpoints carry more than the network asks for (`position_ids`): what isn't asked for is ignored.
  public let names: [String]
  /// The files the tensors lie in, in the order in which they were opened.
  let files: [ModelFile]
  private let tensors: [String: WeightTensor]

  init(path: String, files: [ModelFile], tensors: [String: WeightTensor]) {
    self.path = path
    self.files = files
    self.tensors = tensors
    names = tensors.keys.sorted()
  }

  /// Opens a directory's weights: safetensors before PyTorch's, one file before several.
  public static func open(in directory: String) throws(ModelError) -> WeightFile {
    let single = directory + "/model.safetensors", index = single + ".index.json"
    let torch = directory + "/pytorch_model.bin", torchIndex = torch + ".index.json"
    if ModelFile.exists(single) { return try open(single) }
    if ModelFile.exists(index) { return try WeightIndex.open(index, in: directory) }
    if ModelFile.exists(torch) { return try open(torch) }
    if ModelFile.exists(torchIndex) { return try WeightIndex.open(torchIndex, in: directory) }
    throw ModelError(.notFound, file: directory, problem: "has no weights (model.safetensors or pytorch_model.bin)",
                     remedy: "name a model directory in the Hugging Face layout")
  }

  /// Opens one weight file; its name's ending says which format it has.
  public static func open(_ path: String) throws(ModelError) -> WeightFile {
    let file = try ModelFile(path)
    let tensors = try path.hasSuffix(".safetensors") ? SafetensorsHeader.read(file) : TorchArchive.read(file)
    return WeightFile(path: path, files: [file], tensors: tensors)
  }

  /// A tensor of floating-point numbers, row-major.
  /// - Throws: where it is missing, has another shape, or holds something else than F64, F32, F16 or BF16.
  public func tensor(_ name: String, shape: [Int]) throws(ModelError) -> WeightTensor {
    guard let tensor = tensors[name] else {
      throw ModelError(.malformed, file: path, key: name, problem: "is missing among \(names.count) tensors",
                       remedy: "these weights belong to another kind of model than config.json says")
    }
    // A lone number is written with shape [] by some and [1] by others.
    guard tensor.shape == shape || (tensor.shape.count <= 1 && shape.count <= 1 && tensor.count == 1 && shape.allSatisfy { $0 == 1 }) else {
      throw ModelError(.malformed, file: tensor.file.path, key: name, problem: "has shape \(tensor.shape), but config.json asks for \(shape)",
                       remedy: "take weights and config.json from the same model")
    }
    guard tensor.dtype.isFloatingPoint else {
      throw ModelError(.malformed, file: tensor.file.path, key: name, problem: "holds \(tensor.dtype.name), not F64, F32, F16 or BF16",
                       remedy: "take a model whose weights aren't quantised")
    }
    return tensor
  }

  public func contains(_ name: String) -> Bool { tensors[name] != nil }

  /// Shape of a tensor, or nil where there is none of that name.
  public func shape(of name: String) -> [Int]? { tensors[name]?.shape }

  /// Every tensor, for an index that gathers several files.
  func description(of name: String) -> WeightTensor? { tensors[name] }
}
