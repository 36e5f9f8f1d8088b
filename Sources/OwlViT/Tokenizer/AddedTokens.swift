// Truth: tokenizers 0.23, tokenizer/added_vocabulary.rs.

/// Tokens that stand for themselves wherever they occur in a text: `<|endoftext|>`, and OWL-ViT's padding `!`.
struct AddedTokens: Sendable {
  struct Token: Sendable, Equatable {
    var scalars: [Unicode.Scalar]
    var id: Int32
    /// Whether the white space before or after goes with it.
    var stripsLeft = false
    var stripsRight = false
    /// Whether it must not touch a letter, digit or underscore.
    var isSingleWord = false
  }

  enum Piece {
    case text(ArraySlice<Unicode.Scalar>)
    case token(Int32)
  }

  /// Longest first, so that the first that fits at a place is the one to take.
  private let tokens: [Token]

  init(_ tokens: [Token]) {
    self.tokens = tokens.filter { !$0.scalars.isEmpty }.sorted { $0.scalars.count > $1.scalars.count }
  }

  func cut(_ text: ArraySlice<Unicode.Scalar>) -> [Piece] {
    var pieces: [Piece] = []
    var textStart = text.startIndex, position = text.startIndex
    while position < text.endIndex {
      guard let token = tokens.first(where: { text[position...].starts(with: $0.scalars) }) else {
        position += 1
        continue
      }
      var start = position, end = position + token.scalars.count
      // A rejected match is skipped whole, as a leftmost search goes on behind it.
      position = end
      if token.isSingleWord && touchesWord(text, start, end) { continue }
      if token.stripsLeft { while start > textStart, text[start - 1].properties.isWhitespace { start -= 1 } }
      if token.stripsRight { while end < text.endIndex, text[end].properties.isWhitespace { end += 1 } }
      position = end
      if start > textStart { pieces.append(.text(text[textStart..<start])) }
      pieces.append(.token(token.id))
      textStart = end
    }
    if textStart < text.endIndex { pieces.append(.text(text[textStart...])) }
    return pieces
  }

  private func touchesWord(_ text: ArraySlice<Unicode.Scalar>, _ start: Int, _ end: Int) -> Bool {
    start > text.startIndex && isWord(text[start - 1]) || end < text.endIndex && isWord(text[end])
  }

  /// `\w` of Unicode's regular expressions.
  private func isWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: true
    default: scalar.properties.isAlphabetic || scalar.properties.isJoinControl
    }
  }
}
