/// A JSON value as it stands in the file: keys in their order, whole numbers kept whole.
enum JSON: Sendable, Equatable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([Member])

  struct Member: Sendable, Equatable {
    var key: String
    var value: JSON
  }

  /// What kind of thing it is, for error messages.
  var words: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .string(let value): "\"\(value.prefix(40))\(value.count > 40 ? "…" : "")\""
    case .array(let values): "a list of \(values.count)"
    case .object(let members): "an object of \(members.count)"
    }
  }

  /// A JSON file of a model.
  /// - Throws: `ModelError` with line and column of the first mistake.
  static func read(_ path: String, limit: Int = 32 << 20) throws(ModelError) -> JSON {
    try parse(ModelFile(path).everything(limit: limit), of: path)
  }

  static func parse(_ bytes: [UInt8], of path: String) throws(ModelError) -> JSON {
    do throws(JSONMistake) {
      var parser = JSONParser(bytes)
      return try parser.document()
    } catch {
      let before = bytes[..<min(error.offset, bytes.count)]
      let line = before.count(where: { $0 == 10 }) + 1
      let column = before.count - (before.lastIndex(of: 10).map { $0 + 1 } ?? 0) + 1
      throw ModelError(.malformed, file: path, key: "line \(line), column \(column)", problem: error.problem, remedy: ModelError.fetchAgain)
    }
  }
}

struct JSONMistake: Error {
  var offset: Int
  var problem: String
}
