import EventLog
import RuleEngine
import Scene

/// Judges a recording again and again, until the rule fires.
struct WhyNotSearch {
  /// A rule has fewer settings that can be in the way one after the other.
  private static let changeLimit = 8

  let question: WhyNot.Question
  let at: MediaTime
  let rejudging: Rejudging

  private var from: MediaTime { at - question.within }
  private var to: MediaTime { at + question.within }

  /// One judging: what it came to.
  struct Attempt {
    var trail: TrackTrail
    /// By the rule about the track, in order: whatever fires, none that ends.
    var told: [ToldEvent]
  }

  func answer() throws -> WhyNot.Answer {
    let attempt = try judge(nil)
    if let fired = fired(attempt) { return .fired(fired) }
    let points = attempt.trail.points.filter { $0.time >= from && $0.time <= to }
    guard let point = nearest(points) else {
      if let doubted = attempt.trail.doubted.last(where: { $0.time >= from && $0.time <= to }) {
        let detections = attempt.trail.doubted.count { $0.track.detected && $0.time <= doubted.time }
        return .doubted(WhyNot.Doubt(track: doubted.track, at: doubted.time, threshold: rejudging.plan.thresholds[doubted.track.query], detections: detections))
      }
      guard let track = question.track else { throw WorkerError(.usage, "--rule \(question.rule): this rule is about tracks: say which, --track ID; near that moment there \(others)") }
      throw WorkerError(.usage, "--track \(track): there is no such track near \(TimeText.text(at, in: rejudging.context)); there \(others)")
    }
    guard let condition = point.standing.firstFailed else {
      // All holds: what it would tell is told already.
      if let earlier = attempt.told.last(where: { $0.event.mediaTime <= to }) { return .fired(earlier) }
      throw WorkerError(.badData, "all that rule '\(question.rule)' asks held at \(TimeText.text(point.time, in: rejudging.context)), and it told nothing: "
                        + "rules of this kind tell of it elsewhere")
    }
    let (changes, told) = try remedy(attempt)
    return .failed(WhyNot.Failure(point: point, condition: condition, remedy: told == nil ? [] : changes, told: told))
  }

  /// The keyframe on which most of the conditions held; among equals the one on which the first that failed was nearest to
  /// holding, then the nearest in time.
  private func nearest(_ points: [TrackTrail.Point]) -> TrackTrail.Point? {
    points.max { a, b in
      let first = a.standing.progress, second = b.standing.progress
      if first != second { return first < second }
      return abs((a.time - at).nanoseconds) > abs((b.time - at).nanoseconds)
    }
  }

  func judge(_ rules: RuleSet?) throws -> Attempt {
    var trail = TrackTrail(rule: question.rule, track: question.track)
    let told = try rejudging.run(rules: rules) { trail.add($0) }
    return Attempt(trail: trail, told: told.filter { told in
      let event = told.event
      guard event.rule?.id == question.rule, event.phase != .end else { return false }
      return event.object.map { $0.track == question.track } ?? true
    })
  }

  func fired(_ attempt: Attempt) -> ToldEvent? {
    attempt.told.first { $0.event.mediaTime >= from && $0.event.mediaTime <= to }
  }

  /// Takes what stands in the way out of it, one setting after the other, until the rule fires.
  private func remedy(_ first: Attempt) throws -> (changes: [SettingChange], told: ToldEvent?) {
    var attempt = first, changes: [SettingChange] = []
    guard let file = rejudging.plan.rules.file, !file.isEmpty else { return ([], nil) }
    while changes.count < Self.changeLimit {
      let points = attempt.trail.points.filter { $0.time >= from && $0.time <= to }
      guard let point = nearest(points), let condition = point.standing.firstFailed, let key = condition.key else { return (changes, nil) }
      if condition.remedy == nil {
        guard let moved = try PlaceSearch(self, changes).move(key, near: point) else { return (changes, nil) }
        if let told = moved.told { return (changes + moved.changes, told) }
        changes += moved.changes
      } else {
        let text: String? = if case .write(let text)? = condition.remedy { text } else { nil }
        let change = SettingChange(.rule(question.rule, key: key), text)
        guard !changes.contains(change) else { return (changes, nil) }
        changes.removeAll { $0.place == change.place }
        changes.append(change)
      }
      guard let next = try attempted(changes) else { return (changes, nil) }
      if let told = fired(next) { return (changes, told) }
      attempt = next
    }
    return (changes, nil)
  }

  /// What the rules would have told with other settings; nil where the file would not take them.
  func attempted(_ changes: [SettingChange]) throws -> Attempt? {
    guard let rules = try? rejudging.plan.rules.changed(changes, queries: rejudging.plan.queries.filter { !$0.suppresses }) else { return nil }
    return try judge(rules)
  }

  /// The tracks that there were, in words.
  private var others: String {
    var seen: [String] = []
    for case .keyframe(let keyframe) in rejudging.observations where keyframe.time >= from && keyframe.time <= to {
      for track in keyframe.tracks where track.state != .ended && !seen.contains(track.id.description) { seen.append(track.id.description) }
    }
    return seen.isEmpty ? "are none at all" : "is \(seen.prefix(20).joined(separator: ", "))"
  }
}

extension Conditions {
  /// How many conditions hold before the first that doesn't, and how near that is to holding, 0…1.
  var progress: Double {
    guard let failed = toFire.firstIndex(where: { !$0.isMet }) else { return Double(toFire.count) }
    return Double(failed) + toFire[failed].nearness
  }
}

extension Condition {
  /// How near to holding, 0 … below 1.
  fileprivate var nearness: Double {
    switch (value, needed) {
    case (.time(let value)?, .time(let needed)?) where needed > .zero: min(0.99, max(0, value.seconds / needed.seconds))
    case (.distance(let value)?, .distance(let needed)?) where value <= needed && needed > 0: min(0.99, max(0, value / needed))
    case (.distance(let value)?, .distance(let needed)?): 0.99 / (1 + 10 * max(0, value - needed))
    case (.share(let value)?, .share(let needed)?) where needed > 0: min(0.99, max(0, value / needed))
    case (.number(let value, _)?, .number(let needed, _)?): 0.99 / (1 + abs(value - needed))
    default: 0
    }
  }
}
