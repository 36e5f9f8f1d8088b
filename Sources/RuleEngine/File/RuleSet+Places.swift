import Configuration
import Scene

// Zones and lines of a rule file.
extension RuleSet {
  private static let pointLimit = 1000

  static func zone(_ field: ConfigurationNode.Field, size: PictureSize?) throws(ConfigurationError) -> Zone {
    try checkName(field)
    let corners = try points(field.value, atLeast: 3, what: "corners of a zone", size: size)
    let node = field.value
    if let (a, b) = crossingEdges(corners) {
      throw node.mistake("the border crosses itself: the edge after corner \(a + 1) meets the edge after corner \(b + 1)",
                         suggestion: "list the corners in the order in which one walks around the zone")
    }
    guard abs(signedArea(corners)) > 1e-9 else { throw node.mistake("the zone has no area: its corners lie on one straight line") }
    let xs = corners.map(\.x), ys = corners.map(\.y)
    guard xs.min()! < 1, xs.max()! > 0, ys.min()! < 1, ys.max()! > 0 else {
      throw node.mistake("the zone lies outside the picture", suggestion: outsideRemedy(size))
    }
    return Zone(id: field.key, points: corners)
  }

  static func line(_ field: ConfigurationNode.Field, size: PictureSize?) throws(ConfigurationError) -> Line {
    try checkName(field)
    let points = try points(field.value, atLeast: 2, what: "points of a line", size: size)
    let node = field.value
    for (index, pair) in zip(points, points.dropFirst()).enumerated() where pair.0.distance(to: pair.1) < nothing {
      throw node.mistake("points \(index + 1) and \(index + 2) of the line are the same")
    }
    let xs = points.map(\.x), ys = points.map(\.y)
    guard xs.min()! <= 1, xs.max()! >= 0, ys.min()! <= 1, ys.max()! >= 0 else {
      throw node.mistake("the line lies outside the picture", suggestion: outsideRemedy(size))
    }
    return Line(id: field.key, points: points)
  }

  private static func checkName(_ field: ConfigurationNode.Field) throws(ConfigurationError) {
    let key = ConfigurationNode(content: .scalar(field.key), file: field.value.file, line: field.line, column: field.column, path: field.value.path)
    _ = try key.identifier()
  }

  private static func outsideRemedy(_ size: PictureSize?) -> String? {
    size.map { "its pixels are counted in \($0.width)x\($0.height)" }
  }

  /// Normalised points. In 0…1 a coordinate outside is taken for a forgotten `size`; in pixels a zone may reach half a
  /// picture over the border, since boxes do.
  static func points(_ node: ConfigurationNode, atLeast least: Int, what: String, size: PictureSize?)
    throws(ConfigurationError) -> [Point] {
    let elements = try node.list(atLeast: least, of: what)
    guard elements.count <= pointLimit else { throw node.mistake("\(elements.count) \(what) are too many", suggestion: "at most \(pointLimit)") }
    var points: [Point] = []
    for element in elements {
      let p = try element.point()
      guard let size else {
        guard (0...1).contains(p.x), (0...1).contains(p.y) else {
          throw element.mistake("[\(short(p.x)), \(short(p.y))] is outside 0 … 1", suggestion: "if these are pixels, state 'size: WIDTHxHEIGHT' at the top of the file")
        }
        points.append(p)
        continue
      }
      let share = Point(x: p.x / Double(size.width), y: p.y / Double(size.height))
      guard (-0.5...1.5).contains(share.x), (-0.5...1.5).contains(share.y) else {
        throw element.mistake("[\(short(p.x)), \(short(p.y))] is far outside the picture of \(size.width)x\(size.height)",
                              suggestion: "is 'size' the size in which these pixels were read?")
      }
      points.append(share)
    }
    return points
  }

  private static func short(_ value: Double) -> String { value == value.rounded() && abs(value) < 1e9 ? String(Int(value)) : String(value) }

  private static func signedArea(_ corners: [Point]) -> Double {
    var area = 0.0
    for (a, b) in zip(corners, corners.dropFirst() + [corners[0]]) { area += a.cross(b) }
    return area / 2
  }

  /// Two edges that meet though they are no neighbours, or lie on each other.
  private static func crossingEdges(_ corners: [Point]) -> (Int, Int)? {
    let edges = corners.indices.map { Segment(corners[$0], corners[($0 + 1) % corners.count]) }
    for i in edges.indices {
      for j in edges.indices.dropFirst(i + 2) where !(i == 0 && j == edges.count - 1) {
        if edges[j].meeting(from: edges[i].start, to: edges[i].end) != nil { return (i, j) }
      }
    }
    return nil
  }
}
