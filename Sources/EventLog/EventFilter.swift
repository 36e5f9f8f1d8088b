import Glibc
import Scene

/// Which lines to show. Fields that are empty or nil ask for nothing; a list asks for one of its entries; all that is asked for
/// must hold. A line that lacks the asked-for field is not shown.
public struct EventFilter: Sendable, Equatable {
  /// `line.crossed`, with or without `owlwatch.`; `zone` or `zone.*` for all types of a family.
  public var types: [String] = []
  /// Ids of rules.
  public var rules: [String] = []
  /// Ids of queries.
  public var queries: [String] = []
  /// Ids of streams.
  public var streams: [String] = []
  /// `7-12`.
  public var tracks: [String] = []
  /// Ids of zones: events whose subject is `zone/…` or that name a zone in their data.
  public var zones: [String] = []
  /// Of the object, 0…1.
  public var minimumScore: Double?
  public var minimumSeverity: Severity?
  public var shadows = Shadows.show
  /// Camera time from which on, nanoseconds since 1970, inclusive.
  public var since: Int64?
  /// Camera time up to which, exclusive.
  public var until: Int64?

  public init() {}

  /// What becomes of events of rules on trial.
  public enum Shadows: String, Sendable, CaseIterable { case show, hide, only }

  public var isEmpty: Bool { self == EventFilter() }

  /// Reads a point in time: RFC 3339 (`2026-05-04T10:11:12Z`, `…+02:00`; without a zone it is UTC; seconds or the whole clock time may be left out),
  /// or a duration before now (`10m`, `2h`, `1d`). Throws `usage`.
  /// - Parameter now: nanoseconds since 1970; nil: the wall clock.
  public static func time(_ text: String, now: Int64? = nil) throws(EventLogError) -> Int64 {
    if let ago = MediaInterval(text: text) { return (now ?? wallClock()) - ago.nanoseconds }
    var utf8 = text
    if let time = utf8.withUTF8({ parseTime(UnsafeRawBufferPointer($0)) }) { return time }
    throw EventLogError(.usage, path: "", attempted: "read the time '\(text.escapedForTerminal)'", reason: "it is neither a point in time nor a duration",
                        remedy: "write 2026-05-04T10:11:12Z, 2026-05-04 or 10m (ten minutes ago)")
  }
}

/// A type or a family of types, as people write it: `zone.entered`, `owlwatch.zone.entered`, `zone`, `zone.*`.
public enum EventTypePattern: Sendable, Equatable {
  case type(String)
  /// What all its types begin with, the dot included.
  case family(String)

  public init(_ text: String) {
    let bare = text.hasPrefix("owlwatch.") ? String(text.dropFirst(9)) : text
    if bare.hasSuffix(".*") { self = .family(String(bare.dropLast())) } else { self = bare.contains(".") ? .type(bare) : .family(bare + ".") }
  }

  /// Whether there is any such type.
  public var isKnown: Bool {
    switch self {
    case .type(let type): EventType(rawValue: type) != nil
    case .family(let start): EventType.allCases.contains { $0.rawValue.hasPrefix(start) }
    }
  }
}

/// A filter made ready to be held against many lines.
public struct PreparedFilter: Sendable {
  private let wanted: UInt32
  private let types: [[UInt8]]
  private let families: [[UInt8]]
  private let rules: [[UInt8]]
  private let queries: [[UInt8]]
  private let streams: [[UInt8]]
  private let tracks: [[UInt8]]
  private let zones: [[UInt8]]
  private let zoneSubjects: [[UInt8]]
  private let severities: [[UInt8]]
  private let minimumScore: Double?
  private let shadows: EventFilter.Shadows
  private let since: Int64
  private let until: Int64
  private let hasTimes: Bool

  public init(_ filter: EventFilter) {
    let patterns = filter.types.map(EventTypePattern.init)
    types = patterns.compactMap { if case .type(let type) = $0 { Self.written("owlwatch." + type) } else { nil } }
    families = patterns.compactMap { if case .family(let start) = $0 { Self.written("owlwatch." + start) } else { nil } }
    rules = filter.rules.map(Self.written)
    queries = filter.queries.map(Self.written)
    streams = filter.streams.map { Self.written("urn:owlwatch:" + $0) }
    tracks = filter.tracks.map(Self.written)
    zones = filter.zones.map(Self.written)
    zoneSubjects = filter.zones.map { Self.written("zone/" + $0) }
    let least = filter.minimumSeverity.flatMap { Severity.allCases.firstIndex(of: $0) }
    severities = least.map { Severity.allCases[$0...].map { Self.written($0.rawValue) } } ?? []
    minimumScore = filter.minimumScore
    shadows = filter.shadows
    since = filter.since ?? .min
    until = filter.until ?? .max
    hasTimes = filter.since != nil || filter.until != nil
    var wanted: UInt32 = 0
    if !filter.types.isEmpty { wanted |= LineFields.Name.type.bit }
    if !rules.isEmpty { wanted |= LineFields.Name.rule.bit }
    if !queries.isEmpty { wanted |= LineFields.Name.query.bit }
    if !streams.isEmpty { wanted |= LineFields.Name.source.bit }
    if !tracks.isEmpty { wanted |= LineFields.Name.track.bit }
    if !zones.isEmpty { wanted |= LineFields.Name.zone.bit | LineFields.Name.subject.bit }
    if !severities.isEmpty { wanted |= LineFields.Name.severity.bit }
    if minimumScore != nil { wanted |= LineFields.Name.score.bit }
    if hasTimes { wanted |= LineFields.Name.time.bit }
    if shadows != .show { wanted |= LineFields.Name.shadow.bit }
    self.wanted = wanted
  }

  /// Text as the log writes it between quotes.
  private static func written(_ text: String) -> [UInt8] {
    var buffer = ByteBuffer(capacity: 64)
    buffer.append(string: text)
    return Array(buffer.bytes.dropFirst().dropLast())
  }

  enum Answer: Equatable {
    case shown, hidden
    case problem(LineProblem.Kind)
  }

  /// Whether a line (without its line feed) is an event that passes. Takes about 1 ns a byte up to the last field asked for.
  public func matches(_ line: UnsafeRawBufferPointer) -> Bool { judge(line) == .shown }

  func judge(_ line: UnsafeRawBufferPointer) -> Answer {
    var fields = LineFields()
    switch fields.scan(line, wanted: wanted) {
    case .garbage: return .problem(.garbage)
    case .newer(let version): return .problem(.newer(version: version))
    case .event: return wanted == 0 || passes(fields, line) ? .shown : .hidden
    }
  }

  private func passes(_ fields: LineFields, _ line: UnsafeRawBufferPointer) -> Bool {
    if !types.isEmpty || !families.isEmpty {
      guard let type = fields.bytes(.type, in: line), Self.isOne(of: types, type) || families.contains(where: { type.starts(with: $0) }) else { return false }
    }
    guard isAsked(rules, .rule, fields, line), isAsked(queries, .query, fields, line), isAsked(streams, .source, fields, line),
          isAsked(tracks, .track, fields, line), isAsked(severities, .severity, fields, line) else { return false }
    if !zones.isEmpty {
      let isNamed = fields.bytes(.zone, in: line).map { Self.isOne(of: zones, $0) } ?? false
      let isSubject = fields.bytes(.subject, in: line).map { Self.isOne(of: zoneSubjects, $0) } ?? false
      guard isNamed || isSubject else { return false }
    }
    if let minimumScore {
      guard let score = fields.bytes(.score, in: line), let value = Double(String(decoding: score, as: UTF8.self)), value >= minimumScore else { return false }
    }
    if shadows != .show {
      let isShadow = fields.bytes(.shadow, in: line)?.elementsEqual("true".utf8) ?? false
      guard isShadow == (shadows == .only) else { return false }
    }
    if hasTimes {
      guard let bytes = fields.bytes(.time, in: line), let time = parseTime(bytes), time >= since, time < until else { return false }
    }
    return true
  }

  @inline(__always)
  private func isAsked(_ wanted: [[UInt8]], _ name: LineFields.Name, _ fields: LineFields, _ line: UnsafeRawBufferPointer) -> Bool {
    if wanted.isEmpty { return true }
    return fields.bytes(name, in: line).map { Self.isOne(of: wanted, $0) } ?? false
  }

  private static func isOne(of wanted: [[UInt8]], _ bytes: UnsafeRawBufferPointer) -> Bool {
    for text in wanted where text.count == bytes.count && memcmp(text, bytes.baseAddress!, text.count) == 0 { return true }
    // Others may escape what we don't: `\u00fc`, `\/`.
    guard memchr(bytes.baseAddress!, 0x5C, bytes.count) != nil, let plain = Self.unescaped(bytes) else { return false }
    return wanted.contains { Self.unescaped($0) == plain }
  }

  private static func unescaped(_ bytes: some Sequence<UInt8>) -> String? {
    let quoted = [0x22] + Array(bytes) + [0x22]
    return quoted.withUnsafeBytes { JSONValue($0)?.text }
  }
}
