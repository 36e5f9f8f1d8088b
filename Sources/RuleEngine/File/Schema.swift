/// JSON Schema (2020-12) of rule files, for editors: made of the same `FieldSpec`s that the parser reads.
public func ruleSchema() -> String {
  let kinds = RuleKind.allCases.map(rule)
  let root = JSON.object([
    ("$schema", "https://json-schema.org/draft/2020-12/schema"),
    ("title", "owlwatch rules"),
    ("type", "object"),
    ("additionalProperties", .flag(false)),
    ("required", .array(["rules"])),
    ("properties", .object([
      ("size", described("Reference for pixels, WIDTHxHEIGHT; left out, coordinates are 0 … 1.", pattern: "^[0-9]+x[0-9]+$")),
      ("timezone", described("Time zone of active and reset_at where they state none; UTC if left out.", pattern: nil)),
      ("zones", places("Polygons by id: corners in the order of a walk around the zone.", least: 3)),
      ("lines", places("Polylines by id, walked from the first point to the last.", least: 2)),
      ("rules", .object([("type", "array"), ("minItems", .number(1)), ("items", .object([("oneOf", .array(kinds))]))])),
      ("tests", RuleTestFields.schema),
    ])),
    ("$defs", .object(definitions)),
  ])
  return root.text() + "\n"
}

private func described(_ about: String, pattern: String?) -> JSON {
  .object([("description", .text(about)), ("type", "string")] + (pattern.map { [("pattern", .text($0))] } ?? []))
}

private func places(_ about: String, least: Int) -> JSON {
  .object([("description", .text(about)), ("type", "object"),
           ("propertyNames", reference("name")),
           ("additionalProperties", .object([("type", "array"), ("minItems", .number(least)), ("items", reference("point"))]))])
}

func reference(_ name: String) -> JSON { .object([("$ref", .text("#/$defs/\(name)"))]) }

private func rule(_ kind: RuleKind) -> JSON {
  let specs = RuleFields.of(kind)
  var properties: [(String, JSON)] = [
    ("id", .object([("description", "Names the rule in events."), ("$ref", "#/$defs/name")])),
    ("kind", .object([("const", .text(kind.rawValue))])),
  ]
  for spec in specs { properties.append((spec.name, property(spec))) }
  return .object([
    ("title", .text(kind.rawValue)), ("type", "object"), ("additionalProperties", .flag(false)),
    ("required", .array(["id", "kind"] + specs.filter(\.isNeeded).map { .text($0.name) })),
    ("properties", .object(properties)),
  ] + need(kind.definition.needs))
}

private func need(_ need: Need?) -> [(String, JSON)] {
  func required(_ names: [String]) -> JSON { .array(names.map { .object([("required", .array([.text($0)]))]) }) }
  switch need {
  case nil: return []
  case .exactlyOne(let names): return [("oneOf", required(names))]
  case .atLeastOne(let names): return [("anyOf", required(names))]
  }
}

private func property(_ spec: FieldSpec) -> JSON {
  var members: [(String, JSON)] = [("description", .text(spec.about))]
  if let standard = spec.standard { members.append(("default", defaultValue(spec.type, standard))) }
  members.append(("examples", .array([.text(spec.example)])))
  if case .word(let words) = spec.type {
    members.append(("enum", .array(words.map { .text($0) })))
  } else {
    members.append(("$ref", .text("#/$defs/\(spec.type.definition)")))
  }
  return .object(members)
}

private func defaultValue(_ type: FieldType, _ written: String) -> JSON {
  switch type {
  case .flag: .flag(written == "true")
  case .count: Double(written).map { .decimal($0) } ?? .text(written)
  default: .text(written)
  }
}

extension FieldType {
  /// The name of its definition in the schema.
  var definition: String {
    switch self {
    case .duration: "duration"
    case .distance: "distance"
    case .share: "share"
    case .count: "count"
    case .flag: "flag"
    case .word: preconditionFailure("a word is an enum, not a definition")
    case .zone, .line, .rule: "name"
    case .queries, .rules: "names"
    case .directions: "directions"
    case .schedule: "schedule"
    case .times: "times"
    case .timezone: "timezone"
    case .heading: "heading"
    case .angle: "angle"
    case .speed: "speed"
    case .ground: "ground"
    }
  }
}

/// Names and texts need no quotes, whatever YAML takes them for: an id may be 12 or no.
private let scalar = JSON.array(["string", "number", "boolean"])

private let definitions: [(String, JSON)] = [
  ("name", .object([("type", scalar), ("pattern", "^[\\p{L}\\p{N}._-]{1,64}$")])),
  ("text", .object([("type", scalar), ("minLength", .number(1))])),
  ("names", .object([("oneOf", .array([reference("text"), .object([("type", "array"), ("minItems", .number(1)), ("items", reference("text"))])]))])),
  ("point", .object([("type", "array"), ("prefixItems", .array([.object([("type", "number")]), .object([("type", "number")])])), ("minItems", .number(2)), ("maxItems", .number(2))])),
  ("duration", .object([("type", "string"), ("pattern", "^[0-9.]+(ns|us|ms|s|m|h|d)$")])),
  ("distance", .object([("type", .array(["string", "number"])), ("pattern", "^[0-9.eE+-]+(%|px)?$")])),
  ("share", .object([("type", .array(["string", "number"])), ("pattern", "^[0-9.eE+-]+%?$")])),
  ("count", .object([("type", "integer"), ("minimum", .number(0))])),
  ("flag", .object([("type", "boolean")])),
  ("directions", .object([("type", "object"), ("minProperties", .number(1)), ("additionalProperties", .flag(false)),
                          ("properties", .object([("right", reference("name")), ("left", reference("name"))]))])),
  ("hours", .object([("type", "string"), ("pattern", "^[0-9]{2}:[0-9]{2}(:[0-9]{2})?-[0-9]{2}:[0-9]{2}(:[0-9]{2})?$")])),
  ("time", .object([("type", "string"), ("pattern", "^[0-9]{2}:[0-9]{2}(:[0-9]{2})?$")])),
  ("times", .object([("oneOf", .array([reference("time"), .object([("type", "array"), ("minItems", .number(1)), ("items", reference("time"))])]))])),
  ("timezone", .object([("type", "string")])),
  ("window", .object([("oneOf", .array([
    reference("hours"),
    .object([("type", "object"), ("additionalProperties", .flag(false)), ("properties", .object([
      ("days", .object([("oneOf", .array([reference("day"), .object([("type", "array"), ("minItems", .number(1)), ("items", reference("day"))])]))])),
      ("from", reference("time")), ("to", reference("time")),
      ("hours", .object([("oneOf", .array([reference("hours"), .object([("type", "array"), ("items", reference("hours"))])]))])),
      ("timezone", reference("timezone")),
    ]))]),
  ]))])),
  ("day", .object([("enum", .array(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]))])),
  ("schedule", .object([("oneOf", .array([reference("window"), .object([("type", "array"), ("minItems", .number(1)), ("items", reference("window"))])]))])),
  ("heading", .object([("oneOf", .array([.object([("enum", .array(["left", "right", "up", "down"]))]),
                                         .object([("type", "array"), ("minItems", .number(2)), ("maxItems", .number(2)), ("items", reference("point"))])]))])),
  ("angle", .object([("type", .array(["string", "number"])), ("pattern", "^[0-9.]+(°|deg)?$")])),
  ("speed", .object([("type", "string"), ("pattern", "^[0-9.]+ ?(km/h|m/s|mph)$")])),
  ("ground", .object([("type", "object"), ("additionalProperties", .flag(false)), ("required", .array(["picture", "metres"])),
                      ("properties", .object([("picture", reference("quad")), ("metres", reference("quad"))]))])),
  ("quad", .object([("type", "array"), ("minItems", .number(4)), ("maxItems", .number(4)), ("items", reference("point"))])),
]
