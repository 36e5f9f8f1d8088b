import EventLog
import Scene

/// One rule at work: who concerns it, when it is awake, and what becomes of its findings.
struct RuleJudge: Sendable {
  let rule: Rule
  let settings: any KindSettings
  let limit: ZoneLimit?
  /// By query of the stream: whether the rule is about it.
  private let concerns: [Bool]
  /// By query of the stream: whether the kind looks at it beside its own.
  private let others: [Bool]
  /// The rule asks more of tracks than their query.
  private let asksMore: Bool
  private(set) var memory: Memory

  /// All that changes.
  struct Memory: Sendable, Equatable, Codable {
    var state: RuleState
    var isAwake: Bool
    var inZone = ZoneLimit.Memory()
    /// Media time of the last report that was not kept back; nil before the first.
    var lastReport: Int64?
    /// Episodes whose start was kept back: their updates and ends are, too. Sorted by nothing but the order of their starts.
    var keptBack: [String] = []
  }

  init(_ rule: Rule, context: RuleContext) {
    self.rule = rule
    let plane = Plane(size: context.size)
    func named(_ names: [String]) -> [Bool] {
      context.queries.map { !$0.suppresses && (names.contains($0.id) || names.contains($0.text)) }
    }
    let concerns = rule.queries.isEmpty ? context.queries.map { !$0.suppresses } : named(rule.queries)
    self.concerns = concerns
    others = rule.settings.others.isEmpty ? [] : named(rule.settings.others)
    settings = rule.settings.placed(in: plane, queries: concerns.indices.filter { concerns[$0] })
    limit = rule.common.limit.map { ZoneLimit(region: $0.region.placed(in: plane), anchor: $0.anchor) }
    asksMore = limit != nil || rule.common.minScore > 0 || rule.common.minSize > 0 || rule.common.ignoresStill
    memory = Memory(state: RuleState(rule.kind, queries: context.queries.count), isAwake: false)
  }

  /// Whether the rule is about a query of the stream.
  func concerns(_ query: Int) -> Bool { concerns.indices.contains(query) && concerns[query] }

  /// Whether its kind looks at a query beside its own.
  func looks(at query: Int) -> Bool { others.indices.contains(query) && others[query] }

  /// A keyframe. Gives how the rule stands where a combination asks for it.
  mutating func judge(_ sightings: inout Sightings, _ moment: inout Moment, tellsStandings: Bool) -> [Standing] {
    let isActive = rule.common.schedule?.isActive(at: moment.epoch &+ moment.now.media) ?? true
    if memory.isAwake, !isActive { finishState(sightings.all, .inactive, &moment) }
    moment.hasJustWoken = isActive && !memory.isAwake
    memory.isAwake = isActive
    guard isActive else { return [] }
    let own = own(&sightings, moment.hasJustWoken && rule.common.schedule != nil)
    let view = View(own: own, others: others.isEmpty ? [] : sightings.of(others))
    memory.state.judge(view, settings, &moment)
    return tellsStandings ? memory.state.standings(view, moment) : []
  }

  mutating func finish(_ sights: [Sight], _ reason: EndReason, _ moment: inout Moment) {
    guard memory.isAwake else { return }
    finishState(sights, reason, &moment)
  }

  private mutating func finishState(_ sights: [Sight], _ reason: EndReason, _ moment: inout Moment) {
    memory.state.finish(sights, reason, settings, &moment)
    memory.inZone = ZoneLimit.Memory()
  }

  /// The sights that concern this rule, with its own idea of what counts as detected.
  private mutating func own(_ sightings: inout Sightings, _ hasJustWoken: Bool) -> [Sight] {
    let sights = sightings.of(concerns)
    guard asksMore || hasJustWoken else { return sights }
    var own: [Sight] = []
    own.reserveCapacity(sights.count)
    let common = rule.common
    for var sight in sights {
      guard sight.bestScore >= common.minScore, !common.ignoresStill || sight.hasMoved else { continue }
      if common.minSize > 0, sight.ending == nil, Point(x: sight.now.box.width, y: sight.now.box.height).length < common.minSize {
        sight.isFresh = false
      }
      // What came before the hour is not the rule's business.
      if hasJustWoken { sight.before = nil; sight.isNew = false }
      if let limit {
        guard let limited = memory.inZone.sight(sight, limit) else { continue }
        sight = limited
      }
      own.append(sight)
    }
    return own
  }
}

extension RuleJudge {
  /// Whether `cooldown` keeps a finding back. What is open keeps its word: an episode whose start was told gets its end.
  mutating func isKeptBack(_ finding: Finding, _ phase: Phase?, _ episode: String?) -> Bool {
    guard let cooldown = rule.common.cooldown else { return false }
    if let episode, phase != .start {
      guard let index = memory.keptBack.firstIndex(of: episode) else { return false }
      if phase == .end { memory.keptBack.remove(at: index) }
      return true
    }
    // A crossing is confirmed after it happened, so reports may come out of the order of their times.
    if let last = memory.lastReport, finding.at.media &- last < cooldown.nanoseconds {
      if let episode { memory.keptBack.append(episode) }
      return true
    }
    memory.lastReport = finding.at.media
    return false
  }

  /// A new session: counts and cooldowns go on.
  /// - Parameter shift: nanoseconds from the old session's media time to this one's.
  mutating func carry(from old: RuleJudge, shift: Int64) {
    if memory.state.outlivesSessions { memory.state = old.memory.state }
    // A report that this session's clock has yet to come to says nothing.
    if let last = old.memory.lastReport, last &+ shift <= 0 { memory.lastReport = last &+ shift }
  }

  mutating func restore(_ memory: Memory) { self.memory = memory }
}
