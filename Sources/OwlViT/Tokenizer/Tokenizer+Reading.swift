extension Tokenizer {
  /// Reads `tokenizer.json`, or `vocab.json` and `merges.txt` where that is absent, and the special tokens of
  /// `tokenizer_config.json` and `special_tokens_map.json`.
  package static func read(in directory: String, for config: TextConfig) throws(ModelError) -> Tokenizer {
    let vocabularyFile = directory + "/vocab.json", mergesFile = directory + "/merges.txt", joined = directory + "/tokenizer.json"
    var vocabulary: Vocabulary
    let merges: [(left: [UInt8], right: [UInt8])]
    let mergesOrigin: String
    if ModelFile.exists(joined) {
      (vocabulary, merges) = try readJoined(joined, size: config.vocabularySize)
      mergesOrigin = joined
    } else {
      vocabulary = try Vocabulary(file: vocabularyFile, size: config.vocabularySize, members: JSONFields(reading: vocabularyFile).members)
      merges = try readMerges(mergesFile)
      mergesOrigin = mergesFile
    }
    let special = try SpecialTokens.read(in: directory)
    for token in special.added { try vocabulary.add(token, size: config.vocabularySize) }
    try vocabulary.checkWhole()
    let pairs = try vocabulary.bytePairs(merges: merges, of: mergesOrigin, unknown: vocabulary.id(of: special.unknown))
    var raw: [AddedTokens.Token] = [], normalized: [AddedTokens.Token] = []
    for token in special.all {
      var added = AddedTokens.Token(scalars: Array(token.content.unicodeScalars), id: try vocabulary.id(of: token), stripsLeft: token.stripsLeft,
                                    stripsRight: token.stripsRight, isSingleWord: token.isSingleWord)
      if token.isNormalized {
        added.scalars = TextNormalization.normalize(added.scalars[...])
        normalized.append(added)
      } else {
        raw.append(added)
      }
    }
    return Tokenizer(positions: config.positions, pairs: pairs, rawTokens: AddedTokens(raw), normalizedTokens: AddedTokens(normalized),
                     start: try vocabulary.id(of: special.start), end: try vocabulary.id(of: special.end), pad: try vocabulary.id(of: special.pad))
  }

  /// `merges.txt`: a version line, then two tokens a line.
  private static func readMerges(_ file: String) throws(ModelError) -> [(left: [UInt8], right: [UInt8])] {
    let bytes = try ModelFile(file).everything(limit: 32 << 20)
    var merges: [(left: [UInt8], right: [UInt8])] = []
    var lines = bytes.split(separator: 10, omittingEmptySubsequences: false)[...]
    while lines.last?.isEmpty == true { lines.removeLast() }
    for (number, line) in lines.enumerated() {
      let line = line.last == 13 ? line.dropLast() : line
      if line.starts(with: "#version".utf8) { continue }
      let parts = line.split(separator: 32, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
        throw ModelError(.malformed, file: file, key: "line \(number + 1)",
                         problem: "\"\(String(decoding: line.prefix(40), as: UTF8.self))\" is not two tokens with a space between",
                         remedy: ModelError.fetchAgain)
      }
      merges.append((Array(parts[0]), Array(parts[1])))
    }
    // Words would fall apart into letters, which no model was trained on: it would find nothing, and say nothing.
    guard !merges.isEmpty else { throw ModelError(.malformed, file: file, problem: "holds no merges", remedy: ModelError.fetchAgain) }
    return merges
  }

  /// `tokenizer.json`, which holds both, the merges as `"a b"` or as `["a", "b"]`.
  private static func readJoined(_ file: String, size: Int) throws(ModelError) -> (Vocabulary, [(left: [UInt8], right: [UInt8])]) {
    let fields = try JSONFields(reading: file)
    guard let model = try fields.object("model"), let tokens = try model.object("vocab"), let list = try model.array("merges") else {
      throw ModelError(.malformed, file: file, key: "model", problem: "has no vocab or no merges", remedy: ModelError.fetchAgain)
    }
    if let kind = try model.string("type"), kind != "BPE" { throw model.wrong("type", .string(kind), "\"BPE\", CLIP's kind of tokenizer") }
    var merges: [(left: [UInt8], right: [UInt8])] = []
    for (rank, entry) in list.enumerated() {
      let parts: [String]
      switch entry {
      case .string(let text): parts = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
      case .array(let values): parts = values.compactMap { if case .string(let text) = $0 { text } else { nil } }
      default: parts = []
      }
      guard parts.count == 2 else { throw model.wrong("merges[\(rank)]", entry, "two tokens") }
      merges.append((Array(parts[0].utf8), Array(parts[1].utf8)))
    }
    return (try Vocabulary(file: file, size: size, members: tokens.members), merges)
  }
}
