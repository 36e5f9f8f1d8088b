/// The candidate that is most like a word, for "did you mean": at most a third of the word's letters differ
/// (insertions, deletions, changes and swaps of neighbours; Damerau–Levenshtein, optimal string alignment).
/// Among equals the first one; nil where none is near.
public func nearest(_ word: String, in candidates: some Sequence<String>) -> String? {
  // A hostile word of a megabyte is nobody's typing mistake.
  guard word.utf8.count <= 200 else { return nil }
  let letters = Array(word.lowercased())
  var best: (distance: Int, candidate: String)?
  for candidate in candidates where candidate.utf8.count <= 200 {
    let distance = editDistance(letters, Array(candidate.lowercased()))
    let allowed = max(1, max(letters.count, candidate.count) / 3)
    if distance <= allowed, distance < max(letters.count, candidate.count), distance < best?.distance ?? .max {
      best = (distance, candidate)
    }
  }
  return best?.candidate
}

/// `did you mean 'gate'?`, or the list of what there is where nothing is near and the list is short.
public func suggestion(for word: String, among candidates: [String]) -> String? {
  if let near = nearest(word, in: candidates) { return "did you mean '\(near)'?" }
  guard !candidates.isEmpty, candidates.count <= 30 else { return nil }
  return "there is " + candidates.joined(separator: ", ")
}

private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
  var older = [Int](), old = Array(0...b.count), new = old
  for i in 1...a.count {
    new[0] = i
    for j in 1...b.count {
      new[j] = min(old[j] + 1, new[j - 1] + 1, old[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { new[j] = min(new[j], older[j - 2] + 1) }
    }
    (older, old, new) = (old, new, old)
  }
  return old[b.count]
}
