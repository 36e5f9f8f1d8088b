/// Optimal assignment: which row goes with which column.
package enum Assignment {
  /// One allowed pair; `worth` > 0 is what having it is worth.
  package struct Pair: Sendable, Equatable {
    package var row: Int
    package var column: Int
    package var worth: Double
    package init(row: Int, column: Int, worth: Double) { self.row = row; self.column = column; self.worth = worth }
  }

  /// The pairs, each row and column in at most one, whose summed worth is greatest, sorted by row. Same pairs in the
  /// same order, same answer. Pairs fall apart into groups that share no row or column, and each group is solved by
  /// itself: in a picture most objects have one or two candidates, so that groups are tiny.
  package static func best(of pairs: [Pair], rows: Int, columns: Int) -> [Pair] {
    var groups = DisjointSets(count: rows + columns)
    for pair in pairs { groups.join(pair.row, rows + pair.column) }
    var members: [[Int]] = Array(repeating: [], count: rows + columns)
    for (index, pair) in pairs.enumerated() { members[groups.find(pair.row)].append(index) }
    var chosen: [Pair] = []
    for group in members where !group.isEmpty {
      if group.count == 1 { chosen.append(pairs[group[0]]) } else { solve(group.map { pairs[$0] }, into: &chosen) }
    }
    return chosen.sorted { $0.row < $1.row }
  }

  private static func solve(_ pairs: [Pair], into chosen: inout [Pair]) {
    let rows = Set(pairs.map(\.row)).sorted(), columns = Set(pairs.map(\.column)).sorted()
    // Absent pairs cost 0 and present ones −worth: whoever ends up with an absent pair stays alone.
    let turned = rows.count > columns.count
    let short = turned ? columns : rows, long = turned ? rows : columns
    let shortIndex = Dictionary(uniqueKeysWithValues: short.enumerated().map { ($1, $0) })
    let longIndex = Dictionary(uniqueKeysWithValues: long.enumerated().map { ($1, $0) })
    var costs = [Double](repeating: 0, count: short.count * long.count)
    var pairAt = [Int](repeating: -1, count: costs.count)
    for (index, pair) in pairs.enumerated() {
      let a = shortIndex[turned ? pair.column : pair.row]!, b = longIndex[turned ? pair.row : pair.column]!
      costs[a * long.count + b] = -pair.worth
      pairAt[a * long.count + b] = index
    }
    let columnOf = cheapest(costs, rows: short.count, columns: long.count)
    for (a, b) in columnOf.enumerated() where pairAt[a * long.count + b] >= 0 { chosen.append(pairs[pairAt[a * long.count + b]]) }
  }

  /// The column of each row in the cheapest complete assignment of a rectangular cost matrix, rows × columns, row by
  /// row, finite. Shortest augmenting paths with potentials (Jonker & Volgenant 1987, as told by Crouse 2016),
  /// O(rows² × columns). Of equally cheap columns the first is taken.
  /// - Precondition: rows ≤ columns.
  package static func cheapest(_ costs: [Double], rows: Int, columns: Int) -> [Int] {
    precondition(rows <= columns && costs.count == rows * columns, "a wide matrix of rows × columns costs")
    // Index 0 stands for "none" in what follows; rows and columns count from 1.
    var rowPotential = [Double](repeating: 0, count: rows + 1)
    var columnPotential = [Double](repeating: 0, count: columns + 1)
    var rowOf = [Int](repeating: 0, count: columns + 1)
    var previous = [Int](repeating: 0, count: columns + 1)
    for row in 0..<rows {
      var shortest = [Double](repeating: .infinity, count: columns + 1)
      var visited = [Bool](repeating: false, count: columns + 1)
      rowOf[0] = row + 1
      var column = 0
      repeat {
        visited[column] = true
        let from = rowOf[column]
        var least = Double.infinity, next = 0
        for candidate in 1...columns where !visited[candidate] {
          let reduced = costs[(from - 1) * columns + candidate - 1] - rowPotential[from] - columnPotential[candidate]
          if reduced < shortest[candidate] { shortest[candidate] = reduced; previous[candidate] = column }
          if shortest[candidate] < least { least = shortest[candidate]; next = candidate }
        }
        for seen in 0...columns {
          if visited[seen] { rowPotential[rowOf[seen]] += least; columnPotential[seen] -= least } else { shortest[seen] -= least }
        }
        column = next
      } while rowOf[column] != 0
      while column != 0 { rowOf[column] = rowOf[previous[column]]; column = previous[column] }
    }
    var columnOf = [Int](repeating: 0, count: rows)
    for column in 1..<(columns + 1) where rowOf[column] != 0 { columnOf[rowOf[column] - 1] = column - 1 }
    return columnOf
  }
}

/// Which things hang together (union–find, the smaller index leads).
private struct DisjointSets {
  private var parent: [Int]
  init(count: Int) { parent = Array(0..<count) }
  mutating func find(_ index: Int) -> Int {
    var at = index
    while parent[at] != at { parent[at] = parent[parent[at]]; at = parent[at] }
    return at
  }
  mutating func join(_ a: Int, _ b: Int) {
    let first = find(a), second = find(b)
    parent[max(first, second)] = min(first, second)
  }
}
