import Foundation

/// Detections of a crowd, made by a seeded generator: MOT text, five keyframes a second, 1000×1000. Walkers cross the picture to and fro, so that lines
/// are crossed and zones are entered all the time.
enum Crowd {
  static let flags = ["--fps", "5", "--size", "1000x1000", "--query", "person"]

  static func detections(walkers: Int = 8, seconds: Int = 60, seed: UInt64 = 20_260_504) -> String {
    var random = SplitMix(state: seed), lines: [(frame: Int, text: String)] = []
    for walker in 0..<walkers {
      let y = 120 + walker * 850 / walkers, speed = 60 + random.unit() * 90, start = random.unit() * 700
      for frame in 0..<seconds * 5 where random.unit() > 0.05 {
        let path = (start + speed * Double(frame) / 5).truncatingRemainder(dividingBy: 1600)
        let x = 100 + Int(path < 800 ? path : 1600 - path)
        lines.append((frame, "\(frame + 1),-1,\(x - 25),\(y - 90),50,90,0.9,-1,-1,-1\n"))
      }
    }
    return lines.sorted { $0.frame < $1.frame }.map(\.text).joined()
  }

  /// More events than one keyframe gives, and a part's first line.
  static let mostAtOnce = 12

  static let rules = """
    size: 1000x1000
    zones: {yard: [[500, 0], [1000, 0], [1000, 1000], [500, 1000]]}
    lines: {gate: [[500, 0], [500, 1000]], door: [[700, 0], [700, 1000]]}
    rules:
      - {id: yard, kind: zone.entered, zone: yard, query: person}
      - {id: gate, kind: line.crossed, line: gate, query: person}
      - {id: door, kind: line.crossed, line: door, query: person, severity: alert}
      - {id: seen, kind: object.appeared, query: person}

    """

  static let rulesWithoutAlerts = rules.replacingOccurrences(of: ", severity: alert", with: "")
}
