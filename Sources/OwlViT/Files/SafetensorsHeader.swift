// Format: https://github.com/huggingface/safetensors, "Format". Eight bytes little-endian: the header's length. The header: one JSON
// object, name -> dtype, shape, data_offsets [begin, end) counted from the header's end. Then the numbers, without holes or overlaps.

/// Reads and checks the header of a `.safetensors` file.
enum SafetensorsHeader {
  /// The format allows 100 MB; the largest OWL models need 0.1 MB, and parsed JSON takes a dozen times its text.
  static let longest = 16 << 20

  static func read(_ file: ModelFile) throws(ModelError) -> [String: WeightTensor] {
    func wrong(_ problem: String, key: String? = nil) -> ModelError {
      ModelError(.malformed, file: file.path, key: key, problem: problem, remedy: ModelError.fetchAgain)
    }
    guard file.size >= 8 else { throw wrong("has \(file.size) bytes: too few for a safetensors file") }
    let length = try file.bytes(at: 0, count: 8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(file.size - 8) else { throw wrong("says its header has \(length) bytes, in a file of \(file.size)") }
    guard length <= UInt64(longest) else { throw wrong("says its header has \(length) bytes, more than the \(longest) that are read") }
    let dataStart = 8 + Int(length), dataSize = file.size - dataStart

    guard case .object(let members) = try JSON.parse(file.bytes(at: 8, count: Int(length)), of: file.path) else {
      throw wrong("its header is not a JSON object")
    }
    var tensors: [String: WeightTensor] = [:]
    var ranges: [(begin: Int, end: Int, name: String)] = []
    for member in members where member.key != "__metadata__" {
      let name = String(member.key.prefix(200))
      guard case .object(let parts) = member.value else { throw wrong("is \(member.value.words), not an object", key: name) }
      let fields = JSONFields(file: file.path, prefix: name + ".", members: parts)
      let type = try elementType(fields)
      let shape = try whole(fields, "shape"), offsets = try whole(fields, "data_offsets")
      guard offsets.count == 2, offsets[0] <= offsets[1], offsets[1] <= dataSize else {
        throw wrong("data_offsets \(offsets.prefix(3)) lie outside the file's \(dataSize) bytes of data", key: name)
      }
      guard let count = product(shape) else { throw wrong("shape \(shape.prefix(8)) has too many elements", key: name) }
      if let bytes = type.bytes {
        let (size, overflow) = count.multipliedReportingOverflow(by: bytes)
        guard !overflow, size == offsets[1] - offsets[0] else {
          throw wrong("shape \(shape.prefix(8)) of \(type.name) doesn't fill data_offsets \(offsets)", key: name)
        }
      }
      tensors[member.key] = WeightTensor(dtype: type, shape: shape, count: count, file: file, offset: dataStart + offsets[0])
      ranges.append((offsets[0], offsets[1], name))
    }
    try checkCover(ranges, of: dataSize, wrong)
    return tensors
  }

  private static func checkCover(_ ranges: [(begin: Int, end: Int, name: String)], of dataSize: Int,
                                 _ wrong: (String, String?) -> ModelError) throws(ModelError) {
    var end = 0, last = ""
    for range in ranges.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
      guard range.begin >= end else { throw wrong("overlaps \(last)", range.name) }
      guard range.begin == end else { throw wrong("leaves a hole of \(range.begin - end) bytes before it", range.name) }
      (end, last) = (range.end, range.name)
    }
    guard end == dataSize else { throw wrong("has \(dataSize - end) bytes that belong to no tensor", nil) }
  }

  private static func elementType(_ fields: JSONFields) throws(ModelError) -> WeightTensor.ElementType {
    guard let name = try fields.string("dtype") else { throw fields.wrong("dtype", .null, "a type") }
    switch name {
    case "F64": return .f64
    case "F32": return .f32
    case "F16": return .f16
    case "BF16": return .bf16
    case "I64", "U64", "C64": return .other(name, bytes: 8)
    case "I32", "U32": return .other(name, bytes: 4)
    case "I16", "U16": return .other(name, bytes: 2)
    case "I8", "U8", "BOOL", "F8_E4M3", "F8_E5M2": return .other(name, bytes: 1)
    default: return .other(String(name.prefix(20)), bytes: nil)
    }
  }

  private static func whole(_ fields: JSONFields, _ key: String) throws(ModelError) -> [Int] {
    guard let values = try fields.array(key) else { throw fields.wrong(key, .null, "a list of whole numbers") }
    var numbers: [Int] = []
    for value in values {
      guard case .integer(let number) = value, number >= 0 else { throw fields.wrong(key, value, "a list of whole numbers from 0") }
      numbers.append(number)
    }
    return numbers
  }

  /// The product, or nil where it has more than 62 bits.
  static func product(_ shape: [Int]) -> Int? {
    if shape.contains(0) { return 0 }
    var result = 1
    for side in shape {
      let (next, overflow) = result.multipliedReportingOverflow(by: side)
      guard !overflow, next <= Int.max / 2 else { return nil }
      result = next
    }
    return result
  }
}
