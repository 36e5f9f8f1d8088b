/// The fields of `tests`: the one place that says what they are called, what they look like and what they mean.
/// Reader and schema both read it.
enum RuleTestFields {
  struct Field {
    var name: String
    var about: String
    var isNeeded = false
    var shape: JSON
  }

  static let test: [Field] = [
    Field(name: "name", about: "What the test shows, in words.", isNeeded: true, shape: .object([("type", "string")])),
    Field(name: "every", about: "Time between keyframes; 200ms if left out.", shape: reference("duration")),
    Field(name: "start", about: "Camera time of 0s, for active and reset_at: 2026-05-04T22:00:00Z. 1970-01-01T00:00:00Z if left out.", shape: .object([("type", "string")])),
    Field(name: "until", about: "When the timeline is over; left out, with the last point of the last track.", shape: reference("duration")),
    Field(name: "gaps", about: "Stretches of which nothing is known, each from a time to a time.",
          shape: .object([("type", "array"), ("items", .object([("type", "array"), ("minItems", .number(2)), ("maxItems", .number(2)), ("items", reference("duration"))]))])),
    Field(name: "tracks", about: "The tracks.", isNeeded: true, shape: .object([("type", "array"), ("items", entry(track))])),
    Field(name: "rules", about: "Whose events must all be expected ones. Left out: the rules that are expected to tell something; all of them where nothing is expected.", shape: reference("names")),
    Field(name: "expect", about: "The events, each once; none: [].", isNeeded: true, shape: .object([("type", "array"), ("items", entry(expectation))])),
  ]

  static let track: [Field] = [
    Field(name: "id", about: "Names the track in expect; its number from 1 if left out.", shape: reference("name")),
    Field(name: "query", about: "What it is: a query of the rules. Left out: the first that the rules name.", shape: .object([("type", "string")])),
    Field(name: "score", about: "Score of its detections; 0.9 if left out.", shape: reference("share")),
    Field(name: "box", about: "Width and height, in the file's pixels or in 0 … 1; 0.05 by 0.1 of the picture if left out.", shape: reference("point")),
    Field(name: "path", about: "Where the middle of its bottom edge is, by time, straight from point to point; hidden: from here on not detected.",
          shape: points(reference("point"))),
    Field(name: "boxes", about: "In place of path and box: left, top, right, bottom by time.",
          shape: points(.object([("type", "array"), ("minItems", .number(4)), ("maxItems", .number(4)), ("items", .object([("type", "number")]))]))),
  ]

  static let expectation: [Field] = [
    Field(name: "at", about: "When it happens.", isNeeded: true, shape: reference("duration")),
    Field(name: "within", about: "How much earlier or later will do; 200ms if left out.", shape: reference("duration")),
    Field(name: "rule", about: "The rule's id.", isNeeded: true, shape: reference("name")),
    Field(name: "type", about: "Its type: zone.entered.", shape: .object([("type", "string")])),
    Field(name: "phase", about: "Of what lasts: start, update or end.", shape: words(["start", "update", "end"])),
    Field(name: "reason", about: "Why it ended: left, lost, gap, …", shape: .object([("type", "string")])),
    Field(name: "severity", about: "Its severity.", shape: words(["info", "warning", "alert"])),
    Field(name: "track", about: "The track's id, or its number from 1.", shape: reference("name")),
    Field(name: "direction", about: "As the rule calls it.", shape: reference("name")),
    Field(name: "count", about: "Crossings so far.", shape: reference("count")),
    Field(name: "data", about: "More fields of the event's data, by name.", shape: .object([("type", "object")])),
  ]

  static var schema: JSON {
    .object([("type", "array"), ("description", "Timelines that `owlwatch rules test` runs."), ("items", entry(test))])
  }

  private static func entry(_ fields: [Field]) -> JSON {
    .object([
      ("type", "object"), ("additionalProperties", .flag(false)),
      ("required", .array(fields.filter(\.isNeeded).map { .text($0.name) })),
      ("properties", .object(fields.map { ($0.name, described($0)) })),
    ])
  }

  private static func described(_ field: Field) -> JSON {
    guard case .object(let members) = field.shape else { return field.shape }
    return .object([("description", .text(field.about))] + members.filter { $0.0 != "description" })
  }

  private static func points(_ shape: JSON) -> JSON {
    .object([("type", "object"), ("minProperties", .number(1)), ("propertyNames", reference("duration")),
             ("additionalProperties", .object([("oneOf", .array([shape, .object([("const", "hidden")])]))]))])
  }

  private static func words(_ words: [String]) -> JSON { .object([("enum", .array(words.map { .text($0) }))]) }
}
