internal import Scene

extension Tracker {
  /// One query's detections to its tracks: high ones to believed tracks, low ones to what is left of those, then to
  /// tentative tracks; high ones that are left begin tracks.
  mutating func associate(_ sightings: [Sighting], query: Int, at time: MediaTime) {
    let threshold = options.thresholds[query], matching = options.matching
    var believed = lives.indices.filter { lives[$0].query == query && lives[$0].isBelieved }
    var tentative = lives.indices.filter { lives[$0].query == query && !lives[$0].isBelieved }
    var high = sightings.filter { $0.detection.score >= threshold }
    var low = sightings.filter { $0.detection.score < threshold }
    match(&believed, &high, least: matching.high, at: time)
    // Only what was seen a keyframe ago: with a wide margin a long lost track would take whoever comes by.
    var recent = believed.filter { lives[$0].missed == 1 }
    match(&recent, &high, least: matching.wide, margin: matching.margin, at: time)
    believed.removeAll { lives[$0].missed == 0 }
    match(&believed, &low, least: matching.low, at: time)
    match(&tentative, &high, least: matching.tentative, at: time)
    match(&tentative, &high, least: matching.wide, margin: matching.margin, at: time)
    match(&tentative, &low, least: matching.low, at: time)
    for sighting in high where sighting.detection.score >= threshold * options.birthShare { begin(sighting, at: time) }
  }

  /// Matches the lives at these indices with sightings and leaves in both lists what found no partner.
  private mutating func match(_ indices: inout [Int], _ sightings: inout [Sighting], least: Double, margin: Double = 0,
                              at time: MediaTime) {
    let chosen = bestPairs(indices, sightings, least: least, margin: margin)
    guard !chosen.isEmpty else { return }
    for pair in chosen { see(sightings[pair.column], life: indices[pair.row], at: time) }
    let rows = Set(chosen.map(\.row)), columns = Set(chosen.map(\.column))
    indices = indices.enumerated().filter { !rows.contains($0.offset) }.map(\.element)
    sightings = sightings.enumerated().filter { !columns.contains($0.offset) }.map(\.element)
  }

  /// The best pairs of affinity above `least`: rows are places in `indices`, columns places in `sightings`.
  private func bestPairs(_ indices: [Int], _ sightings: [Sighting], least: Double, margin: Double) -> [Assignment.Pair] {
    guard !indices.isEmpty, !sightings.isEmpty else { return [] }
    var pairs: [Assignment.Pair] = []
    for (row, index) in indices.enumerated() {
      let expected = lives[index].filter.box
      let limit = options.matching.marginLimit * expected.scale
      let spread = lives[index].filter.spread
      let across = min(margin * spread.x, limit), down = min(margin * spread.y, limit)
      let wide = expected.grown(x: across, y: down)
      for (column, sighting) in sightings.enumerated() {
        let overlap = wide.iou(sighting.box.grown(x: across, y: down))
        guard overlap > least else { continue }
        let ratio = min(expected.height, sighting.box.height) / max(expected.height, sighting.box.height)
        // Where boxes need not overlap, height has to tell more.
        let affinity = overlap * (margin > 0 ? ratio * ratio : ratio)
        if affinity > least { pairs.append(Assignment.Pair(row: row, column: column, worth: affinity - least)) }
      }
    }
    return Assignment.best(of: pairs, rows: indices.count, columns: sightings.count)
  }

  /// Shifts all tracks as most of them were displaced against what was expected of them: then it was the camera.
  mutating func followCamera(_ sightings: [[Sighting]]) {
    guard options.matching.cameraWitnesses > 0 else { return }
    var across: [Double] = [], down: [Double] = []
    for query in options.thresholds.indices {
      let recent = lives.indices.filter { lives[$0].query == query && lives[$0].isBelieved && lives[$0].missed == 1 }
      let high = sightings[query].filter { $0.detection.score >= options.thresholds[query] }
      for pair in bestPairs(recent, high, least: options.matching.high, margin: 1) {
        let filter = lives[recent[pair.row]].filter, box = high[pair.column].box
        across.append(box.x - filter.x.position)
        down.append(box.y - filter.y.position)
      }
    }
    guard across.count >= options.matching.cameraWitnesses else { return }
    let shift = (x: median(across), y: median(down))
    for index in lives.indices { lives[index].filter.shift(x: shift.x, y: shift.y) }
  }

  /// Of two believed tracks of one query that lie on each other, one seen now and one coasting, the one that was seen
  /// for less long ends.
  mutating func endDuplicates() {
    for a in lives.indices where lives[a].isBelieved && lives[a].missed == 0 {
      for b in lives.indices where lives[b].isBelieved && lives[b].missed > 0 && lives[a].query == lives[b].query {
        guard lives[a].filter.box.iou(lives[b].filter.box) > options.matching.duplicate else { continue }
        lives[lives[a].seenFor > lives[b].seenFor ? b : a].isDuplicate = true
      }
    }
  }
}

/// The middle of some values, the mean of the two middle ones where their count is even.
/// - Precondition: there is one.
func median(_ values: [Double]) -> Double {
  let sorted = values.sorted(), middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
