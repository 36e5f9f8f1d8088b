// Truth: transformers 5.23, models/clip/tokenization_clip.py, which is tokenizers 0.23 with: added tokens cut out of the raw text;
// NFC, runs of white space to one space, lower case; words by a regular expression; byte-level pairs; start and end put around.

/// CLIP's byte-level BPE tokenizer: the same ids as `transformers` for any text.
public struct Tokenizer: Sendable {
  /// Ids of every encoded text: the model's `max_position_embeddings`.
  public let positions: Int
  let pairs: BytePairs
  /// Cut out of the text as it was typed.
  let rawTokens: AddedTokens
  /// Cut out of the text after NFC and lower case.
  let normalizedTokens: AddedTokens
  let start: Int32
  let end: Int32
  let pad: Int32

  /// Encodes one query.
  /// - Returns: `positions` ids: start, the text's ids as far as they fit, end, padding; and a mask that is 1 up to the end, then 0.
  public func encode(_ text: String) -> (ids: [Int32], mask: [Int32]) {
    var ids = [start] + self.ids(of: text).prefix(positions - 2) + [end]
    var mask = [Int32](repeating: 1, count: ids.count)
    while ids.count < positions {
      ids.append(pad)
      mask.append(0)
    }
    return (ids, mask)
  }

  /// Ids of the whole text, without start, end, truncation and padding.
  public func ids(of text: String) -> [Int32] {
    var ids: [Int32] = []
    for piece in rawTokens.cut(Array(text.unicodeScalars)[...]) {
      switch piece {
      case .token(let id): ids.append(id)
      case .text(let scalars):
        for piece in normalizedTokens.cut(TextNormalization.normalize(scalars)[...]) {
          switch piece {
          case .token(let id): ids.append(id)
          case .text(let scalars): encodeWords(scalars, into: &ids)
          }
        }
      }
    }
    return ids
  }

  private func encodeWords(_ scalars: ArraySlice<Unicode.Scalar>, into ids: inout [Int32]) {
    var bytes: [UInt8] = []
    for word in WordSplitter(scalars) {
      bytes.removeAll(keepingCapacity: true)
      for scalar in word { bytes.append(contentsOf: UTF8.encode(scalar)!) }
      pairs.encode(bytes, into: &ids)
    }
  }
}
