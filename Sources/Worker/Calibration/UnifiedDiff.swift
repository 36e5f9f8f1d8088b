/// Two texts held against each other, as `diff -u` and `patch` write and read it.
enum UnifiedDiff {
  private static let context = 3

  private struct Line {
    /// ` `, `-` or `+`.
    var sign: Character
    var text: Substring
  }

  /// Empty where the texts are the same.
  static func text(_ before: String, _ after: String, name: String) -> String {
    guard before != after else { return "" }
    let all = merged(lines(before), lines(after))
    var output = "--- \(name)\n+++ \(name)\n"
    for range in hunks(all) {
      let old = all[..<range.lowerBound].count { $0.sign != "+" }, new = all[..<range.lowerBound].count { $0.sign != "-" }
      let oldCount = all[range].count { $0.sign != "+" }, newCount = all[range].count { $0.sign != "-" }
      output += "@@ -\(old + (oldCount > 0 ? 1 : 0)),\(oldCount) +\(new + (newCount > 0 ? 1 : 0)),\(newCount) @@\n"
      for line in all[range] { output += "\(line.sign)\(line.text)" + (line.text.hasSuffix("\n") ? "" : "\n\\ No newline at end of file\n") }
    }
    return output
  }

  /// With their line feeds.
  private static func lines(_ text: String) -> [Substring] {
    var lines: [Substring] = [], rest = text[...]
    while let feed = rest.firstIndex(of: "\n") {
      lines.append(rest[...feed])
      rest = rest[rest.index(after: feed)...]
    }
    return rest.isEmpty ? lines : lines + [rest]
  }

  private static func merged(_ old: [Substring], _ new: [Substring]) -> [Line] {
    let difference = new.difference(from: old)
    var removed: Set<Int> = [], inserted: Set<Int> = []
    for change in difference {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): inserted.insert(offset)
      }
    }
    var lines: [Line] = [], a = 0, b = 0
    while a < old.count || b < new.count {
      if a < old.count, removed.contains(a) { lines.append(Line(sign: "-", text: old[a])); a += 1 }
      else if b < new.count, inserted.contains(b) { lines.append(Line(sign: "+", text: new[b])); b += 1 }
      else { lines.append(Line(sign: " ", text: old[a])); a += 1; b += 1 }
    }
    return lines
  }

  /// Changes with their context, joined where that overlaps.
  private static func hunks(_ lines: [Line]) -> [Range<Int>] {
    var hunks: [Range<Int>] = []
    for index in lines.indices where lines[index].sign != " " {
      let range = max(0, index - context)..<min(lines.count, index + context + 1)
      if let last = hunks.last, last.upperBound >= range.lowerBound { hunks[hunks.count - 1] = last.lowerBound..<range.upperBound } else { hunks.append(range) }
    }
    return hunks
  }
}
