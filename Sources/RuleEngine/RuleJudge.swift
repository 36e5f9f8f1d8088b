import EventLog
import Scene

/// One rule at work: who concerns it, when it is awake, and what becomes of its findings.
struct RuleJudge: Sendable {
  let rule: Rule
  let settings: RuleSettings
  /// By query of the stream: whether the rule is about it.
  private let concerns: [Bool]
  private let queries: [Query]
  private(set) var memory: Memory

  /// All that changes.
  struct Memory: Sendable, Equatable, Codable {
    var state: RuleState
    var isAwake: Bool
    /// Media time of the last report that was not kept back; nil before the first.
    var lastReport: Int64?
    /// Episodes whose start was kept back: their updates and ends are, too. Sorted by nothing but the order of their starts.
    var keptBack: [String] = []
  }

  init(_ rule: Rule, context: RuleContext) {
    self.rule = rule
    queries = context.queries
    concerns = context.queries.map { query in
      !query.suppresses && (rule.queries.isEmpty || rule.queries.contains(query.id) || rule.queries.contains(query.text))
    }
    settings = rule.settings.placed(in: Plane(size: context.size), queries: concerns.indices.filter { [concerns] in concerns[$0] })
    memory = Memory(state: RuleState(rule.settings, queries: context.queries.count), isAwake: rule.common.schedule == nil)
  }

  /// Whether the rule is about a query of the stream.
  func concerns(_ query: Int) -> Bool { concerns.indices.contains(query) && concerns[query] }

  mutating func judge(_ sights: [Sight], _ context: RuleContext, _ moment: inout Moment) {
    var hasJustWoken = false
    if let schedule = rule.common.schedule {
      let isActive = schedule.isActive(at: context.epoch &+ moment.now.media)
      if memory.isAwake, !isActive { memory.state.finish(sights, .inactive, settings, &moment) }
      hasJustWoken = isActive && !memory.isAwake
      memory.isAwake = isActive
      guard isActive else { return }
    }
    memory.state.judge(own(sights, hasJustWoken), settings, epoch: context.epoch, &moment)
  }

  mutating func finish(_ sights: [Sight], _ reason: EndReason, _ moment: inout Moment) {
    guard memory.isAwake else { return }
    memory.state.finish(sights, reason, settings, &moment)
  }

  /// The sights that concern this rule, with its own idea of what counts as detected.
  private func own(_ sights: [Sight], _ hasJustWoken: Bool) -> [Sight] {
    var own: [Sight] = []
    own.reserveCapacity(sights.count)
    let common = rule.common
    for var sight in sights where concerns(sight.track.query) {
      guard sight.bestScore >= common.minScore, !common.ignoresStill || sight.hasMoved else { continue }
      if common.minSize > 0, sight.ending == nil, Point(x: sight.now.box.width, y: sight.now.box.height).length < common.minSize {
        sight.isFresh = false
      }
      // What came before the hour is not the rule's business.
      if hasJustWoken { sight.before = nil; sight.isNew = false }
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

  /// Counts of an earlier session.
  mutating func carryCounts(from old: RuleJudge) {
    memory.state.carryCounts(from: old.memory.state)
    memory.lastReport = nil
  }

  mutating func restore(_ memory: Memory) { self.memory = memory }
}

extension RuleState {
  fileprivate mutating func carryCounts(from old: RuleState) {
    switch old {
    case .crossed, .count: self = old
    default: break
    }
  }
}
