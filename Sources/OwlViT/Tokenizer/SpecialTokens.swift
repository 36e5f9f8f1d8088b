/// The tokenizer's start, end, unknown and padding tokens, as `tokenizer_config.json` and `special_tokens_map.json` have them.
struct SpecialTokens {
  struct Token: Equatable {
    var content: String
    var stripsLeft = false
    var stripsRight = false
    var isSingleWord = false
    /// Whether it is looked for in the normalised text.
    var isNormalized = false

    init(_ content: String) { self.content = content }
  }

  // CLIP's own.
  var start = Token("<|startoftext|>")
  var end = Token("<|endoftext|>")
  var unknown = Token("<|endoftext|>")
  var pad = Token("<|endoftext|>")

  /// Each once, the first of equal ones.
  var all: [Token] {
    var result: [Token] = []
    for token in [start, end, unknown, pad] where !result.contains(where: { $0.content == token.content }) { result.append(token) }
    return result
  }

  static func read(in directory: String) throws(ModelError) -> SpecialTokens {
    var result = SpecialTokens()
    for name in ["special_tokens_map.json", "tokenizer_config.json"] {
      let file = directory + "/" + name
      guard ModelFile.exists(file) else { continue }
      let fields = try JSONFields(reading: file)
      result.start = try token("bos_token", fields) ?? result.start
      result.end = try token("eos_token", fields) ?? result.end
      result.unknown = try token("unk_token", fields) ?? result.unknown
      result.pad = try token("pad_token", fields) ?? result.pad
    }
    return result
  }

  /// A text, or an object with the text as its `content`.
  private static func token(_ key: String, _ fields: JSONFields) throws(ModelError) -> Token? {
    guard case .object? = fields[key] else { return try fields.string(key).map(Token.init) }
    let parts = try fields.object(key)!
    guard let content = try parts.string("content") else { throw fields.wrong(key, fields[key]!, "a token") }
    var result = Token(content)
    result.stripsLeft = try parts.bool("lstrip") ?? false
    result.stripsRight = try parts.bool("rstrip") ?? false
    result.isSingleWord = try parts.bool("single_word") ?? false
    result.isNormalized = try parts.bool("normalized") ?? false
    return result
  }
}
