import Foundation

/// What happens to a text before it is cut into words: canonical composition, runs of white space to one space, lower case.
package enum TextNormalization {
  package static func normalize(_ scalars: ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    result.reserveCapacity(scalars.count)
    var inSpace = false
    for scalar in composed(scalars) {
      if scalar.properties.isWhitespace {
        if !inSpace { result.append(" ") }
        inSpace = true
      } else {
        inSpace = false
        // Scalar by scalar, without context, as Rust's char::to_lowercase: a final sigma stays σ.
        result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
      }
    }
    return result
  }

  /// Canonical composition (NFC) as tokenizers 0.23 does it, whose tables are Unicode 9: what was assigned later neither
  /// moves nor joins with its neighbours there, so the text is composed between such scalars. Hangul is composed here: Swift
  /// 6.3 leaves U+ACA8 U+11B7 apart, joins U+1102 U+1176 and drops the U+11A7 of U+AC1C U+11A7, all against the standard.
  private static func composed(_ scalars: ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
    if scalars.allSatisfy(\.isASCII) { return Array(scalars) }
    var result: [Unicode.Scalar] = []
    var part = ""
    func finish() {
      if !part.isEmpty { result.append(contentsOf: part.precomposedStringWithCanonicalMapping.unicodeScalars) }
      part = ""
    }
    for scalar in scalars {
      if isHangul(scalar) {
        finish()
        if let last = result.last, let syllable = syllable(last, scalar) {
          result[result.count - 1] = syllable
        } else {
          result.append(scalar)
        }
      } else if let age = scalar.properties.age, age.major > 9 {
        finish()
        result.append(scalar)
      } else {
        part.unicodeScalars.append(scalar)
      }
    }
    finish()
    return result
  }

  private static func isHangul(_ scalar: Unicode.Scalar) -> Bool {
    (0x1100...0x11FF).contains(scalar.value) || (0xAC00...0xD7A3).contains(scalar.value)
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
