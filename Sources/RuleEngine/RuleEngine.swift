public import EventLog
public import Scene

/// Judges tracks keyframe by keyframe. Knows no clock but media time; the same calls give the same events.
///
/// A rule sees a track from the keyframe on which the tracker believes in it, and only its detected boxes: a carried
/// box keeps a track alive and decides nothing. Between two detected boxes the path is straight.
public struct RuleEngine: Sendable {
  public let rules: RuleSet
  public private(set) var context: RuleContext
  var judges: [RuleJudge]
  var clock = KnownClock()
  var roster = Roster()
  /// The last keyframe; nil before the first.
  var last: MediaTime?
  private let plane: Plane
  /// The rules in an order in which each comes after those that it combines.
  private let order: [Int]
  /// Whether a combination asks for a rule's findings.
  private let isMember: [Bool]

  /// - Parameter context: a rule whose queries the stream doesn't have never fires.
  public init(rules: RuleSet, context: RuleContext) {
    self.rules = rules
    self.context = context
    plane = Plane(size: context.size)
    judges = rules.rules.map { RuleJudge($0, context: context) }
    order = rules.membersFirst
    isMember = rules.rules.indices.map { index in rules.rules.contains { $0.members.contains(index) } }
  }

  /// A keyframe: every live track as the tracker has it, tentative ones included (they are not looked at), and those that ended now.
  /// Events come in the order of the rules, then of the tracks. Time that doesn't advance since the last keyframe is no
  /// keyframe of this session: what is open ends, reason `gap`, and everything starts anew.
  public mutating func judge(_ tracks: [Track], at time: MediaTime, pts: Int64) -> [Event] {
    var events: [Event] = []
    if let last, time <= last {
      events = finish(at: last, reason: .gap, pts: pts)
      begin(context)
    }
    last = time
    let now = clock.instant(time)
    let sights = roster.sights(tracks, at: now, plane: plane)
    var sightings = Sightings(sights)
    judgeAll(now, pts, &events) { judge, moment, isMember in judge.judge(&sightings, &moment, tellsStandings: isMember) }
    roster.forget(sights)
    return events
  }

  /// A stretch of which nothing is known: timers pause, nothing is invented. Paths are not drawn across it.
  public mutating func gap(from: MediaTime, to: MediaTime, pts: Int64?) -> [Event] {
    clock.gap(from: from, to: to)
    roster.breakPaths()
    return []
  }

  /// Everything open gets its end: what belongs to a track when that was last seen, the rest at `time`.
  public mutating func finish(at time: MediaTime, reason: EndReason, pts: Int64?) -> [Event] {
    var events: [Event] = []
    let now = clock.instant(time)
    let sights = roster.all()
    judgeAll(now, pts, &events) { judge, moment, _ in
      judge.finish(sights, reason, &moment)
      return []
    }
    roster = Roster()
    return events
  }

  /// Each rule after those that it combines; told in the order of the file.
  private mutating func judgeAll(_ now: Instant, _ pts: Int64?, _ events: inout [Event],
                                 _ body: (inout RuleJudge, inout Moment, _ isMember: Bool) -> [Standing]) {
    var found = [Moment.Member](repeating: Moment.Member(), count: judges.count)
    for index in order {
      var moment = Moment(now: now, clock: clock, epoch: context.epoch, members: rules.rules[index].members.map { found[$0] })
      found[index].standings = body(&judges[index], &moment, isMember[index])
      found[index].findings = moment.findings
    }
    for index in judges.indices { judges[index].tell(found[index].findings, pts, context, &events) }
  }

  /// Camera time at media time zero has become known, or is known better: `active` and `reset_at` go by it from the next keyframe on.
  public mutating func correctClock(epoch: Int64) { context.epoch = epoch }

  /// A new session of the same stream, after `finish`: counts and cooldowns go on, everything else starts anew.
  public mutating func begin(_ context: RuleContext) {
    let old = judges, shift = self.context.epoch &- context.epoch
    self = RuleEngine(rules: rules, context: context)
    guard context.queries == self.context.queries else { return }
    for index in judges.indices { judges[index].carry(from: old[index], shift: shift) }
  }
}
