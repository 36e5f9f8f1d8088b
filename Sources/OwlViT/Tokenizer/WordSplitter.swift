/// Cuts a normalised text into words: runs of letters, single numerals, runs of anything else that isn't white space, and the
/// English endings 's 't 're 've 'm 'll 'd. In the notation of regular expressions, alternatives in order:
/// `<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`
///
/// `transformers` splits once more inside each match, by the last alternatives alone: of `<|endoftext|>` that makes three words,
/// and its `|>` doesn't join with what follows.
struct WordSplitter: Sequence, IteratorProtocol {
  private let scalars: ArraySlice<Unicode.Scalar>
  private var position: Int
  /// Where words of `<|endoftext|>` that are still to be given end.
  private var pendingEnds: [Int] = []

  private static let marks = ["startoftext", "endoftext"].map { Array("<|\($0)|>".unicodeScalars) }

  init(_ scalars: ArraySlice<Unicode.Scalar>) {
    self.scalars = scalars
    position = scalars.startIndex
  }

  mutating func next() -> ArraySlice<Unicode.Scalar>? {
    while position < scalars.endIndex, scalars[position].properties.isWhitespace { position += 1 }
    guard position < scalars.endIndex else { return nil }
    let start = position
    if pendingEnds.isEmpty, scalars[position] == "<", let mark = Self.marks.first(where: { scalars[position...].starts(with: $0) }) {
      pendingEnds = [start + mark.count, start + mark.count - 2, start + 2]
    }
    if let end = pendingEnds.popLast() {
      position = end
    } else if let length = endingLength {
      position += length
    } else {
      let kind = WordPart(scalars[position])
      position += 1
      while kind != .numeral, position < scalars.endIndex, WordPart(scalars[position]) == kind { position += 1 }
    }
    return scalars[start..<position]
  }

  /// Scalars of the English ending that stands here, or nil.
  private var endingLength: Int? {
    guard scalars[position] == "'", position + 1 < scalars.endIndex else { return nil }
    switch scalars[position + 1] {
    case "s", "t", "m", "d": return 2
    case "r", "v": return follows("e") ? 3 : nil
    case "l": return follows("l") ? 3 : nil
    default: return nil
    }
  }

  private func follows(_ scalar: Unicode.Scalar) -> Bool { position + 2 < scalars.endIndex && scalars[position + 2] == scalar }
}

package enum WordPart {
  case letter, numeral, space, other

  package init(_ scalar: Unicode.Scalar) {
    let properties = scalar.properties
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: self = Self.isOld(properties) ? .letter : .other
    case .decimalNumber, .letterNumber, .otherNumber: self = Self.isOld(properties) ? .numeral : .other
    default: self = properties.isWhitespace ? .space : .other
    }
  }

  /// The regular expressions in tokenizers 0.23 know Unicode 16, Swift 6.3 knows 17: its 4,653 new letters and numerals are
  /// unassigned there.
  private static func isOld(_ properties: Unicode.Scalar.Properties) -> Bool { (properties.age?.major ?? .max) <= 16 }
}
