internal import Scene

extension Tracker {
  /// High detections to believed tracks, low ones to what is left of them, then to tentative tracks, then births.
  mutating func associate(_ sightings: [Sighting], query: Int, at time: MediaTime) {
    let threshold = options.thresholds[query]
    var believed = lives.indices.filter { lives[$0].query == query && lives[$0].isBelieved }
    var tentative = lives.indices.filter { lives[$0].query == query && !lives[$0].isBelieved }
    var high = sightings.filter { $0.detection.score >= threshold }
    var low = sightings.filter { $0.detection.score < threshold }
    match(&believed, &high, least: options.matchHigh, at: time)
    match(&believed, &low, least: options.matchLow, at: time)
    match(&tentative, &high, least: options.matchTentative, at: time)
    match(&tentative, &low, least: options.matchLow, at: time)
    for sighting in high where sighting.detection.score >= threshold * options.birthShare { begin(sighting, at: time) }
  }

  /// Matches the lives at these indices with sightings and leaves in both lists what found no partner.
  private mutating func match(_ indices: inout [Int], _ sightings: inout [Sighting], least: Double, at time: MediaTime) {
    guard !indices.isEmpty, !sightings.isEmpty else { return }
    var pairs: [Assignment.Pair] = []
    for (row, index) in indices.enumerated() {
      for (column, sighting) in sightings.enumerated() {
        let affinity = affinity(lives[index], sighting)
        if affinity > least { pairs.append(Assignment.Pair(row: row, column: column, worth: affinity - least)) }
      }
    }
    let chosen = Assignment.best(of: pairs, rows: indices.count, columns: sightings.count)
    for pair in chosen { see(sightings[pair.column], life: indices[pair.row], at: time) }
    let rows = Set(chosen.map(\.row)), columns = Set(chosen.map(\.column))
    indices = indices.enumerated().filter { !rows.contains($0.offset) }.map(\.element)
    sightings = sightings.enumerated().filter { !columns.contains($0.offset) }.map(\.element)
  }

  private func affinity(_ life: Life, _ sighting: Sighting) -> Double {
    let box = life.filter.box
    let spread = life.filter.spread
    let limit = options.marginLimit * box.scale
    let x = min(options.margin * spread.x, limit), y = min(options.margin * spread.y, limit)
    let overlap = box.grown(x: x, y: y).iou(sighting.box.grown(x: x, y: y))
    let heights = min(box.height, sighting.box.height) / max(box.height, sighting.box.height)
    return overlap * (options.heightWeight == 0 ? 1 : (1 - options.heightWeight + options.heightWeight * heights))
      * (1 - options.scoreWeight + options.scoreWeight * sighting.detection.score)
  }

  /// Of two believed tracks of one query that lie on each other, one seen now and one coasting, the one that was seen
  /// for less long ends.
  mutating func endDuplicates() {
    for a in lives.indices where lives[a].isBelieved && lives[a].missed == 0 {
      for b in lives.indices where lives[b].isBelieved && lives[b].missed > 0 && lives[a].query == lives[b].query {
        guard lives[a].filter.box.iou(lives[b].filter.box) > options.duplicateOverlap else { continue }
        lives[lives[a].seenFor > lives[b].seenFor ? b : a].isDuplicate = true
      }
    }
  }
}
