import Configuration
import EventLog
import Scene

// Kinds about a line.
extension KindDefinition {
  private static let crossing: [FieldSpec] = [
    FieldSpec(name: "line", type: .line, isNeeded: true, about: "The line's id.", example: "gate"),
    FieldSpec(name: "directions", type: .directions, standard: "{right: right, left: left}", about: "What crossings to the right and to the left are called, walking the line from its first point to its last; one that is not named is not reported.", example: "{right: in, left: out}"),
    FieldSpec(name: "hold", type: .duration, standard: "400ms", about: "The anchor must stay on the far side, beyond the band, this long.", example: "1s"),
    FieldSpec(name: "band", type: .distance, standard: "1%", about: "Nearer to the line than this, the anchor is on neither side.", example: "2%"),
    RuleFields.anchor,
  ]

  static let crossed = KindDefinition(fields: crossing, machine: LineCrossed.self) { reader throws(ConfigurationError) in
    let (line, subject) = try reader.lineSettings()
    return (line, subject)
  }

  static let count = KindDefinition(fields: crossing + [
    FieldSpec(name: "every", type: .duration, standard: "60s", about: "How often the counts are told, in media time.", example: "10s"),
    FieldSpec(name: "reset_at", type: .times, about: "Local times at which counting starts anew.", example: "[\"06:00\", \"22:00\"]"),
    FieldSpec(name: "timezone", type: .timezone, about: "The time zone of reset_at. Left out: the file's.", example: "Europe/Berlin"),
  ], machine: LineCount.self) { reader throws(ConfigurationError) in
    let (line, subject) = try reader.lineSettings()
    let resets = LocalTimes(times: try reader.times("reset_at"), zone: try reader.timezone())
    return (CountSettings(line: line, every: try reader.duration("every", atLeast: .milliseconds(1)), resets: resets, queries: []), subject)
  }
}

extension RuleReader {
  fileprivate func lineSettings() throws(ConfigurationError) -> (LineSettings, subject: String) {
    let line = try line()
    let directions = try directions()
    let settings = LineSettings(line: Polyline(points: line.reachingOut), anchor: try anchor(), hold: try duration("hold"),
                                band: try distance("band"), right: directions.right, left: directions.left)
    return (settings, "line/\(line.id)")
  }
}
