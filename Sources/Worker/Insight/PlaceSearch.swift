import EventLog
import RuleEngine
import Scene

/// Where a zone or a line would have to lie, or by which point of the box the rule would have to go, for a track to meet it.
struct PlaceSearch {
  /// How much farther than the distance that was missing a border is moved: a visit must last, a crossing get beyond the band.
  private static let reaches = [1.02, 1.25, 1.6, 2, 3, 5]
  private static let halvings = 6

  private let search: WhyNotSearch
  private let earlier: [SettingChange]
  private var rules: RuleSet { search.rejudging.plan.rules }
  private var size: PictureSize { search.rejudging.size }

  struct Move {
    var changes: [SettingChange]
    /// What is told then; nil: the place is right and something else is in the way.
    var told: ToldEvent?
  }

  init(_ search: WhyNotSearch, _ earlier: [SettingChange]) { self.search = search; self.earlier = earlier }

  /// Nil where no place would help, or it was moved already.
  func move(_ key: String, near point: TrackTrail.Point) throws -> Move? {
    if let anchor = try otherAnchor() { return anchor }
    guard let subject = rules.summary(of: search.question.rule)?.subject, let slash = subject.firstIndex(of: "/") else { return nil }
    let id = String(subject[subject.index(after: slash)...])
    let place: SettingChange.Place = key == "zone" ? .zone(id) : .line(id)
    guard !earlier.contains(where: { $0.place == place }), let anchor = point.standing.sight?.anchor, let shift = shift(key, id, anchor) else { return nil }
    func change(_ reach: Double) -> SettingChange { SettingChange(place, written(shift.moved(by: shift.distance * reach))) }
    func told(_ reach: Double) throws -> ToldEvent? { try search.attempted(earlier + [change(reach)]).flatMap { search.fired($0) } }
    var short = 1.0
    for reach in Self.reaches {
      guard var found = try told(reach) else { short = reach; continue }
      var long = reach
      for _ in 0..<Self.halvings {
        let middle = (short + long) / 2
        if let nearer = try told(middle) { found = nearer; long = middle } else { short = middle }
      }
      return Move(changes: [change(long)], told: found)
    }
    return Move(changes: [change(Self.reaches[0])], told: nil)
  }

  private func otherAnchor() throws -> Move? {
    let place = SettingChange.Place.rule(search.question.rule, key: "anchor")
    guard rules.settings(of: search.question.rule).contains(where: { $0.key == "anchor" }), !earlier.contains(where: { $0.place == place }) else { return nil }
    for anchor in ["bottom_center", "center", "top_center"] {
      let change = SettingChange(place, anchor)
      if let told = try search.attempted(earlier + [change]).flatMap({ search.fired($0) }) { return Move(changes: [change], told: told) }
    }
    return nil
  }

  /// Points of a zone or line, of which some are moved toward where the anchor was.
  private struct Shift {
    var points: [Point]
    var moving: Set<Int>
    /// Of length 1 in proportions of the picture.
    var direction: Point
    /// Share of the diagonal.
    var distance: Double
    var size: PictureSize

    func moved(by length: Double) -> [Point] {
      points.indices.map { index in
        guard moving.contains(index) else { return points[index] }
        let pixels = direction * (length * size.diagonal)
        return points[index] + Point(x: pixels.x / Double(size.width), y: pixels.y / Double(size.height))
      }
    }
  }

  /// A zone's nearest edge, or a whole line, on its way to the anchor.
  private func shift(_ key: String, _ id: String, _ anchor: Point) -> Shift? {
    let isZone = key == "zone"
    guard let points = isZone ? rules.zones.first(where: { $0.id == id })?.points : rules.lines.first(where: { $0.id == id })?.points else { return nil }
    let ends = isZone ? points.indices.map { ($0, ($0 + 1) % points.count) } : Array(zip(points.indices, points.indices.dropFirst()))
    let target = pixels(anchor)
    let nearest = ends.map { pair in (pair, foot(of: target, from: pixels(points[pair.0]), to: pixels(points[pair.1]))) }
      .min { length(target - $0.1) < length(target - $1.1) }
    guard let (pair, foot) = nearest else { return nil }
    let way = target - foot, distance = length(way)
    guard distance > 1e-6 else { return nil }
    return Shift(points: points, moving: isZone ? [pair.0, pair.1] : Set(points.indices), direction: way * (1 / distance), distance: distance / size.diagonal, size: size)
  }

  private func pixels(_ p: Point) -> Point { Point(x: p.x * Double(size.width), y: p.y * Double(size.height)) }
  private func length(_ p: Point) -> Double { (p.x * p.x + p.y * p.y).squareRoot() }

  private func foot(of p: Point, from a: Point, to b: Point) -> Point {
    let along = b - a, square = along.x * along.x + along.y * along.y
    guard square > 0 else { return a }
    let way = p - a
    return a + along * min(max((way.x * along.x + way.y * along.y) / square, 0), 1)
  }

  /// As the file writes points: in its pixels, or in 0…1.
  private func written(_ points: [Point]) -> String {
    let texts = points.map { p in
      rules.size.map { "[\(tidied(p.x * Double($0.width), 0)), \(tidied(p.y * Double($0.height), 0))]" }
        ?? "[\(tidied(min(max(p.x, 0), 1), 4)), \(tidied(min(max(p.y, 0), 1), 4))]"
    }
    return "[\(texts.joined(separator: ", "))]"
  }
}
