/// Cuts a normalised text into words: runs of letters, single numerals, runs of anything else that isn't white space, and the
/// English endings 's 't 're 've 'm 'll 'd. In the notation of regular expressions, alternatives in order:
/// `'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`
///
/// CLIP's expression begins with `<\|startoftext\|>|<\|endoftext\|>`; `transformers` then splits again inside each match, which
/// undoes these two, so they are left out here.
struct WordSplitter: Sequence, IteratorProtocol {
  private let scalars: ArraySlice<Unicode.Scalar>
  private var position: Int

  init(_ scalars: ArraySlice<Unicode.Scalar>) {
    self.scalars = scalars
    position = scalars.startIndex
  }

  mutating func next() -> ArraySlice<Unicode.Scalar>? {
    while position < scalars.endIndex, scalars[position].properties.isWhitespace { position += 1 }
    guard position < scalars.endIndex else { return nil }
    let start = position
    if let length = endingLength {
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

enum WordPart {
  case letter, numeral, space, other

  init(_ scalar: Unicode.Scalar) {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: self = .letter
    case .decimalNumber, .letterNumber, .otherNumber: self = .numeral
    default: self = scalar.properties.isWhitespace ? .space : .other
    }
  }
}
