/// What happens to a text before it is cut into words: canonical composition, runs of white space to one space, lower case.
package enum TextNormalization {
  package static func normalize(_ scalars: ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    result.reserveCapacity(scalars.count)
    var inSpace = false
    for scalar in CanonicalComposition.compose(scalars) {
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
}
