// Format: torch/serialization.py since PyTorch 1.6: a zip with NAME/data.pkl and one entry NAME/data/KEY for each storage.

/// Reads the `state_dict` in a `pytorch_model.bin`.
enum TorchArchive {
  /// A pickle of 1,000 tensors has 0.15 MB.
  private static let longestPickle = 4 << 20

  static func read(_ file: ModelFile) throws(ModelError) -> [String: WeightTensor] {
    func wrong(_ problem: String, key: String? = nil) -> ModelError {
      ModelError(.malformed, file: file.path, key: key, problem: problem,
                 remedy: "\(ModelError.fetchAgain); or take the model as safetensors")
    }
    guard file.size >= 4, try file.bytes(at: 0, count: 4) == [0x50, 0x4B, 3, 4] else {
      throw wrong("is not a zip file; PyTorch before 1.6 wrote another format, which owlwatch doesn't read")
    }
    let archive = try ZipArchive(file)
    guard let pickle = archive.entries.first(where: { $0.name.hasSuffix("/data.pkl") && $0.name.split(separator: "/").count == 2 }) else {
      throw wrong("has no data.pkl in it: not a file of torch.save")
    }
    guard pickle.size <= longestPickle else { throw wrong("has \(pickle.size) bytes, more than the \(longestPickle) that are read", key: pickle.name) }
    let folder = pickle.name.dropLast("data.pkl".count)
    if let order = archive.entry(folder + "byteorder"), order.size != 6 { throw wrong("was written on a big-endian machine", key: order.name) }

    var machine = PickleMachine(try file.bytes(at: pickle.offset, count: pickle.size))
    let found: [(name: String, tensor: PickleTensor)]
    do throws(PickleMistake) { found = try machine.tensors() } catch {
      throw wrong(error.problem, key: "\(pickle.name), byte \(error.offset)")
    }
    guard !found.isEmpty else { throw wrong("has no tensors by name: not a state_dict", key: pickle.name) }

    let places = Dictionary(archive.entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var tensors: [String: WeightTensor] = [:]
    for (name, tensor) in found {
      guard let entry = places[folder + "data/" + tensor.storage.key] else { throw wrong("its storage is missing", key: String(name.prefix(200))) }
      let (bytes, overflow) = tensor.storage.count.multipliedReportingOverflow(by: tensor.storage.type.bytes!)
      guard !overflow, bytes <= entry.size else {
        throw wrong("its storage should have \(tensor.storage.count) elements and has \(entry.size) bytes", key: String(name.prefix(200)))
      }
      tensors[name] = weight(tensor, in: entry, of: file)
    }
    return tensors
  }

  private static func weight(_ tensor: PickleTensor, in entry: ZipArchive.Entry, of file: ModelFile) -> WeightTensor {
    let count = SafetensorsHeader.product(tensor.shape)!
    // An empty tensor's offset may be anything; it is never read.
    let offset = count == 0 ? entry.offset : entry.offset + tensor.offset * tensor.storage.type.bytes!
    var expected = 1, isRowMajor = true
    for (side, stride) in zip(tensor.shape, tensor.strides).reversed() where side != 1 {
      isRowMajor = isRowMajor && stride == expected
      expected &*= side
    }
    return WeightTensor(dtype: tensor.storage.type, shape: tensor.shape, count: count, file: file, offset: offset,
                        strides: isRowMajor || count == 0 ? nil : tensor.strides)
  }
}
