import Foundation

/// Canonical composition (NFC, Unicode Standard Annex 15) as tokenizers 0.23 does it, whose tables are Unicode 9: what was assigned
/// later, or never, neither moves nor joins with its neighbours there.
///
/// Swift 6.3 knows what a scalar consists of and which class it has; its own composition is not used, for it joins U+9006B, which
/// nobody has assigned, with U+030C to ǩ, leaves U+0F73 U+0F73 in another order than the standard's, and takes Hangul apart
/// against it.
enum CanonicalComposition {
  private struct Part {
    var scalar: Unicode.Scalar
    /// Canonical combining class; 0 for starters.
    var order: UInt8
    var isKnown = true
  }

  static func compose(_ scalars: ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
    // Below U+0300 every letter is whole already, and no mark stands.
    if scalars.allSatisfy({ $0.value < 0x300 }) { return Array(scalars) }
    var result: [Unicode.Scalar] = []
    result.reserveCapacity(scalars.count)
    var starter: Int?, last: UInt8 = 0
    for part in ordered(scalars) {
      if let place = starter, part.isKnown, place == result.count - 1 || last < part.order, let joined = join(result[place], part.scalar) {
        result[place] = joined
        continue
      }
      if part.order == 0 { starter = part.isKnown ? result.count : nil }
      last = part.order
      result.append(part.scalar)
    }
    return result
  }

  /// Everything taken apart, marks that follow one another in the order of their classes.
  private static func ordered(_ scalars: ArraySlice<Unicode.Scalar>) -> [Part] {
    var parts: [Part] = []
    var marks: [Part] = []
    func finish() {
      // Stable: marks of one class keep their order.
      parts += marks.enumerated().sorted { ($0.element.order, $0.offset) < ($1.element.order, $1.offset) }.map(\.element)
      marks.removeAll(keepingCapacity: true)
    }
    for scalar in scalars {
      guard let age = scalar.properties.age, age.major <= 9 else {
        finish()
        parts.append(Part(scalar: scalar, order: 0, isKnown: false))
        continue
      }
      for piece in pieces(of: scalar) {
        let order = piece.properties.canonicalCombiningClass.rawValue
        if order == 0 {
          finish()
          parts.append(Part(scalar: piece, order: 0))
        } else {
          marks.append(Part(scalar: piece, order: order))
        }
      }
    }
    finish()
    return parts
  }

  /// A scalar's full canonical decomposition. Hangul syllables stay whole: nothing but their own vowels and consonants joins them.
  private static func pieces(of scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    if scalar.isASCII || (0xAC00...0xD7A3).contains(scalar.value) { return [scalar] }
    return Array(String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars)
  }

  /// What two scalars compose to, or nil. What Foundation says is believed where it consists of the two.
  private static func join(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
    // Below U+0300 nothing joins what stands before it.
    guard second.value >= 0x300 else { return nil }
    if let syllable = syllable(first, second) { return syllable }
    if (0x1100...0x11FF).contains(first.value) || (0xAC00...0xD7A3).contains(first.value) { return nil }
    // Taken apart: of U+0CCA U+0CD5 Foundation makes nothing, of U+0CC6 U+0CC2 U+0CD5 the letter it is.
    let parts = pieces(of: first) + [second]
    var text = ""
    text.unicodeScalars.append(contentsOf: parts)
    let joined = text.precomposedStringWithCanonicalMapping.unicodeScalars
    guard let whole = joined.first, joined.count == 1, pieces(of: whole) == parts else { return nil }
    return whole
  }

  /// The Unicode Standard 3.12, Hangul syllable composition: consonant and vowel, or syllable without a final consonant and that consonant.
  private static func syllable(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
    switch (first.value, second.value) {
    case (0x1100...0x1112, 0x1161...0x1175): Unicode.Scalar(0xAC00 + ((first.value - 0x1100) * 21 + second.value - 0x1161) * 28)
    case (0xAC00...0xD7A3, 0x11A8...0x11C2) where (first.value - 0xAC00) % 28 == 0: Unicode.Scalar(first.value + second.value - 0x11A7)
    default: nil
    }
  }
}
