import Configuration
import RuleEngine
import Scene
import Testing

@Suite struct RuleFileTests {
  static let queries = [Query(id: "person", text: "a person"), Query(id: "truck", text: "red truck"), Query(id: "poster", text: "poster", suppresses: true)]

  /// The message of what is wrong with a rule file; `ok` where nothing is.
  static func told(_ text: String, queries: [Query]? = queries) -> String {
    do {
      _ = try RuleSet.parse(text, file: "r.yaml", queries: queries)
      return "ok"
    } catch { return error.description }
  }

  static let zone = "zones: {yard: [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9]]}\n"
  static let line = "lines: {gate: [[0.5, 0], [0.5, 1]]}\n"

  struct Wrong: CustomTestStringConvertible {
    var text: String, told: String
    var testDescription: String { told }
  }

  @Test(arguments: [
    Wrong(text: "", told: "r.yaml:1: 'rules' is missing"),
    Wrong(text: "rules: []", told: "r.yaml:1: rules: 0 rules are too few; at least 1"),
    Wrong(text: "[1, 2]", told: "r.yaml:1: a rule file is written as fields (key: value), not as a list"),
    Wrong(text: "rule: []", told: "r.yaml:1: rule: a rule file has no field 'rule'; did you mean 'rules'?"),
    Wrong(text: "rules: [{id: a}]", told: "r.yaml:1: rules[0]: 'kind' is missing"),
    Wrong(text: "rules: [{kind: object.appeared}]", told: "r.yaml:1: rules[0]: 'id' is missing"),
    Wrong(text: "rules: [{id: a, kind: zone.enterd}]", told: "r.yaml:1: rules[0].kind: no kind 'zone.enterd'; did you mean 'zone.entered'?"),
    Wrong(text: "rules: [{id: a b, kind: object.appeared}]", told: "r.yaml:1: rules[0].id: 'a b' is no name; a name is 1 to 64 letters, digits, '-', '_' or '.'"),
    Wrong(text: zone + "rules:\n  - id: a\n    kind: zone.entered\n    zone: yrad", told: "r.yaml:5: rules[0].zone: no zone 'yrad'; did you mean 'yard'?"),
    Wrong(text: "rules: [{id: a, kind: zone.entered, zone: yard}]", told: "r.yaml:1: rules[0].zone: no zone 'yard'; the file has no zones"),
    Wrong(text: "rules: [{id: a, kind: zone.entered}]", told: "r.yaml:1: rules[0]: 'zone' is missing"),
    Wrong(text: line + "rules: [{id: a, kind: line.crossed, line: gat}]", told: "r.yaml:2: rules[0].line: no line 'gat'; did you mean 'gate'?"),
    Wrong(text: zone + "rules: [{id: a, kind: zone.entered, zone: yard, entre_hold: 1s}]",
          told: "r.yaml:2: rules[0].entre_hold: a zone.entered rule has no field 'entre_hold'; did you mean 'enter_hold'?"),
    Wrong(text: zone + "rules: [{id: a, kind: zone.entered, zone: yard, enter_hold: 600}]",
          told: "r.yaml:2: rules[0].enter_hold: '600' is not a duration; write the unit: 600s or 600ms"),
    Wrong(text: zone + "rules: [{id: a, kind: zone.entered, zone: yard, margin: 8px}]",
          told: "r.yaml:2: rules[0].margin: '8px' has no reference; state 'size: WIDTHxHEIGHT' at the top of the file, or write a share, 1%"),
    Wrong(text: zone + "rules: [{id: a, kind: zone.entered, zone: yard, margin: 120%}]",
          told: "r.yaml:2: rules[0].margin: 120% is outside 0 … 1; write 1%, 0.01 or 8px"),
    Wrong(text: zone + "rules: [{id: a, kind: zone.entered, zone: yard, margin: nan}]",
          told: "r.yaml:2: rules[0].margin: 'nan' is not a distance; write 1%, 0.01 or 8px"),
    Wrong(text: "rules: [{id: a, kind: object.appeared, query: persn}]", told: "r.yaml:1: rules[0].query: the stream has no query 'persn'; did you mean 'person'?"),
    Wrong(text: "rules: [{id: a, kind: object.appeared, query: [person, poster]}]",
          told: "r.yaml:1: rules[0].query[1]: the stream has no query 'poster'; there is person, a person, truck, red truck"),
    Wrong(text: "rules: [{id: a, kind: object.appeared}, {id: a, kind: object.ended}]",
          told: "r.yaml:1: rules[1]: two rules share the id 'a'; events tell rules apart by their ids"),
    Wrong(text: "zones: {z: [[0, 0], [1, 1]]}\nrules: [{id: a, kind: object.appeared}]", told: "r.yaml:1: zones.z: 2 corners of a zone are too few; at least 3"),
    Wrong(text: "zones: {z: [[0, 0], [0.5, 0.5], [1, 1]]}\nrules: [{id: a, kind: object.appeared}]", told: "r.yaml:1: zones.z: the zone has no area: its corners lie on one straight line"),
    Wrong(text: "zones: {z: [[0, 0], [1, 1], [1, 0], [0, 1]]}\nrules: [{id: a, kind: object.appeared}]",
          told: "r.yaml:1: zones.z: the border crosses itself: the edge after corner 1 meets the edge after corner 3; list the corners in the order in which one walks around the zone"),
    Wrong(text: "zones: {z: [[80, 300], [700, 300], [760, 570]]}\nrules: [{id: a, kind: object.appeared}]",
          told: "r.yaml:1: zones.z[0]: [80, 300] is outside 0 … 1; if these are pixels, state 'size: WIDTHxHEIGHT' at the top of the file"),
    Wrong(text: "size: 768x576\nzones: {z: [[800, 300], [900, 300], [900, 500]]}\nrules: [{id: a, kind: object.appeared}]",
          told: "r.yaml:2: zones.z: the zone lies outside the picture; its pixels are counted in 768x576"),
    Wrong(text: "size: 768x576\nzones: {z: [[80, 300], [1900, 300], [900, 500]]}\nrules: [{id: a, kind: object.appeared}]",
          told: "r.yaml:2: zones.z[1]: [1900, 300] is far outside the picture of 768x576; is 'size' the size in which these pixels were read?"),
    Wrong(text: "zones: {z: [[nan, 0], [1, 0], [1, 1]]}\nrules: [{id: a, kind: object.appeared}]", told: "r.yaml:1: zones.z[0][0]: 'nan' is not a number"),
    Wrong(text: "lines: {l: [[0.5, 0]]}\nrules: [{id: a, kind: object.appeared}]", told: "r.yaml:1: lines.l: 1 points of a line are too few; at least 2"),
    Wrong(text: "lines: {l: [[0.5, 0], [0.5, 0]]}\nrules: [{id: a, kind: object.appeared}]", told: "r.yaml:1: lines.l: points 1 and 2 of the line are the same"),
    Wrong(text: line + "rules: [{id: a, kind: line.crossed, line: gate, directions: {rihgt: in}}]",
          told: "r.yaml:2: rules[0].directions.rihgt: directions has no field 'rihgt'; did you mean 'right'?"),
    Wrong(text: line + "rules: [{id: a, kind: line.crossed, line: gate, directions: {right: in, left: in}}]",
          told: "r.yaml:2: rules[0].directions: both directions are called 'in'; give them different names"),
    Wrong(text: line + "rules: [{id: a, kind: line.count, line: gate, every: 0s}]", told: "r.yaml:2: rules[0].every: 0s is too short; at least 1ms"),
    Wrong(text: "rules: [{id: a, kind: object.appeared, severity: alarm}]", told: "r.yaml:1: rules[0].severity: no 'severity' called 'alarm'; there is info, warning, alert"),
    Wrong(text: "rules: [{id: a, kind: object.appeared, active: 22:00-22:00}]",
          told: "r.yaml:1: rules[0].active: this never holds: the hours end when they begin; for the whole day leave 'from' and 'to' out"),
    Wrong(text: "rules: [{id: a, kind: object.appeared, active: {days: []}}]", told: "r.yaml:1: rules[0].active.days: 0 days are too few; at least 1"),
    Wrong(text: "rules: [{id: a, kind: object.appeared, active: {from: 25:00}}]", told: "r.yaml:1: rules[0].active.from: '25:00' is no time of the day; write 06:00 or 22:30"),
    Wrong(text: "rules: [{id: a, kind: object.appeared, active: {timezone: Europe/Berln}}]",
          told: "r.yaml:1: rules[0].active.timezone: no time zone 'Europe/Berln'; did you mean 'Europe/Berlin'?"),
    Wrong(text: "size: 768\nrules: [{id: a, kind: object.appeared}]", told: "r.yaml:1: size: '768' is no picture size; write WIDTHxHEIGHT, 768x576"),
  ])
  func wrong(_ row: Wrong) {
    #expect(Self.told(row.text) == row.told)
  }

  @Test("Without a stream a rule's query is not checked; ids, units and times need no quotes")
  func lenient() {
    #expect(Self.told("rules: [{id: no, kind: object.appeared, query: anything, active: 22:00-06:00}]", queries: nil) == "ok")
    #expect(Self.told("rules: [{id: a, kind: object.appeared, query: red truck}]") == "ok")
  }

  @Test("Pixels and shares say the same")
  func pixels() throws {
    let pixels = try RuleSet.parse("size: 768x576\nzones: {z: [[192, 144], [576, 144], [576, 432]]}\nrules: [{id: a, kind: zone.entered, zone: z}]", file: nil, queries: nil)
    #expect(pixels.zones[0].points == [Point(x: 0.25, y: 0.25), Point(x: 0.75, y: 0.25), Point(x: 0.75, y: 0.75)])
    #expect(pixels.size == PictureSize(width: 768, height: 576))
  }

  @Test("Equal texts have equal digests, others don't")
  func digest() throws {
    let a = try RuleSet.parse("rules: [{id: a, kind: object.appeared}]", file: "x", queries: nil)
    let b = try RuleSet.parse("rules: [{id: a, kind: object.appeared}]", file: "y", queries: Self.queries)
    let c = try RuleSet.parse("rules: [{id: b, kind: object.appeared}]", file: "x", queries: nil)
    #expect(a.digest == b.digest && a.digest != c.digest && a.digest.count == 16)
  }
}
