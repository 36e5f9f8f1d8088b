/// A field of a rule: the one place that says its type, unit, default and meaning. Parser and schema both read it.
struct FieldSpec: Sendable {
  var name: String
  var type: FieldType
  /// As one would write it; nil: left out means without.
  var standard: String? = nil
  var isNeeded = false
  var about: String
  /// A value that is right in the file of `FieldSpec.exampleFile`.
  var example: String
}

enum FieldType: Sendable, Equatable {
  /// `400ms`, `15s`, `2m`
  case duration
  /// `1%` of the picture's diagonal, `0.01`, or `8px` where the file has a `size`.
  case distance
  /// 0 … 1 or `50%`
  case share
  /// A count, 0 or more.
  case count
  case number
  case flag
  case word([String])
  case name
  case zone, line
  /// Another rule's id, or several.
  case rule, rules
  case queries
  /// `{right: in, left: out}`
  case directions
  case schedule
  case times
  case timezone
  /// `left`, `right`, `up`, `down`, or from a point to a point.
  case heading
  /// In degrees, `60°` or `60`.
  case angle
  /// `50 km/h`, `14 m/s`, `30 mph`
  case speed
  /// Four points of the picture and where they lie on the ground, in metres.
  case ground
}

/// Fields by kind.
enum RuleFields {
  static func of(_ kind: RuleKind) -> [FieldSpec] { own(kind) + common }

  /// What every rule has beside `id` and `kind`.
  static let common: [FieldSpec] = [
    FieldSpec(name: "query", type: .queries, about: "Whom the rule is about: one or more of the stream's queries, by id or text. Left out: all.", example: "person"),
    FieldSpec(name: "active", type: .schedule, about: "When the rule judges: local days and times. Left out: always.", example: "{days: [mon, fri], from: \"22:00\", to: \"06:00\", timezone: Europe/Berlin}"),
    FieldSpec(name: "cooldown", type: .duration, about: "After a report, new ones are kept back for this long.", example: "1m"),
    FieldSpec(name: "severity", type: .word(["info", "warning", "alert"]), about: "Written into the rule's events.", example: "alert"),
    FieldSpec(name: "min_score", type: .share, about: "Tracks count from the moment the median of their last 10 scores has reached this.", example: "0.3"),
    FieldSpec(name: "min_size", type: .distance, about: "Boxes whose diagonal is shorter than this don't count.", example: "5%"),
    FieldSpec(name: "still", type: .word(["count", "ignore"]), standard: "count", about: "ignore: leave out tracks that never moved by 2 % of the diagonal.", example: "ignore"),
    FieldSpec(name: "snapshot", type: .flag, standard: "false", about: "Write the picture with the object marked beside the log.", example: "true"),
    FieldSpec(name: "shadow", type: .flag, standard: "false", about: "Judge and log, marked as shadow, but alarm nobody.", example: "true"),
    FieldSpec(name: "silent", type: .flag, standard: "false", about: "Report nothing: the rule only serves combinations.", example: "true"),
  ]

  static let anchor = FieldSpec(name: "anchor", type: .word(["bottom_center", "center", "top_center"]), standard: "bottom_center",
                                about: "The point of the box that stands for the object.", example: "center")
  static let visit: [FieldSpec] = [
    FieldSpec(name: "zone", type: .zone, isNeeded: true, about: "The zone's id.", example: "yard"),
    FieldSpec(name: "enter_hold", type: .duration, standard: "600ms", about: "The anchor must be inside this long to have entered.", example: "1s"),
    FieldSpec(name: "exit_hold", type: .duration, standard: "2s", about: "The anchor must be outside, beyond the margin, this long to have left.", example: "3s"),
    FieldSpec(name: "margin", type: .distance, standard: "1%", about: "Nearer to the zone than this, the anchor has not left it.", example: "2%"),
    anchor,
  ]
  static let crossing: [FieldSpec] = [
    FieldSpec(name: "line", type: .line, isNeeded: true, about: "The line's id.", example: "gate"),
    FieldSpec(name: "directions", type: .directions, standard: "{right: right, left: left}", about: "What crossings to the right and to the left are called, walking the line from its first point to its last; one that is not named is not reported.", example: "{right: in, left: out}"),
    FieldSpec(name: "hold", type: .duration, standard: "400ms", about: "The anchor must stay on the far side, beyond the band, this long.", example: "1s"),
    FieldSpec(name: "band", type: .distance, standard: "1%", about: "Nearer to the line than this, the anchor is on neither side.", example: "2%"),
    anchor,
  ]

  private static func own(_ kind: RuleKind) -> [FieldSpec] {
    switch kind {
    case .objectAppeared, .objectEnded: []
    case .zoneEntered, .zoneExited: visit
    case .zoneLoitering: visit + [
      FieldSpec(name: "after", type: .duration, standard: "15s", about: "How long in the zone is too long.", example: "30s"),
      FieldSpec(name: "repeat", type: .duration, about: "Told again each time this has passed. Left out: once a visit.", example: "1m"),
      FieldSpec(name: "cumulative", type: .flag, standard: "false", about: "Sum a track's visits.", example: "true"),
    ]
    case .lineCrossed: crossing
    case .lineCount: crossing + [
      FieldSpec(name: "every", type: .duration, standard: "60s", about: "How often the counts are told, in media time.", example: "10s"),
      FieldSpec(name: "reset_at", type: .times, about: "Local times at which counting starts anew.", example: "[\"06:00\", \"22:00\"]"),
      FieldSpec(name: "timezone", type: .timezone, about: "The time zone of reset_at. Left out: the file's.", example: "Europe/Berlin"),
    ]
    }
  }
}
