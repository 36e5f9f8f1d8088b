import Configuration
public import EventLog
public import Scene

/// A rule file, read and checked.
public struct RuleSet: Sendable {
  /// As the user named it; nil for rules that stand in no file.
  public var file: String?
  /// The reference that the file's pixels are counted in; nil where it is written in 0…1.
  public var size: PictureSize?
  /// Normalised.
  public var zones: [Zone]
  /// Normalised.
  public var lines: [Line]
  /// In the order of the file.
  public var rules: [Rule]
  /// Timelines that stand in the file, in its order.
  public var tests: [RuleTest] = []
  /// The file's content; nil for rules that stand in no file.
  var root: ConfigurationNode?
  /// Names what the file says: equal texts have equal digests. 16 hexadecimal digits.
  public var digest: String

  /// Ids of the rules in the order of the file.
  public var ruleIDs: [String] { rules.map(\.id) }

  /// Without a rule file every query gets `object.appeared` and `object.ended`; the rule is called like the query.
  public static func standard(queries: [Query]) -> RuleSet {
    let shown = queries.filter { !$0.suppresses }
    let rules = shown.map {
      Rule(id: $0.id, kind: .objectAppeared, queries: [$0.id], subject: nil, common: CommonSettings(), settings: ObjectAppeared.Settings())
    }
    let digest = digestText(shown.map(\.id).joined(separator: "\n"))
    return RuleSet(file: nil, size: nil, zones: [], lines: [], rules: rules, digest: digest)
  }

  /// Whether the rule that reported this asks for the picture with the object marked.
  public func wantsSnapshot(_ event: Event) -> Bool {
    guard let id = event.rule?.id else { return false }
    return rules.first { $0.id == id }?.wantsSnapshot ?? false
  }
}

/// FNV-1a, 64 bits, in hexadecimal: tells rule files apart, guards against nobody.
func digestText(_ text: String) -> String {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
  let digits = String(hash, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}
