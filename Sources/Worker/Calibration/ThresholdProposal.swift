import Scene

/// A threshold for one query, from its marked events.
struct ThresholdProposal {
  /// What was said against what was right, by score.
  struct Bin {
    var from: Double
    var to: Double
    var events = 0
    var right = 0
    var scores = 0.0
    var said: Double { scores / Double(events) }
    var share: Double { Double(right) / Double(events) }
  }

  var query: Query
  /// The threshold now in force.
  var now: Double
  /// Lower than this nothing was looked at.
  var floor: Double
  var marked: [MarkedEvent]
  var unmarked: Int
  var threshold: Double
  /// False alarms that the budget has room for in the recording.
  var allowed: Int
  var bins: [Bin]

  init(query: Query, now: Double, floor: Double, events: [MarkedEvent], allowed: Int) {
    self.query = query; self.now = now; self.floor = floor; self.allowed = allowed
    marked = events.filter { $0.mark != nil }
    unmarked = events.count - marked.count
    threshold = Self.threshold(marked, floor: floor, allowed: allowed)
    bins = Self.bins(marked)
  }

  func kept(_ mark: MarkedEvent.Mark, at threshold: Double) -> Int { marked.count { $0.mark == mark && $0.score >= threshold } }
  func count(_ mark: MarkedEvent.Mark) -> Int { marked.count { $0.mark == mark } }

  /// The lowest that keeps the wrong ones within the budget, half way to the next that is kept: the rounding of a file
  /// and of another run then decide nothing.
  private static func threshold(_ marked: [MarkedEvent], floor: Double, allowed: Int) -> Double {
    let wrong = marked.filter { $0.mark == .wrong }.map(\.score).sorted(by: >)
    guard wrong.count > allowed else { return rounded(floor) }
    let highest = wrong[allowed]
    let next = marked.map(\.score).filter { $0 > highest }.min() ?? min(1, highest + 0.02)
    let middle = rounded((highest + next) / 2)
    // Three decimals may not fit between the two.
    return middle > highest && middle <= next ? middle : min(1, rounded(highest) + 0.001)
  }

  private static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }

  private static func bins(_ marked: [MarkedEvent]) -> [Bin] {
    var bins = (0..<10).map { Bin(from: Double($0) / 10, to: Double($0 + 1) / 10) }
    for event in marked {
      let index = min(9, max(0, Int(event.score * 10)))
      bins[index].events += 1
      bins[index].right += event.mark == .right ? 1 : 0
      bins[index].scores += event.score
    }
    return bins.filter { $0.events > 0 }
  }

  /// Mean difference of said and right, each bin by its events (expected calibration error); nil without events.
  var error: Double? {
    guard !marked.isEmpty else { return nil }
    return bins.reduce(0) { $0 + abs($1.said - $1.share) * Double($1.events) } / Double(marked.count)
  }
}
