// Opcodes: Python's Lib/pickletools.py. What torch.save says with them: torch/serialization.py, torch/_utils.py.

struct PickleMistake: Error {
  var offset: Int
  var problem: String
}

/// Reads the pickle of a `state_dict`: dictionaries, texts, whole numbers, tensors. It has no way to import or call anything;
/// what isn't in its short list of opcodes and names is an error.
struct PickleMachine {
  private var reader: ByteReader
  private var stack: [PickleValue] = []
  /// Lengths of the stack at the open marks.
  private var marks: [Int] = []
  private var memo: [UInt32: PickleValue] = [:]
  private(set) var tuples: [[PickleValue]] = []
  private(set) var lists: [[PickleValue]] = []
  private(set) var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []

  init(_ bytes: [UInt8]) { reader = ByteReader(bytes[...]) }

  /// Runs to the STOP opcode.
  /// - Returns: the tensors of the dictionary the pickle stands for, in their order; entries that aren't tensors are left out.
  mutating func tensors() throws(PickleMistake) -> [(name: String, tensor: PickleTensor)] {
    while let opcode = reader.take(1)?.first {
      if opcode == UInt8(ascii: ".") { return try result() }
      try step(opcode)
    }
    throw mistake("ends without its STOP opcode")
  }

  private func result() throws(PickleMistake) -> [(name: String, tensor: PickleTensor)] {
    guard stack.count == 1, case .dictionary(let index) = stack[0] else {
      throw mistake("stands for \(stack.last?.words ?? "nothing"), not for a state_dict")
    }
    var tensors: [(name: String, tensor: PickleTensor)] = []
    for case (.string(let name), .tensor(let tensor)) in dictionaries[index] { tensors.append((name, tensor)) }
    return tensors
  }

  private mutating func step(_ opcode: UInt8) throws(PickleMistake) {
    switch opcode {
    case 0x80: _ = try bytes(1)  // PROTO
    case 0x95: _ = try bytes(8)  // FRAME
    case UInt8(ascii: "("): marks.append(stack.count)
    case UInt8(ascii: "N"): push(.none)
    case 0x88: push(.bool(true))
    case 0x89: push(.bool(false))
    case UInt8(ascii: "K"): push(.integer(Int(try integer(UInt8.self))))
    case UInt8(ascii: "M"): push(.integer(Int(try integer(UInt16.self))))
    case UInt8(ascii: "J"): push(.integer(Int(Int32(bitPattern: try integer(UInt32.self)))))
    case 0x8A: push(.integer(try long(Int(try integer(UInt8.self)))))
    case UInt8(ascii: "G"):
      _ = try bytes(8)
      push(.number)
    case UInt8(ascii: "X"): push(.string(try text(Int(try integer(UInt32.self)))))
    case 0x8C: push(.string(try text(Int(try integer(UInt8.self)))))
    case UInt8(ascii: ")"): pushTuple([])
    case UInt8(ascii: "t"): pushTuple(try popToMark())
    case 0x85: pushTuple(try pop(1))
    case 0x86: pushTuple(try pop(2))
    case 0x87: pushTuple(try pop(3))
    case UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "s"), UInt8(ascii: "u"): try container(opcode)
    case UInt8(ascii: "q"): try put(UInt32(try integer(UInt8.self)))
    case UInt8(ascii: "r"): try put(try integer(UInt32.self))
    case 0x94: try put(UInt32(truncatingIfNeeded: memo.count))
    case UInt8(ascii: "h"): try get(UInt32(try integer(UInt8.self)))
    case UInt8(ascii: "j"): try get(try integer(UInt32.self))
    case UInt8(ascii: "c"): try global(try line(), try line())
    case 0x93:
      guard case .string(let name) = try pop(), case .string(let module) = try pop() else { throw mistake("names a global by something else than texts") }
      try global(module, name)
    case UInt8(ascii: "Q"): push(.storage(try storage(try pop())))
    case UInt8(ascii: "R"): try reduce()
    case UInt8(ascii: "b"): try build()
    default: throw mistake("uses the opcode 0x\(String(opcode, radix: 16, uppercase: true)), which no state_dict needs")
    }
  }

  private mutating func container(_ opcode: UInt8) throws(PickleMistake) {
    switch opcode {
    case UInt8(ascii: "]"):
      lists.append([])
      push(.list(lists.count - 1))
    case UInt8(ascii: "}"): pushDictionary()
    case UInt8(ascii: "a"), UInt8(ascii: "e"):
      let values = opcode == UInt8(ascii: "a") ? try pop(1) : try popToMark()
      guard case .list(let index)? = stack.last else { throw mistake("appends to something that is not a list") }
      lists[index] += values
    default:
      let values = opcode == UInt8(ascii: "s") ? try pop(2) : try popToMark()
      guard case .dictionary(let index)? = stack.last, values.count % 2 == 0 else { throw mistake("sets items of something that is not a dictionary") }
      for pair in stride(from: 0, to: values.count, by: 2) { dictionaries[index].append((values[pair], values[pair + 1])) }
    }
  }

  private mutating func global(_ module: String, _ name: String) throws(PickleMistake) {
    guard let value = PickleValue(global: module, name) else {
      throw mistake("asks for \(module.prefix(60)).\(name.prefix(60)), which no state_dict needs and owlwatch never runs")
    }
    push(value)
  }

  private mutating func reduce() throws(PickleMistake) {
    guard case .tuple(let index) = try pop() else { throw mistake("calls something without a tuple of arguments") }
    let arguments = tuples[index]
    switch try pop() {
    case .constructor(.orderedDictionary):
      guard arguments.isEmpty else { throw mistake("makes an OrderedDict out of \(arguments[0].words)") }
      pushDictionary()
    case .constructor(.tensor): push(.tensor(try tensor(arguments)))
    case .constructor(.parameter):
      guard case .tensor(let tensor)? = arguments.first else { throw mistake("makes a parameter out of something else than a tensor") }
      push(.tensor(tensor))
    case let other: throw mistake("calls \(other.words)")
    }
  }

  /// Attributes of a dictionary: `_metadata`, which nothing here needs.
  private mutating func build() throws(PickleMistake) {
    _ = try pop()
    guard case .dictionary? = stack.last else { throw mistake("sets attributes of \(stack.last?.words ?? "nothing")") }
  }

  private mutating func push(_ value: PickleValue) { stack.append(value) }

  private mutating func pushTuple(_ values: [PickleValue]) {
    tuples.append(values)
    push(.tuple(tuples.count - 1))
  }

  private mutating func pushDictionary() {
    dictionaries.append([])
    push(.dictionary(dictionaries.count - 1))
  }

  /// An open mark is a floor: nothing beneath it is popped.
  private mutating func pop() throws(PickleMistake) -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.popLast() else { throw mistake("takes more from its stack than there is") }
    return value
  }

  private mutating func pop(_ count: Int) throws(PickleMistake) -> [PickleValue] {
    guard stack.count - count >= marks.last ?? 0 else { throw mistake("takes more from its stack than there is") }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark() throws(PickleMistake) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw mistake("closes a mark that was never set") }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  private mutating func put(_ index: UInt32) throws(PickleMistake) {
    guard let value = stack.last else { throw mistake("remembers something from an empty stack") }
    memo[index] = value
  }

  private mutating func get(_ index: UInt32) throws(PickleMistake) {
    guard let value = memo[index] else { throw mistake("recalls memo \(index), which was never set") }
    push(value)
  }

  private mutating func bytes(_ count: Int) throws(PickleMistake) -> ArraySlice<UInt8> {
    guard let bytes = reader.take(count) else { throw mistake("is cut off") }
    return bytes
  }

  private mutating func integer<T: FixedWidthInteger & UnsignedInteger>(_ type: T.Type) throws(PickleMistake) -> T {
    guard let value = reader.integer(type) else { throw mistake("is cut off") }
    return value
  }

  private mutating func text(_ count: Int) throws(PickleMistake) -> String {
    guard let text = String(validating: try bytes(count), as: UTF8.self) else { throw mistake("has a text that is not UTF-8") }
    return text
  }

  private mutating func line() throws(PickleMistake) -> String {
    guard let line = reader.line() else { throw mistake("is cut off") }
    return String(decoding: line, as: UTF8.self)
  }

  /// A signed little-endian number of any length, as far as it fits 64 bits.
  private mutating func long(_ count: Int) throws(PickleMistake) -> Int {
    let bytes = try bytes(count)
    guard count <= 8 else { throw mistake("has a whole number of \(count) bytes") }
    guard let top = bytes.last else { return 0 }
    let sign = top & 0x80 == 0 ? UInt64(0) : .max
    return Int(Int64(bitPattern: bytes.reversed().reduce(sign) { $0 << 8 | UInt64($1) }))
  }

  func mistake(_ problem: String) -> PickleMistake { PickleMistake(offset: reader.position, problem: problem) }
}
