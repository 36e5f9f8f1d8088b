public import Scene

/// Puts the detections of a keyframe's regions together: one box an object.
///
/// In this order: the best candidates of each query; non-maximum suppression per query; an object that several regions show whole gets
/// the mean of their boxes and a score that counts them all; what a region's inner border cuts off gives way to the same object
/// seen whole, and counts a fifth where another region saw its place whole and no object there; suppress queries explain away what they see
/// better; and, if asked for, non-maximum suppression across queries. Nothing here depends on the order of regions or of their
/// detections.
public struct DetectionMerger: Sendable {
  /// Candidates kept a query, by score: bounds the work at some 500² / 2 comparisons a query, a millisecond.
  public static let maximumCandidates = 512

  let suppresses: [Bool]
  let overlap: Double
  let classAgnostic: Bool

  /// - Parameters:
  ///   - queries: one flag a query: whether it suppresses. Queries beyond the list count as not suppressing.
  ///   - overlap: intersection over union from which two boxes are one object, 0…1.
  ///   - classAgnostic: whether boxes of different queries are one object too; the higher score stays.
  public init(queries: [Bool], overlap: Double = 0.45, classAgnostic: Bool = false) {
    suppresses = queries; self.overlap = overlap; self.classAgnostic = classAgnostic
  }

  /// `found[i]` are the candidates of `regions[i]` in the whole picture's coordinates, any order, any scores; candidates with
  /// boxes or scores that are not finite, or boxes without area, are left out. Returns one box an object, none of suppress
  /// queries, sorted by query, then score (descending), then place.
  public func merge(_ found: [[Detection]], regions: [PixelRect], size: PictureSize) -> [Detection] {
    precondition(found.count == regions.count, "one list of detections a region")
    var byQuery: [Int: [Candidate]] = [:]
    let borders = regions.map { InnerBorders(of: $0, in: size) }
    for (number, own) in borders.enumerated() {
      for detection in found[number] where detection.isSound {
        byQuery[detection.query, default: []].append(Candidate(detection, region: number, isCut: own.cut(detection.box)))
      }
    }
    var kept: [Candidate] = []
    for query in byQuery.keys.sorted() { kept += mergeOneQuery(byQuery[query]!, borders) }
    kept = explainedAway(kept)
    if classAgnostic { kept = acrossQueries(kept) }
    return kept.map(\.detection).sorted { Candidate.reportingOrder($0, $1) }
  }
}

extension DetectionMerger {
  private func mergeOneQuery(_ candidates: [Candidate], _ borders: [InnerBorders]) -> [Candidate] {
    let best = candidates.sorted(by: Candidate.strongerFirst).prefix(Self.maximumCandidates)
    let wholes = objects(among: best.filter { !$0.isCut })
    // Pieces come last, so that no piece takes a whole object's place however high it scores.
    var kept = wholes
    for var candidate in best where candidate.isCut {
      guard !wholes.contains(where: { $0.mayHold(candidate) }), !kept.contains(where: { isSameObject($0, candidate) }) else { continue }
      if borders.contains(where: { !$0.cut(candidate.box) }) { candidate.doubt() }
      kept.append(candidate)
    }
    return kept
  }

  /// Boxes seen whole, strongest first → one box an object.
  private func objects(among wholes: [Candidate]) -> [Candidate] {
    var sightings: [[Candidate]] = []
    for candidate in wholes {
      if let known = sightings.firstIndex(where: { isSameObject($0[0], candidate) }) { sightings[known].append(candidate) } else { sightings.append([candidate]) }
    }
    // Boxes have moved a little: two may have become one.
    var kept: [Candidate] = []
    for object in sightings.map(Candidate.init(fusing:)).sorted(by: Candidate.strongerFirst)
    where !kept.contains(where: { isSameObject($0, object) }) { kept.append(object) }
    return kept
  }

  /// Whether two boxes of one query are one object: they overlap, or the weaker lies inside the stronger, as half a person
  /// does that the next finer scale saw.
  private func isSameObject(_ stronger: Candidate, _ weaker: Candidate) -> Bool {
    let common = stronger.box.overlap(weaker.box)
    guard common > 0 else { return false }
    return common >= overlap * (stronger.area + weaker.area - common) || common >= Self.inside * weaker.area
  }

  /// Share of a box inside another, of the same query and stronger, from which it is a part of the same object.
  static let inside = 0.9

  private func explainedAway(_ candidates: [Candidate]) -> [Candidate] {
    let suppressing = candidates.filter { isSuppressing($0.query) }
    return candidates.filter { candidate in
      !isSuppressing(candidate.query)
        && !suppressing.contains { $0.score > candidate.score && $0.box.iou(candidate.box) >= overlap }
    }
  }

  private func isSuppressing(_ query: Int) -> Bool { suppresses.indices.contains(query) && suppresses[query] }

  private func acrossQueries(_ candidates: [Candidate]) -> [Candidate] {
    var kept: [Candidate] = []
    for candidate in candidates.sorted(by: Candidate.strongerFirst)
    where !kept.contains(where: { $0.box.iou(candidate.box) >= overlap }) { kept.append(candidate) }
    return kept
  }
}
