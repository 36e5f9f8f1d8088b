/// Tokens and merges as a tokenizer's files have them, before they become tables.
struct Vocabulary {
  /// The file that the tokens came from.
  var file: String
  /// Token -> id. Keys are UTF-8: Swift's strings take composed and decomposed letters for equal.
  var ids: [[UInt8]: Int32]

  static let wordEnd = Array("</w>".utf8)

  init(file: String, size: Int, members: [JSON.Member]) throws(ModelError) {
    self.file = file
    ids = [:]
    ids.reserveCapacity(members.count)
    for member in members {
      guard case .integer(let id) = member.value, id >= 0, id < size else {
        throw ModelError(.malformed, file: file, key: String(member.key.prefix(60)),
                         problem: "is \(member.value.words), not an id below config.json's text_config.vocab_size, which is \(size)",
                         remedy: "take both files from the same model")
      }
      ids[Array(member.key.utf8)] = Int32(id)
    }
  }

  func id(of token: SpecialTokens.Token) throws(ModelError) -> Int32 {
    guard let id = ids[Array(token.content.utf8)] else {
      throw ModelError(.malformed, file: file, key: String(token.content.prefix(60)), problem: "is missing, but it is a special token",
                       remedy: ModelError.fetchAgain)
    }
    return id
  }

  /// Takes in a token that another file declares; one that the vocabulary has keeps the vocabulary's id.
  mutating func add(_ token: SpecialTokens.Token, size: Int) throws(ModelError) {
    let key = Array(token.content.utf8)
    guard ids[key] == nil else { return }
    guard let id = token.id, id < size else {
      throw ModelError(.malformed, file: file, key: String(token.content.prefix(60)),
                       problem: "is an added token without an id below config.json's text_config.vocab_size, which is \(size)",
                       remedy: "take all files from the same model")
    }
    ids[key] = Int32(id)
  }

  /// Every id from 0 to the highest stands for one token.
  func checkWhole() throws(ModelError) {
    var seen = [Bool](repeating: false, count: ids.count)
    for id in ids.values where Int(id) < seen.count { seen[Int(id)] = true }
    guard let gap = seen.firstIndex(of: false) else { return }
    throw ModelError(.malformed, file: file, key: "id \(gap)", problem: "stands for no token, though \(ids.count) tokens have ids",
                     remedy: ModelError.fetchAgain)
  }

  /// Tables for encoding; the rank of a merge is its place in the list.
  func bytePairs(merges: [(left: [UInt8], right: [UInt8])], of mergesFile: String, unknown: Int32) throws(ModelError) -> BytePairs {
    var table: [UInt64: BytePairs.Merge] = [:]
    table.reserveCapacity(merges.count)
    for (rank, merge) in merges.enumerated() {
      guard let left = ids[merge.left], let right = ids[merge.right], let id = ids[merge.left + merge.right] else {
        let words = String(decoding: merge.left.prefix(40), as: UTF8.self) + " " + String(decoding: merge.right.prefix(40), as: UTF8.self)
        throw ModelError(.malformed, file: mergesFile, key: "merge \(rank + 1)", problem: "\"\(words)\" has a part or a result that \(file) lacks",
                         remedy: "take both files from the same model")
      }
      table[BytePairs.key(left, right)] = BytePairs.Merge(rank: Int32(rank), id: id)
    }
    let letters = Self.byteAlphabet.map { Array(String($0).utf8) }
    return BytePairs(inner: letters.map { ids[$0] }, final: letters.map { ids[$0 + Self.wordEnd] }, unknown: unknown, merges: table)
  }

  /// GPT-2's visible letter for each byte: printable Latin-1 stands for itself, the rest is moved to U+0100 and on.
  static let byteAlphabet: [Unicode.Scalar] = {
    var next: UInt32 = 0x100
    return (0..<256).map { (byte: UInt32) in
      if (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || (0xAE...0xFF).contains(byte) { return Unicode.Scalar(byte)! }
      defer { next += 1 }
      return Unicode.Scalar(next)!
    }
  }()
}
