import EventLog
import RuleEngine
public import Scene

/// What two rule files, or two rules of one log, say of the same stream: what both say, and what one says alone.
public struct RuleComparison {
  /// One of the two, as the user named it, and what it says.
  public struct Side {
    public var name: String
    public var events: [ToldEvent]

    public init(name: String, events: [ToldEvent]) { self.name = name; self.events = events }
  }

  public struct Pair {
    public var a: ToldEvent
    public var b: ToldEvent
    /// Time of b less time of a.
    public var difference: MediaInterval { b.event.mediaTime - a.event.mediaTime }
  }

  public let a: Side
  public let b: Side
  public private(set) var both: [Pair] = []
  public private(set) var onlyA: [ToldEvent] = []
  public private(set) var onlyB: [ToldEvent] = []

  /// - Parameter within: events of one kind about one object are the same where their times differ no more than this.
  public init(_ a: Side, _ b: Side, within: MediaInterval) {
    self.a = a; self.b = b
    pair(within)
  }

  /// Nearest pairs first, so that of two crossings each finds its own.
  private mutating func pair(_ within: MediaInterval) {
    var candidates: [(distance: Int64, a: Int, b: Int)] = []
    var byIdentity: [Identity: [Int]] = [:]
    for (index, told) in b.events.enumerated() { byIdentity[Identity(told), default: []].append(index) }
    for (index, told) in a.events.enumerated() {
      for other in byIdentity[Identity(told)] ?? [] {
        let distance = abs((b.events[other].event.mediaTime - told.event.mediaTime).nanoseconds)
        if distance <= within.nanoseconds { candidates.append((distance, index, other)) }
      }
    }
    candidates.sort { ($0.distance, $0.a, $0.b) < ($1.distance, $1.a, $1.b) }
    var partners: [Int: Int] = [:], taken: Set<Int> = []
    for candidate in candidates where partners[candidate.a] == nil && taken.insert(candidate.b).inserted { partners[candidate.a] = candidate.b }
    both = a.events.indices.compactMap { index in partners[index].map { Pair(a: a.events[index], b: b.events[$0]) } }
    onlyA = a.events.indices.filter { partners[$0] == nil }.map { a.events[$0] }
    onlyB = b.events.indices.filter { !taken.contains($0) }.map { b.events[$0] }
  }

  /// What makes two events the same but for their time and their rule: another file may call its rules otherwise.
  private struct Identity: Hashable {
    var stream: String, session: Int, type: EventType, phase: Phase?, track: TrackID?, query: String?, direction: String?

    init(_ told: ToldEvent) {
      let event = told.event
      stream = told.context.stream; session = told.context.session; type = event.type; phase = event.phase
      track = event.object?.track; query = event.query?.id
      direction = event.details.first { $0.key == "direction" }?.value.plain
    }
  }
}

extension RuleComparison {
  /// Judges a recording under both files.
  public static func judging(_ a: String, _ b: String, from source: RecordingSource, within: MediaInterval, stop: StopFlag, tell: (String) -> Void) throws -> RuleComparison {
    var source = source
    source.settings.rules = a
    // A mistake in either is told before a source is looked at for minutes.
    for file in [a, b] { _ = try RuleSet.load(path: file, queries: nil) }
    let rejudging = try source.open(stop: stop, tell: tell)
    let other = try RuleSet.load(path: b, queries: rejudging.plan.queries.filter { !$0.suppresses })
    // What the stream itself tells is the same for both.
    let first = try rejudging.run().filter { $0.event.rule != nil }, second = try rejudging.run(rules: other).filter { $0.event.rule != nil }
    return RuleComparison(Side(name: a, events: first), Side(name: b, events: second), within: within)
  }

  /// What the rules of two files, or two rules by their ids, told in a log: a rule on trial beside the one that it is to replace.
  public static func reading(_ a: String, _ b: String, log: String, within: MediaInterval) throws -> RuleComparison {
    let first = try ruleIDs(a), second = try ruleIDs(b)
    if let shared = first.first(where: second.contains) {
      throw WorkerError(.usage, "both have a rule '\(shared)', so the log can't tell which of them spoke: judge a recording instead (--tracks, --detections or --source), or name two rules of the log")
    }
    var sides: (a: [ToldEvent], b: [ToldEvent]) = ([], [])
    var seen: Set<String> = []
    try LogTail(path: log).run(LogTail.Callbacks { line in
      guard let logged = LoggedEvent(line: line), let rule = logged.event.rule?.id else { return }
      seen.insert(rule)
      if first.contains(rule) { sides.a.append(ToldEvent(logged.event, logged.context)) }
      if second.contains(rule) { sides.b.append(ToldEvent(logged.event, logged.context)) }
    })
    for (name, ids) in [(a, first), (b, second)] where !isFile(name) && ids.allSatisfy({ !seen.contains($0) }) {
      throw WorkerError(.noInput, "\(log): no event of rule '\(name)'; there are events of \(seen.sorted().joined(separator: ", "))")
    }
    return RuleComparison(Side(name: a, events: sides.a), Side(name: b, events: sides.b), within: within)
  }

  private static func ruleIDs(_ name: String) throws -> [String] { isFile(name) ? try RuleSet.load(path: name, queries: nil).ruleIDs : [name] }
  /// A rule's id has neither.
  private static func isFile(_ name: String) -> Bool { name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml") }
}
