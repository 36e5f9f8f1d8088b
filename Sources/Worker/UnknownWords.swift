import Configuration
import OwlViT
import Scene

extension SharedDetector {
  /// What the user should know before the first event: queries that are not among the words the model was trained on, and what it
  /// takes them for. Nothing where all are, or where the model doesn't say.
  func warnings(about queries: [Query]) throws -> [String] {
    guard let words = model.notes?.words, !words.isEmpty else { return [] }
    let known = Set(words.map { QueryText.defaultID(of: $0) })
    var unknown: [String] = []
    for query in queries where !known.contains(QueryText.defaultID(of: query.text)) && !unknown.contains(query.text) { unknown.append(query.text) }
    guard !unknown.isEmpty else { return [] }
    let asked = try detector.encode(unknown), trained = try detector.encode(words)
    var taken: [String] = [], far: [String] = []
    for index in unknown.indices {
      let likeness = words.indices.map { asked.likeness(of: index, to: trained, at: $0) }
      let nearest = words.indices.sorted { (likeness[$0], $1) > (likeness[$1], $0) }.prefix(3)
      if likeness[nearest[0]] >= Self.sameness {
        taken.append("'\(unknown[index])' for '\(words[nearest[0]])'")
      } else {
        let spelled = Configuration.nearest(unknown[index], in: words).map { "did you mean '\($0)'? " } ?? ""
        far.append("'\(unknown[index])' (\(spelled)nearest: \(nearest.map { words[$0] }.joined(separator: ", ")))")
      }
    }
    var warnings: [String] = []
    if !taken.isEmpty { warnings.append("\(model.name) was not trained on every word here and takes \(taken.joined(separator: ", "))") }
    if !far.isEmpty {
      warnings.append("\(far.joined(separator: ", ")): far from all words \(model.name) was trained on; expect little. "
                      + "`owlwatch models list` names larger models, `owlwatch models pull google/owlvit-base-patch32` fetches one.")
    }
    return warnings
  }

  /// Cosine from which a text finds what the trained word finds: of the untrained queries in Reports/model.md those from 0.83 on come
  /// near the trained word's average precision, those below 0.74 reach next to nothing.
  private static let sameness = 0.8
}
