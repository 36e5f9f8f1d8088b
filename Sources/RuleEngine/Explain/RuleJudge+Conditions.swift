import Scene

extension RuleJudge {
  /// What must hold for the rule to fire, for a track or as a whole, what every rule may ask first; and what must hold for it
  /// to end. Nil where the rule has nothing to say.
  func conditions(_ sight: Sight?, about track: TrackID?, among sights: [Sight], _ context: RuleContext, now: Instant) -> Conditions? {
    var own: (toFire: [Condition], toEnd: [Condition]) = ([], [])
    if let sight { own = memory.state.conditions(sight, sights.filter { looks(at: $0.track.query) }, settings) }
    let isAboutTrack = !own.toFire.isEmpty
    if !isAboutTrack { own = memory.state.conditions(about: track, settings, now: now) }
    if sight == nil, own.toFire.isEmpty { return nil }
    // A rule that counts, or combines over the stream, asks nothing of a single track.
    let asked = sight.map { isAboutTrack || own.toFire.isEmpty ? admission($0, context, now) : [] } ?? activity(context, now)
    return Conditions(sight: nil, toFire: asked + own.toFire + silence(now), toEnd: own.toEnd)
  }

  private func activity(_ context: RuleContext, _ now: Instant) -> [Condition] {
    guard let schedule = rule.common.schedule else { return [] }
    return [.state("the rule is active", schedule.isActive(at: context.epoch &+ now.media), key: "active", remedy: .leaveOut)]
  }

  /// Whether the rule looks at the track at all.
  private func admission(_ sight: Sight, _ context: RuleContext, _ now: Instant) -> [Condition] {
    let common = rule.common
    let query = context.queries.indices.contains(sight.track.query) ? context.queries[sight.track.query].id : ""
    var conditions: [Condition] = [
      .state("the rule is about such objects", concerns(sight.track.query), .word(query), needed: rule.queries.isEmpty ? nil : .word(rule.queries.joined(separator: ", ")),
             key: "query", remedy: .write(query)),
    ]
    conditions += activity(context, now)
    if common.minScore > 0 { conditions.append(.share("its score is high enough", sight.bestScore, needed: common.minScore, key: "min_score")) }
    if common.ignoresStill { conditions.append(.state("it has moved", sight.hasMoved, key: "still", remedy: .write("count"))) }
    if common.minSize > 0 {
      let size = Point(x: sight.now.box.width, y: sight.now.box.height).length
      conditions.append(.length("it is large enough", size, needed: common.minSize, key: "min_size"))
    }
    if let limit {
      let away = limit.region.distance(to: sight.now.anchor(limit.anchor))
      conditions.append(.place("it is in the rule's zone", away <= ZoneLimit.margin && (away == 0 || memory.inZone.holds(sight)), away: away, key: "zone"))
    }
    conditions.append(.state("it is detected on this keyframe, not carried", sight.isFresh))
    return conditions
  }

  /// Whether a report would be kept back.
  private func silence(_ now: Instant) -> [Condition] {
    var conditions: [Condition] = []
    if rule.common.isSilent { conditions.append(.state("the rule reports", false, key: "silent", remedy: .leaveOut)) }
    if let cooldown = rule.common.cooldown, let last = memory.lastReport {
      let since = MediaInterval(nanoseconds: now.media &- last)
      conditions.append(.lasting("the last report is long enough ago", since, since: nil, needed: cooldown, key: "cooldown"))
    }
    return conditions
  }
}
