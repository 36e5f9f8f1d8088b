import Testing
import Tracking

@Suite struct AssignmentTests {
  @Test("agrees with trying everything, up to 7 × 7", arguments: 1...7)
  func bruteForce(rows: Int) {
    var random = Random(seed: UInt64(rows))
    for columns in rows...7 {
      for round in 0..<(rows < 6 ? 40 : 6) {
        // Every other round with few distinct costs, so that ties are common.
        let costs = (0..<rows * columns).map { _ in
          round % 2 == 0 ? Double.random(in: -10...10, using: &random) : Double(Int.random(in: 0...3, using: &random))
        }
        let chosen = Assignment.cheapest(costs, rows: rows, columns: columns)
        #expect(Set(chosen).count == rows)
        let sum = chosen.enumerated().reduce(0) { $0 + costs[$1.offset * columns + $1.element] }
        #expect(abs(sum - cheapest(costs, rows: rows, columns: columns)) < 1e-9)
      }
    }
  }

  @Test("100 × 100: no exchange of partners along any ring of rows is cheaper, which is what optimal means")
  func noNegativeRing() {
    let n = 100
    var random = Random(seed: 100)
    let costs = (0..<n * n).map { _ in Double.random(in: 0...1, using: &random) }
    let chosen = Assignment.cheapest(costs, rows: n, columns: n)
    #expect(Set(chosen).count == n)
    // Bellman–Ford over rows: going from a to b, a takes b's column.
    var distance = [Double](repeating: 0, count: n)
    var relaxed = false
    for _ in 0...n {
      relaxed = false
      for a in 0..<n {
        for b in 0..<n {
          let through = distance[a] + costs[a * n + chosen[b]] - costs[a * n + chosen[a]]
          if through < distance[b] - 1e-12 { distance[b] = through; relaxed = true }
        }
      }
      if !relaxed { break }
    }
    #expect(!relaxed)
  }

  @Test("sparse pairs: the worthiest set, each row and column once, and the same set whatever stands in other groups")
  func sparse() {
    var random = Random(seed: 7)
    for _ in 0..<60 {
      let rows = Int.random(in: 1...6, using: &random), columns = Int.random(in: 1...6, using: &random)
      var pairs: [Assignment.Pair] = []
      for row in 0..<rows {
        for column in 0..<columns where Bool.random(using: &random) {
          pairs.append(Assignment.Pair(row: row, column: column, worth: Double.random(in: 0.01...1, using: &random)))
        }
      }
      let chosen = Assignment.best(of: pairs, rows: rows, columns: columns)
      #expect(Set(chosen.map(\.row)).count == chosen.count && Set(chosen.map(\.column)).count == chosen.count)
      #expect(chosen.allSatisfy { pairs.contains($0) })
      #expect(abs(chosen.reduce(0) { $0 + $1.worth } - worthiest(pairs[...], rows: [], columns: [])) < 1e-9)
    }
  }

  @Test("equal worth: the first row gets the first column")
  func ties() {
    let pairs = [(0, 0), (0, 1), (1, 0), (1, 1)].map { Assignment.Pair(row: $0.0, column: $0.1, worth: 0.5) }
    #expect(Assignment.best(of: pairs, rows: 2, columns: 2).map(\.column) == [0, 1])
    #expect(Assignment.best(of: [], rows: 3, columns: 0).isEmpty)
    #expect(Assignment.cheapest([], rows: 0, columns: 0).isEmpty)
  }

  private func cheapest(_ costs: [Double], rows: Int, columns: Int) -> Double {
    func from(_ row: Int, taken: UInt) -> Double {
      guard row < rows else { return 0 }
      var least = Double.infinity
      for column in 0..<columns where taken & (1 << column) == 0 {
        least = min(least, costs[row * columns + column] + from(row + 1, taken: taken | (1 << column)))
      }
      return least
    }
    return from(0, taken: 0)
  }

  private func worthiest(_ pairs: ArraySlice<Assignment.Pair>, rows: Set<Int>, columns: Set<Int>) -> Double {
    guard let pair = pairs.first else { return 0 }
    let without = worthiest(pairs.dropFirst(), rows: rows, columns: columns)
    guard !rows.contains(pair.row), !columns.contains(pair.column) else { return without }
    return max(without, pair.worth + worthiest(pairs.dropFirst(), rows: rows.union([pair.row]), columns: columns.union([pair.column])))
  }
}
