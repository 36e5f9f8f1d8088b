import Scene

extension RuleJudge {
  /// What must hold for the rule to fire for a track, what every rule may ask first; and what must hold for it to end.
  func conditions(_ sight: Sight, _ context: RuleContext, now: Instant) -> (toFire: [Condition], toEnd: [Condition]) {
    let (own, toEnd) = memory.state.conditions(sight, settings)
    return (admission(sight, context, now) + own + silence(now), toEnd)
  }

  /// Whether the rule looks at the track at all.
  private func admission(_ sight: Sight, _ context: RuleContext, _ now: Instant) -> [Condition] {
    let common = rule.common
    let query = context.queries.indices.contains(sight.track.query) ? context.queries[sight.track.query].id : ""
    var conditions: [Condition] = [
      .state("the rule is about such objects", concerns(sight.track.query), .word(query), needed: rule.queries.isEmpty ? nil : .word(rule.queries.joined(separator: ", ")),
             key: "query", remedy: .write(query)),
    ]
    if let schedule = common.schedule {
      conditions.append(.state("the rule is active", schedule.isActive(at: context.epoch &+ now.media), key: "active", remedy: .leaveOut))
    }
    if common.minScore > 0 { conditions.append(.share("its score is high enough", sight.bestScore, needed: common.minScore, key: "min_score")) }
    if common.ignoresStill { conditions.append(.state("it has moved", sight.hasMoved, key: "still", remedy: .write("count"))) }
    if common.minSize > 0 {
      let size = Point(x: sight.now.box.width, y: sight.now.box.height).length
      conditions.append(.length("it is large enough", size, needed: common.minSize, key: "min_size"))
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
