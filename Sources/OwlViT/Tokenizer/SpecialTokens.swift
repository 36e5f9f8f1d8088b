// Truth: transformers 5.23, tokenization_utils_base.py, `_from_pretrained`: which of the many files wins.

/// The tokenizer's start, end, unknown and padding tokens, and every other that stands for itself in a text.
struct SpecialTokens {
  struct Token: Equatable {
    var content: String
    /// As its file has it; nil where only the vocabulary knows.
    var id: Int?
    var stripsLeft = false
    var stripsRight = false
    var isSingleWord = false
    /// Whether it is looked for in the normalised text.
    var isNormalized = false

    init(_ content: String) { self.content = content }

    /// - Parameter isSpecial: what holds where the object itself doesn't say; ordinary tokens are looked for in the normalised text.
    init(_ fields: JSONFields, isSpecial: Bool) throws(ModelError) {
      guard let content = try fields.string("content"), content.utf8.count <= 1000 else {
        throw fields.wrong("content", fields["content"] ?? .null, "a token")
      }
      self.content = content
      id = try fields.integer("id", in: 0...Int(Int32.max))
      stripsLeft = try fields.bool("lstrip") ?? false
      stripsRight = try fields.bool("rstrip") ?? false
      isSingleWord = try fields.bool("single_word") ?? false
      let isSpecial = try fields.bool("special") ?? isSpecial
      isNormalized = try fields.bool("normalized") ?? !isSpecial
    }
  }

  // CLIP's own.
  var start = Token("<|startoftext|>")
  var end = Token("<|endoftext|>")
  var unknown = Token("<|endoftext|>")
  var pad = Token("<|endoftext|>")
  /// Declared one by one in `added_tokens_decoder` or `tokenizer.json`; their flags win over those of the four.
  var added: [Token] = []

  /// Each once, the first of equal ones.
  var all: [Token] {
    var result: [Token] = []
    var seen: Set<[UInt8]> = []
    for token in added + [start, end, unknown, pad] where seen.insert(Array(token.content.utf8)).inserted { result.append(token) }
    return result
  }

  static func read(in directory: String) throws(ModelError) -> SpecialTokens {
    var result = SpecialTokens()
    let config = directory + "/tokenizer_config.json", map = directory + "/special_tokens_map.json", joined = directory + "/tokenizer.json"
    if ModelFile.exists(config) {
      let fields = try JSONFields(reading: config)
      try result.take(fields, isSpecial: false)
      if let declared = try fields.object("added_tokens_decoder") {
        for member in declared.members {
          guard let parts = try declared.object(member.key) else { continue }
          var token = try Token(parts, isSpecial: false)
          token.id = Int(member.key)
          result.added.append(token)
        }
        return result
      }
    }
    if ModelFile.exists(map) { try result.take(JSONFields(reading: map), isSpecial: true) }
    if ModelFile.exists(joined) {
      for case .object(let members) in try JSONFields(reading: joined).array("added_tokens") ?? [] {
        result.added.append(try Token(JSONFields(file: joined, prefix: "added_tokens.", members: members), isSpecial: false))
      }
    }
    return result
  }

  private mutating func take(_ fields: JSONFields, isSpecial: Bool) throws(ModelError) {
    start = try Self.token("bos_token", fields, isSpecial) ?? start
    end = try Self.token("eos_token", fields, isSpecial) ?? end
    unknown = try Self.token("unk_token", fields, isSpecial) ?? unknown
    pad = try Self.token("pad_token", fields, isSpecial) ?? pad
  }

  /// A text, or an object with the text as its `content`.
  private static func token(_ key: String, _ fields: JSONFields, _ isSpecial: Bool) throws(ModelError) -> Token? {
    guard case .object? = fields[key] else { return try fields.string(key).map { Token($0) } }
    return try Token(fields.object(key)!, isSpecial: isSpecial)
  }
}
