import Configuration
import Scene
import Testing

@Suite struct ConfigurationNodeTests {
  static func field(_ value: String) throws -> ConfigurationNode {
    let node = try ConfigurationNode.parse("key: \(value)", file: "f.yaml")
    return try node.fields(known: ["key"], of: "a test").required("key")
  }

  static func mistake(_ body: () throws -> Void) -> String {
    do { try body(); return "no mistake" } catch let error as ConfigurationError { return error.description } catch { return "\(error)" }
  }

  @Test("Scalars are what is written: YAML 1.1's guesses don't apply", arguments: ["22:00", "no", "1e3", "0x1F", "~", "on", "1_000", "2026-11-21"])
  func asWritten(_ text: String) throws {
    #expect(try Self.field(text).text() == text)
    #expect(try Self.field("\"\(text)\"").text() == text)
  }

  @Test("Values are read as the field wants them")
  func values() throws {
    #expect(try Self.field("0.25").number() == 0.25)
    #expect(try Self.field("-1e-3").number() == -0.001)
    #expect(try Self.field("12").integer() == 12)
    #expect(try Self.field("400ms").duration() == .milliseconds(400))
    #expect(try Self.field("true").flag())
    #expect(try Self.field("no").identifier() == "no")
    #expect(try Self.field("[1, 2.5]").point() == Point(x: 1, y: 2.5))
    #expect(try Self.field("768x576").pictureSize() == PictureSize(width: 768, height: 576))
    #expect(try Self.field("[a, b]").list().map { try $0.text() } == ["a", "b"])
    #expect(try Self.field("a").oneOrMore().map { try $0.text() } == ["a"])
  }

  struct Wrong: CustomTestStringConvertible {
    var value: String, read: @Sendable (ConfigurationNode) throws -> Void, told: String
    var testDescription: String { "\(value): \(told)" }
  }

  @Test("A wrong value is told with file, line, key, the value and the remedy", arguments: [
    Wrong(value: "nan", read: { _ = try $0.number() }, told: "'nan' is not a number"),
    Wrong(value: "inf", read: { _ = try $0.number() }, told: "'inf' is not a number"),
    Wrong(value: "1e999", read: { _ = try $0.number() }, told: "'1e999' is not a number"),
    Wrong(value: "2", read: { _ = try $0.number(in: 0...1) }, told: "2 is outside 0 … 1"),
    Wrong(value: "1.5", read: { _ = try $0.integer() }, told: "'1.5' is not a whole number"),
    Wrong(value: "99999999999999999999", read: { _ = try $0.integer() }, told: "'99999999999999999999' is not a whole number"),
    Wrong(value: "15", read: { _ = try $0.duration() }, told: "'15' is not a duration; write the unit: 15s or 15ms"),
    Wrong(value: "-1s", read: { _ = try $0.duration() }, told: "'-1s' is not a duration; write 400ms, 15s or 2m"),
    Wrong(value: "yes", read: { _ = try $0.flag() }, told: "'yes' is neither true nor false; write true"),
    Wrong(value: "[1]", read: { _ = try $0.point() }, told: "a point is two numbers, [x, y]"),
    Wrong(value: "[1, 2, 3]", read: { _ = try $0.point() }, told: "a point is two numbers, [x, y]"),
    Wrong(value: "{a: 1}", read: { _ = try $0.text() }, told: "text is needed here, not fields (key: value)"),
    Wrong(value: "a b", read: { _ = try $0.identifier() }, told: "'a b' is no name; a name is 1 to 64 letters, digits, '-', '_' or '.'"),
    Wrong(value: "768", read: { _ = try $0.pictureSize() }, told: "'768' is no picture size; write WIDTHxHEIGHT, 768x576"),
    Wrong(value: "0x0", read: { _ = try $0.pictureSize() }, told: "'0x0' is no picture size; each side is 1 … 65536 pixels"),
    Wrong(value: "blu", read: { _ = try $0.choice(["red", "blue"], what: "colour") }, told: "no colour 'blu'; did you mean 'blue'?"),
  ])
  func wrong(_ row: Wrong) {
    #expect(Self.mistake { try row.read(Self.field(row.value)) } == "f.yaml:1: key: \(row.told)")
  }

  @Test("Unknown keys, duplicate keys, missing keys")
  func keys() throws {
    #expect(Self.mistake { _ = try ConfigurationNode.parse("\nzone: a\nkine: b", file: "f.yaml").fields(known: ["zone", "kind"], of: "a rule") }
      == "f.yaml:3: kine: a rule has no field 'kine'; did you mean 'kind'?")
    #expect(Self.mistake { _ = try ConfigurationNode.parse("a: 1\nb: 2\na: 3", file: "f.yaml") }.contains("'a' is written twice"))
    #expect(Self.mistake { _ = try ConfigurationNode.parse("a: {no: 1}", file: "f.yaml").fields(known: ["a"], of: "it").required("b") } == "f.yaml:1: 'b' is missing")
    let nested = try ConfigurationNode.parse("rules:\n  - zone: x\n  - zone: gte", file: "Rules/gate.yaml")
    let rule = try nested.fields(known: ["rules"], of: "a file").required("rules").list()[1]
    let zone = try rule.fields(known: ["zone"], of: "a rule").required("zone")
    let error = zone.mistake("no zone 'gte'", suggestion: "did you mean 'gate'?")
    #expect(error.description == "Rules/gate.yaml:3: rules[1].zone: no zone 'gte'; did you mean 'gate'?")
    #expect(error.value == "gte" && error.column == 11)
  }

  @Test("A key without a value counts as left out")
  func nothing() throws {
    #expect(try ConfigurationNode.parse("a:\nb: 1", file: nil).fields(known: ["a", "b"], of: "it")["a"] == nil)
  }
}

@Suite struct HostileFileTests {
  static func told(_ text: String) -> String {
    ConfigurationNodeTests.mistake { _ = try ConfigurationNode.parse(text, file: "f.yaml") }
  }

  @Test("A megabyte of brackets is one clear error, at once", arguments: ["[", "{", "- ", "? ", "[{a: "])
  func nesting(_ piece: String) {
    let start = ContinuousClock.now
    let told = Self.told(String(repeating: piece, count: (1 << 20) / piece.utf8.count))
    #expect(told == "f.yaml:1: nested more than 64 deep; nothing that is read here is; look for a bracket that is never closed")
    #expect(ContinuousClock.now - start < .seconds(2))
  }

  @Test("A hundred levels are too deep as well, sixty are not")
  func depth() {
    #expect(Self.told(String(repeating: "[", count: 100) + String(repeating: "]", count: 100)).contains("nested more than 64 deep"))
    #expect(Self.told(String(repeating: "[", count: 60) + String(repeating: "]", count: 60)) == "no mistake")
  }

  @Test("Anchors that explode are refused before they do")
  func anchors() {
    var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1...30 { bomb += "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]\n" }
    let start = ContinuousClock.now
    #expect(Self.told(bomb) == "f.yaml:3: anchors and aliases (&name, *name) are not read here; write the value out")
    #expect(ContinuousClock.now - start < .seconds(1))
    #expect(Self.told("a: &x 1\nb: *x").contains("anchors and aliases"))
    #expect(Self.told("? &x [a]\n: 1").contains("f.yaml:1:"))
  }

  @Test("What is no YAML, or not one document, is told with its line", arguments: [
    ("a: [1, 2\nb: 3", "f.yaml:2"), ("a: 'b", "f.yaml:1"), ("a: 1\n\tb: 2", "f.yaml:2"), ("a: 1\n--- \nb: 2", "f.yaml:2"), ("a: *nobody", "f.yaml:1"),
    ("%YAML 9.9\n---\na: 1", "f.yaml:1"),
  ])
  func noYAML(_ text: String, _ place: String) {
    #expect(Self.told(text).hasPrefix(place), "\(Self.told(text))")
  }

  @Test("Control characters, an empty file, a byte order mark")
  func odd() throws {
    #expect(Self.told("a: \u{0}").contains("f.yaml"))
    #expect(Self.told("") == "no mistake")
    #expect(Self.told("# nothing\n") == "no mistake")
  }

  @Test("A missing file, a directory, bytes that are no text, an endless device")
  func files() {
    func told(_ path: String) -> String { ConfigurationNodeTests.mistake { _ = try ConfigurationNode.load(path: path) } }
    #expect(told("/nowhere/x.yaml") == "/nowhere/x.yaml: no such file; check the path")
    #expect(told("/") == "/: this is a directory, not a file; name a file in it")
    #expect(told("/dev/zero") == "/dev/zero: the file is larger than 4 MB")
    #expect(told("/bin/true").hasPrefix("/bin/true: the file is not text in UTF-8"))
  }

  @Test("Seeded damage to a good file never crashes the reader")
  func damage() {
    let good = Array("size: 768x576\nzones: {yard: [[80, 300], [700, 300]]}\nrules:\n  - {id: a, kind: \"b\", after: 30s, &x c: *x}\n".utf8)
    let pieces = Array("[]{}:,&*!|>'\"%@`#-?\n\t \u{7f}\0é".utf8)
    var seed: UInt64 = 1
    func next(_ bound: Int) -> Int {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((seed >> 33) % UInt64(bound))
    }
    var refused = 0
    for _ in 0..<3000 {
      var bytes = good
      for _ in 0...next(6) {
        switch next(3) {
        case 0: bytes[next(bytes.count)] = pieces[next(pieces.count)]
        case 1: bytes.insert(pieces[next(pieces.count)], at: next(bytes.count))
        default: bytes.remove(at: next(bytes.count))
        }
      }
      if Self.told(String(decoding: bytes, as: UTF8.self)) != "no mistake" { refused += 1 }
    }
    #expect(refused > 1000)
  }
}
