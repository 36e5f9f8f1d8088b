extension ModelNotes {
  /// Reads `owlwatch.json`, or nil where there is none. It is owlwatch's own file, so an unknown key is an error.
  static func read(_ file: String) throws(ModelError) -> ModelNotes? {
    guard ModelFile.exists(file) else { return nil }
    let fields = try JSONFields(reading: file)
    let known = ["look", "window", "scales", "words", "threshold"]
    for member in fields.members where !known.contains(member.key) {
      throw ModelError(.malformed, file: file, key: String(member.key.prefix(60)), problem: "is unknown",
                       remedy: "the keys are \(known.joined(separator: ", "))")
    }
    var look: Look?
    if let name = try fields.string("look") {
      guard let value = Look(rawValue: name) else {
        throw fields.wrong("look", .string(name), "one of \(Look.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      look = value
    }
    return ModelNotes(look: look, window: try fields.integer("window", in: 1...16384), scales: try fields.numbers("scales", in: 0.01...100) ?? [],
                      words: try fields.strings("words") ?? [], threshold: try fields.number("threshold", in: 0...1))
  }
}
