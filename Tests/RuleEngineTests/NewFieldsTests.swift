import RuleEngine
import Scene
import Testing

/// Mistakes in the fields of occupancy, objects, relations and combinations: each told with file, line, key and remedy.
@Suite struct NewFieldsTests {
  typealias Wrong = RuleFileTests.Wrong
  static let zones = "zones: {yard: [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9]], bay: [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9]]}\n"

  static func ground(_ picture: String, _ metres: String) -> String {
    "rules: [{id: a, kind: object.speeding, limit: 50 km/h, ground: {picture: \(picture), metres: \(metres)}}]"
  }
  static let quad = "[[0.3, 0.4], [0.7, 0.4], [0.9, 0.9], [0.1, 0.9]]"

  static func combined(_ rule: String) -> String {
    zones + """
      rules:
        - {id: yard, kind: zone.entered, zone: yard, query: person}
        - {id: bay, kind: zone.entered, zone: bay, query: truck}
        - {id: gone, kind: object.ended, query: person}
        - {id: full, kind: zone.occupancy, zone: yard, max: 2}
        - {id: r, \(rule)}
      """
  }

  @Test(arguments: [
    Wrong(text: zones + "rules: [{id: a, kind: zone.occupancy, zone: yard}]", told: "r.yaml:2: rules[0]: one of 'max' and 'min' is missing"),
    Wrong(text: zones + "rules: [{id: a, kind: zone.occupancy, zone: yard, max: 0}]", told: "r.yaml:2: rules[0]: 'max: 0' is always so; for an empty zone write min: 0"),
    Wrong(text: zones + "rules: [{id: a, kind: zone.occupancy, zone: yard, max: 2, min: 2}]",
          told: "r.yaml:2: rules[0]: with 'min: 2' and 'max: 2' the zone is always one or the other; min must be less than max"),
    Wrong(text: zones + "rules: [{id: a, kind: zone.occupancy, zone: yard, max: 1.5}]", told: "r.yaml:2: rules[0].max: '1.5' is not a whole number"),
    Wrong(text: "rules: [{id: a, kind: object.stopped, afer: 5s}]", told: "r.yaml:1: rules[0].afer: an object.stopped rule has no field 'afer'; did you mean 'after'?"),
    Wrong(text: "rules: [{id: a, kind: object.stopped, leeway: 8px}]",
          told: "r.yaml:1: rules[0].leeway: '8px' has no reference; state 'size: WIDTHxHEIGHT' at the top of the file, or write a share, 1%"),
    Wrong(text: "rules: [{id: a, kind: object.wrong_direction}]", told: "r.yaml:1: rules[0]: 'forbidden' is missing"),
    Wrong(text: "rules: [{id: a, kind: object.wrong_direction, forbidden: rigth}]", told: "r.yaml:1: rules[0].forbidden: no heading 'rigth'; did you mean 'right'?"),
    Wrong(text: "rules: [{id: a, kind: object.wrong_direction, forbidden: [[0.1, 0.1], [0.1, 0.1]]}]", told: "r.yaml:1: rules[0].forbidden: both points are the same, so this is no heading"),
    Wrong(text: "rules: [{id: a, kind: object.wrong_direction, forbidden: left, tolerance: 120°}]", told: "r.yaml:1: rules[0].tolerance: 120° is outside 0 … 90°"),
    Wrong(text: "rules: [{id: a, kind: object.speeding, limit: 50, ground: {picture: \(quad), metres: [[0, 0], [7, 0], [7, 30], [0, 30]]}}]",
          told: "r.yaml:1: rules[0].limit: '50' has no unit; write 50 km/h, 14 m/s or 30 mph"),
    Wrong(text: ground(quad, "[[0, 0], [7, 0], [14, 0], [0, 30]]"),
          told: "r.yaml:1: rules[0].ground.metres: points 1, 2, 3 lie on one straight line; give four points of which no three do"),
    Wrong(text: ground("[[0.1, 0.1], [0.2, 0.2], [0.3, 0.3], [0.4, 0.4]]", "[[0, 0], [7, 0], [7, 30], [0, 30]]"),
          told: "r.yaml:1: rules[0].ground.picture: points 2, 3, 4 lie on one straight line; give four points of which no three do"),
    Wrong(text: ground(quad, "[[0, 0], [7, 30], [7, 0], [0, 30]]"),
          told: "r.yaml:1: rules[0].ground.metres: the four points are no quadrilateral without a dent; list them in the order in which one walks around them"),
    Wrong(text: ground(quad, "[[7, 0], [0, 0], [0, 30], [7, 30]]"),
          told: "r.yaml:1: rules[0].ground.metres: the ground is mirrored: one walks around these points the other way round than in the picture; list the same points in the same order; x grows to the right and y towards the camera"),
    Wrong(text: "rules: [{id: a, kind: relation, query: person}]", told: "r.yaml:1: rules[0]: one of 'with' and 'without' is missing"),
    Wrong(text: "rules: [{id: a, kind: relation, query: person, with: truck, without: truck}]", told: "r.yaml:1: rules[0]: 'with' and 'without' are both given; keep one of them"),
    Wrong(text: "rules: [{id: a, kind: relation, query: person, with: truk}]", told: "r.yaml:1: rules[0].with: the stream has no query 'truk'; did you mean 'truck'?"),
    Wrong(text: "rules: [{id: a, kind: object.abandoned, owner: persn}]", told: "r.yaml:1: rules[0].owner: the stream has no query 'persn'; did you mean 'person'?"),
    Wrong(text: combined("kind: all, rules: [yrad, bay], same: stream"), told: "r.yaml:7: rules[4].rules[0]: no rule 'yrad'; did you mean 'yard'?"),
    Wrong(text: combined("kind: all, rules: [yard, bay]"), told: "r.yaml:7: rules[4]: 'same' is missing"),
    Wrong(text: combined("kind: all, rules: [yard, bay], same: track"),
          told: "r.yaml:7: rules[4].same: this can never come true: no track is of a query that all the rules are about; write 'same: zone' or 'same: stream'"),
    Wrong(text: combined("kind: all, rules: [yard, full], same: track"),
          told: "r.yaml:7: rules[4].same: this can never come true: rule 'full' is about no track; write 'same: zone' or 'same: stream'"),
    Wrong(text: combined("kind: then, first: yard, next: bay, within: 5s, same: zone"),
          told: "r.yaml:7: rules[4].same: this can never come true: rule 'yard' is about zone 'yard' and rule 'bay' about zone 'bay'; write 'same: stream'"),
    Wrong(text: combined("kind: then, first: gone, next: yard, within: 5s, same: track"),
          told: "r.yaml:7: rules[4].first: this can never come true: nothing happens to a track after its end; write 'same: zone' or 'same: stream'"),
    Wrong(text: combined("kind: then, first: yard, next: bay, within: 0s, same: stream"), told: "r.yaml:7: rules[4].within: 0s is too short; at least 1ms"),
    Wrong(text: combined("kind: any, rules: [yard, gone], same: stream"),
          told: "r.yaml:7: rules[4].rules: rule 'gone' (object.ended) happens in a moment, and never holds; combine moments with 'then'"),
    Wrong(text: combined("kind: not, rule: r, same: stream"), told: "r.yaml:7: rules[4]: rule 'r' combines itself in the end; a combination is made of other rules"),
    Wrong(text: combined("kind: not, rule: yard, same: stream, min_size: 2%"),
          told: "r.yaml:7: rules[4].min_size: 'min_size' says nothing here; the combined rules each have their own; with 'same: track' it would"),
  ])
  func wrong(_ row: Wrong) {
    #expect(RuleFileTests.told(row.text) == row.told)
  }

  /// A rule by day, one by night, one without hours, one in the afternoon of another continent.
  static func hours(_ rule: String) -> String {
    """
    zones: {yard: [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9]]}
    rules:
      - {id: day, kind: zone.entered, zone: yard, active: "06:00-22:00"}
      - {id: night, kind: zone.entered, zone: yard, active: "22:00-06:00"}
      - {id: always, kind: zone.entered, zone: yard}
      - {id: tokyo, kind: zone.entered, zone: yard, active: {hours: "15:00-16:00", timezone: Asia/Tokyo}}
      - {id: weekend, kind: zone.entered, zone: yard, active: {days: [sat, sun]}}
      - {id: weekdays, kind: zone.entered, zone: yard, active: {days: [mon, tue, wed, thu, fri]}}
      - {id: r, \(rule)}
      - {id: both, kind: all, rules: [day, always], same: track}
    """
  }

  @Test("Hours that leave no time for a combination are refused, and others are not", arguments: [
    Wrong(text: hours("kind: all, rules: [day, night], same: track"), told: "r.yaml:9: rules[6].rules: this can never come true: rules 'day' and 'night' are never active together; give them hours that overlap"),
    Wrong(text: hours("kind: all, rules: [weekend, always, weekdays], same: track"),
          told: "r.yaml:9: rules[6].rules: this can never come true: rules 'weekend' and 'weekdays' are never active together; give them hours that overlap"),
    Wrong(text: hours("kind: all, rules: [tokyo, night], same: stream"),
          told: "r.yaml:9: rules[6].rules: this can never come true: rules 'tokyo' and 'night' are never active together; give them hours that overlap"),
    Wrong(text: hours("kind: all, rules: [tokyo, day], same: stream"), told: "ok"),
    Wrong(text: hours("kind: all, rules: [night, both], same: track"), told: "r.yaml:9: rules[6].rules: this can never come true: rules 'night' and 'both' are never active together; give them hours that overlap"),
    Wrong(text: hours("kind: all, rules: [day, always], same: track, active: \"23:00-01:00\""),
          told: "r.yaml:9: rules[6].active: this can never come true: rules 'day', 'always' are not active in these hours; leave 'active' out: a combination follows its rules' hours"),
    Wrong(text: hours("kind: any, rules: [night, tokyo], same: track, active: \"12:00-13:00\""),
          told: "r.yaml:9: rules[6].active: this can never come true: rules 'night', 'tokyo' are not active in these hours; leave 'active' out: a combination follows its rules' hours"),
    Wrong(text: hours("kind: any, rules: [day, night], same: track"), told: "ok"),
    Wrong(text: hours("kind: not, rule: day, same: track, active: \"23:00-01:00\""), told: "ok"),
    Wrong(text: hours("kind: then, first: day, next: night, within: 30s, same: track"), told: "ok"),
    Wrong(text: hours("kind: then, first: night, next: tokyo, within: 30s, same: track"), told: "ok"),
    Wrong(text: hours("kind: then, first: weekdays, next: weekend, within: 30s, same: track, active: {days: wed}"),
          told: "r.yaml:9: rules[6].active: this can never come true: rule 'weekend' is not active in these hours; leave 'active' out: a combination follows its rules' hours"),
    Wrong(text: hours("kind: then, first: evening, next: tokyo, within: 30s, same: track").replacing("- {id: day,", with: "- {id: evening, kind: zone.entered, zone: yard, active: \"18:00-19:00\"}\n  - {id: day,"),
          told: "r.yaml:10: rules[7].next: this can never come true: rule 'tokyo' is never active within 30s after rule 'evening'; give them hours that overlap, or write a longer 'within'"),
    Wrong(text: hours("kind: then, first: evening, next: tokyo, within: 12h, same: track").replacing("- {id: day,", with: "- {id: evening, kind: zone.entered, zone: yard, active: \"18:00-19:00\"}\n  - {id: day,"),
          told: "ok"),
  ])
  func activeTogether(_ row: Wrong) {
    #expect(RuleFileTests.told(row.text) == row.told)
  }

  @Test("A rule that reports nothing and serves no other is refused", arguments: [
    Wrong(text: zones + "rules:\n  - {id: a, kind: zone.entered, zone: yard,\n     silent: true}",
          told: "r.yaml:4: rules[0].silent: rule 'a' reports nothing, and nothing uses it; leave 'silent' out, or name it in an all, any, not or then rule"),
    Wrong(text: zones + "rules: [{id: a, kind: zone.entered, zone: yard, silent: true}, {id: b, kind: not, rule: a, same: track, silent: true}]",
          told: "r.yaml:2: rules[1].silent: rule 'b' reports nothing, and nothing uses it; leave 'silent' out, or name it in an all, any, not or then rule"),
    Wrong(text: zones + "rules: [{id: a, kind: zone.entered, zone: yard, silent: true}, {id: b, kind: not, rule: a, same: track}]", told: "ok"),
    Wrong(text: zones + "rules: [{id: a, kind: zone.entered, zone: yard, silent: false}]", told: "ok"),
  ])
  func silence(_ row: Wrong) {
    #expect(RuleFileTests.told(row.text) == row.told)
  }
}
