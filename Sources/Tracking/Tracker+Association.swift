internal import Scene

extension Tracker {
  /// High detections to believed tracks, low ones to what is left of them, then to tentative tracks, then births.
  mutating func associate(_ sightings: [Sighting], query: Int, at time: MediaTime) {
    let threshold = options.thresholds[query]
    var believed = lives.indices.filter { lives[$0].query == query && lives[$0].isBelieved }
    var tentative = lives.indices.filter { lives[$0].query == query && !lives[$0].isBelieved }
    var high = sightings.filter { $0.detection.score >= threshold }
    var low = sightings.filter { $0.detection.score < threshold }
    let wide = options.wide
    if options.group > 0 { shift(believed, high) }
    match(&believed, &high, least: options.matchHigh, at: time)
    if wide > 0 && options.order == 0 { match(&believed, &high, least: options.matchWide, wide: wide, at: time) }
    if options.lowFor < 1e17 { believed = believed.filter { Double(lives[$0].unseen) / 1e9 <= options.lowFor } }
    match(&believed, &low, least: options.matchLow, at: time)
    if wide > 0 && options.order == 1 { match(&believed, &high, least: options.matchWide, wide: wide, at: time) }
    match(&tentative, &high, least: options.matchTentative, at: time)
    if wide > 0 { match(&tentative, &high, least: options.matchWide, wide: wide, at: time) }
    if options.order == 2 { match(&believed, &high, least: options.matchWide, wide: wide, at: time) }
    match(&tentative, &low, least: options.matchLow, at: time)
    for sighting in high where sighting.detection.score >= threshold * options.birthShare { begin(sighting, at: time) }
  }

  /// Matches the lives at these indices with sightings and leaves in both lists what found no partner.
  private mutating func match(_ indices: inout [Int], _ sightings: inout [Sighting], least: Double, wide: Double = 0, at time: MediaTime) {
    guard !indices.isEmpty, !sightings.isEmpty else { return }
    var pairs: [Assignment.Pair] = []
    for (row, index) in indices.enumerated() {
      for (column, sighting) in sightings.enumerated() {
        let affinity = affinity(lives[index], sighting, wide: wide)
        if affinity > least { pairs.append(Assignment.Pair(row: row, column: column, worth: affinity - least)) }
      }
    }
    let chosen = Assignment.best(of: pairs, rows: indices.count, columns: sightings.count)
    for pair in chosen { see(sightings[pair.column], life: indices[pair.row], at: time) }
    let rows = Set(chosen.map(\.row)), columns = Set(chosen.map(\.column))
    indices = indices.enumerated().filter { !rows.contains($0.offset) }.map(\.element)
    sightings = sightings.enumerated().filter { !columns.contains($0.offset) }.map(\.element)
  }

  private mutating func shift(_ indices: [Int], _ sightings: [Sighting]) {
    var pairs: [Assignment.Pair] = []
    for (row, index) in indices.enumerated() where lives[index].missed <= 1 {
      for (column, sighting) in sightings.enumerated() {
        let affinity = affinity(lives[index], sighting, wide: options.groupWide)
        if affinity > options.groupLeast { pairs.append(Assignment.Pair(row: row, column: column, worth: affinity - options.groupLeast)) }
      }
    }
    let chosen = Assignment.best(of: pairs, rows: indices.count, columns: sightings.count)
    guard Double(chosen.count) >= options.group else { return }
    let dx = chosen.map { sightings[$0.column].box.x - lives[indices[$0.row]].filter.x.position }.sorted()
    let dy = chosen.map { sightings[$0.column].box.y - lives[indices[$0.row]].filter.y.position }.sorted()
    let mx = dx[dx.count / 2], my = dy[dy.count / 2]
    for i in lives.indices { lives[i].filter.x.position += mx; lives[i].filter.y.position += my; lives[i].lastBox.x += mx; lives[i].lastBox.y += my }
  }

  private func affinity(_ life: Life, _ sighting: Sighting, wide: Double) -> Double {
    let box = life.filter.box
    let spread = life.filter.spread
    let limit = options.marginLimit * box.scale
    let x = min((options.margin + wide) * spread.x, limit), y = min((options.margin + wide) * spread.y, limit)
    var overlap = box.grown(x: x, y: y).iou(sighting.box.grown(x: x, y: y))
    if options.lastBox > 0 && life.missed > 1 { overlap = max(overlap, options.lastBox * life.lastBox.iou(sighting.box)) }
    if options.maha > 0 {
      let f = life.filter, r = options.motion.measurement * f.scale, m = r * r
      let dx = sighting.box.x - f.x.position, dy = sighting.box.y - f.y.position, dh = sighting.box.height - f.height.position
      let d = dx * dx / (f.x.pp + m) + dy * dy / (f.y.pp + m) + dh * dh / (f.height.pp + m)
      overlap = overlap * (1 - options.maha + options.maha / (1 + d / 6))
    }
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
