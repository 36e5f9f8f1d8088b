/// What a pickle can say here. Containers are numbers into the machine's own lists, so that nothing nests in memory however
/// deeply the file nests it, and a value fetched from the memo a thousand times is there once.
enum PickleValue {
  case none
  case bool(Bool)
  case integer(Int)
  case number
  case string(String)
  case tuple(Int)
  case list(Int)
  case dictionary(Int)
  case constructor(PickleConstructor)
  case storageType(WeightTensor.ElementType)
  case storage(PickleStorage)
  case tensor(PickleTensor)

  var words: String {
    switch self {
    case .none: "None"
    case .bool: "a truth value"
    case .integer: "a whole number"
    case .number: "a number"
    case .string: "a text"
    case .tuple: "a tuple"
    case .list: "a list"
    case .dictionary: "a dictionary"
    case .constructor, .storageType: "a class"
    case .storage: "a storage"
    case .tensor: "a tensor"
    }
  }
}

/// The only things a pickle may call, each done here by hand.
enum PickleConstructor {
  case orderedDictionary, tensor, parameter
}

/// A run of numbers in an entry of the archive.
struct PickleStorage {
  var type: WeightTensor.ElementType
  /// Name of the entry under `data/`.
  var key: String
  var count: Int
}

struct PickleTensor {
  var storage: PickleStorage
  /// In elements.
  var offset: Int
  var shape: [Int]
  var strides: [Int]
}

extension PickleValue {
  /// A global a pickle names, where owlwatch knows it.
  init?(global module: String, _ name: String) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .constructor(.orderedDictionary)
    case ("torch._utils", "_rebuild_tensor_v2"): self = .constructor(.tensor)
    case ("torch._utils", "_rebuild_parameter"): self = .constructor(.parameter)
    case ("torch", "DoubleStorage"): self = .storageType(.f64)
    case ("torch", "FloatStorage"): self = .storageType(.f32)
    case ("torch", "HalfStorage"): self = .storageType(.f16)
    case ("torch", "BFloat16Storage"): self = .storageType(.bf16)
    case ("torch", "LongStorage"): self = .storageType(.other("I64", bytes: 8))
    case ("torch", "IntStorage"): self = .storageType(.other("I32", bytes: 4))
    case ("torch", "ShortStorage"): self = .storageType(.other("I16", bytes: 2))
    case ("torch", "CharStorage"): self = .storageType(.other("I8", bytes: 1))
    case ("torch", "ByteStorage"): self = .storageType(.other("U8", bytes: 1))
    case ("torch", "BoolStorage"): self = .storageType(.other("BOOL", bytes: 1))
    default: return nil
    }
  }
}
