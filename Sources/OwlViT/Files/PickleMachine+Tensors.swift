extension PickleMachine {
  /// `("storage", type, key, device, elements)`: torch.save's way to name an entry of the archive.
  func storage(_ id: PickleValue) throws(PickleMistake) -> PickleStorage {
    guard case .tuple(let index) = id, tuples[index].count == 5, case .string("storage") = tuples[index][0],
          case .storageType(let type) = tuples[index][1], case .string(let key) = tuples[index][2], case .integer(let count) = tuples[index][4],
          count >= 0 else { throw mistake("has a persistent id that is not a storage's") }
    return PickleStorage(type: type, key: key, count: count)
  }

  /// `_rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks)`. Everything must lie within the storage.
  func tensor(_ arguments: [PickleValue]) throws(PickleMistake) -> PickleTensor {
    guard arguments.count >= 4, case .storage(let storage) = arguments[0], case .integer(let offset) = arguments[1], offset >= 0 else {
      throw mistake("makes a tensor out of something else than a storage and an offset")
    }
    let shape = try sizes(arguments[2]), strides = try sizes(arguments[3])
    // A weight may be a part of its storage or lie in it transposed; repeated elements (stride 0) would be a bomb.
    guard shape.count == strides.count, shape.count <= 16, let count = SafetensorsHeader.product(shape), count <= storage.count else {
      throw mistake("makes a tensor of shape \(shape.prefix(8)) and strides \(strides.prefix(8)) from \(storage.count) elements")
    }
    if !shape.contains(0) {
      var last = offset
      for (side, stride) in zip(shape, strides) {
        let (reach, tooFar) = (side - 1).multipliedReportingOverflow(by: stride)
        let (sum, tooLarge) = last.addingReportingOverflow(reach)
        guard !tooFar, !tooLarge else { throw mistake("makes a tensor that reaches beyond its storage") }
        last = sum
      }
      guard last < storage.count else { throw mistake("makes a tensor that reaches beyond its storage of \(storage.count) elements") }
    }
    return PickleTensor(storage: storage, offset: offset, shape: shape, strides: strides)
  }

  private func sizes(_ value: PickleValue) throws(PickleMistake) -> [Int] {
    guard case .tuple(let index) = value else { throw mistake("has \(value.words) where a tensor's sizes should be") }
    var sizes: [Int] = []
    for part in tuples[index] {
      guard case .integer(let size) = part, size >= 0 else { throw mistake("has a tensor's size that is not a whole number from 0") }
      sizes.append(size)
    }
    return sizes
  }
}
