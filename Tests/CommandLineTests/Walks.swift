import Foundation

/// Recorded tracks made by hand, for verbs that judge recordings: MOT text, five keyframes a second, 1000×1000.
enum Walks {
  static let flags = ["--fps", "5", "--size", "1000x1000", "--query", "person"]

  /// One person in a row of places of the foot, in pixels, a keyframe each; nil: not detected there.
  static func mot(_ places: [Int?], id: Int = 1, y: Int = 500) -> String {
    places.enumerated().compactMap { frame, x in x.map { "\(frame + 1),\(id),\($0 - 25),\(y - 100),50,100,1,1,1\n" } }.joined()
  }

  /// From 300 to 700 in two seconds, and two seconds there.
  static let through = stride(from: 300, through: 700, by: 40).map { $0 } + Array(repeating: 700, count: 10)

  static let rules = """
    size: 1000x1000
    zones: {yard: [[500, 0], [1000, 0], [1000, 1000], [500, 1000]]}
    lines: {gate: [[500, 0], [500, 1000]]}
    rules:
      - {id: yard, kind: zone.entered, zone: yard, query: person}
      - {id: gate, kind: line.crossed, line: gate, query: person}

    """
}
