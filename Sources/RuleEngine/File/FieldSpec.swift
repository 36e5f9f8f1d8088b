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
  case flag
  case word([String])
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
  static func of(_ kind: RuleKind) -> [FieldSpec] {
    let own = kind.definition.fields
    return own + (common + limit).filter { field in !own.contains { $0.name == field.name } }
  }

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

  /// Of kinds that have no zone of their own.
  static let limit: [FieldSpec] = [
    FieldSpec(name: "zone", type: .zone, about: "Tracks count while their anchor is in this zone. Left out: everywhere.", example: "yard"),
    anchor,
  ]
}
