import EventLog
import Scene

/// One track, or the stream, as one combination sees it.
struct CombinationThread: Sendable, Equatable, Codable {
  private struct Step: Sendable, Equatable, Codable {
    var at: Instant
    var member: Int
    var by: Int
    var reason: EndReason?
  }

  /// nil: the stream.
  var track: Track?
  /// By rule: how many of its episodes go on, at `settled`.
  var counts: [Int]
  /// nil before the first keyframe.
  private(set) var settled: Instant?
  private(set) var isSo = HeldSwitch()
  private var isBegun = false
  /// What was told and is not settled yet, in order.
  private var steps: [Step] = []
  /// Why it last ceased to be so.
  private var reason = EndReason.over

  init(track: Track?, counts: [Int]) {
    self.track = track; self.counts = counts
  }

  /// What the rules tell on this keyframe.
  mutating func note(_ moment: Moment) {
    for (index, member) in moment.members.enumerated() {
      for finding in member.findings where track == nil || finding.track?.id == track?.id {
        guard let phase = finding.phase, phase != .update else { continue }
        steps.append(Step(at: finding.at, member: index, by: phase == .start ? 1 : -1, reason: finding.reason))
      }
    }
    // At one moment what begins comes before what ends, and the order of the rules decides whose reason it is.
    steps.sort { ($0.at, -$0.by, $0.member) < ($1.at, -$1.by, $1.member) }
  }

  /// Works off what happened before `question`, or all of it up to now where nothing is in question.
  mutating func settle(_ now: Instant, _ question: Instant?, _ settings: CombinationSettings, _ moment: inout Moment) {
    // It begins with what the rules tell at once, when they say that it happened.
    var at = settled ?? min(steps.first?.at ?? now, now)
    while true {
      var isChanged = !isBegun
      while let step = steps.first, step.at <= at, question.map({ step.at < $0 }) ?? true {
        steps.removeFirst()
        counts[step.member] += step.by
        reason = step.reason ?? .over
        isChanged = true
      }
      if isChanged, question.map({ at < $0 }) ?? true {
        isBegun = true
        isSo.turn(settings.isSo(counts), at: at)
      }
      reach(at, settings, &moment)
      guard let next = steps.first, question.map({ next.at < $0 }) ?? true else { break }
      at = next.at
      reach(at, settings, &moment)
    }
    at = max(at, question ?? now)
    reach(at, settings, &moment)
    settled = at
  }

  private mutating func reach(_ now: Instant, _ settings: CombinationSettings, _ moment: inout Moment) {
    switch isSo.reach(now, HeldSwitch.Holds(on: settings.hold, off: settings.hold)) {
    case nil: break
    case .on(let at): moment.report(.conditionStarted, .start, at: at, since: at, track)
    case .off(let since, let at): tellEnd(since, at, reason, &moment)
    }
  }

  /// The track, or the judging, is over.
  mutating func end(_ last: Instant, _ reason: EndReason, _ moment: inout Moment) {
    guard let since = isSo.since else { return }
    tellEnd(since, max(isSo.turning ?? last, since), isSo.turning == nil ? reason : self.reason, &moment)
  }

  func conditions(_ settings: CombinationSettings, now: Instant) -> (toFire: [Condition], toEnd: [Condition]) {
    let settled = settled ?? now
    let members: [Condition] = counts.enumerated().map { index, count in
      .state(settings.how == .not ? "rule {\(index)} does not hold" : "rule {\(index)} holds", isSo.isOn || (settings.how == .not ? count == 0 : count > 0),
             key: settings.how == .not ? "rule" : "rules")
    }
    // One that holds is enough.
    let asked = settings.how == .any ? [members.first(where: \.isMet) ?? .state("one of the rules holds", false, key: "rules")] : members
    let hold: (String, Instant?) -> Condition = { .timer($0, since: $1, at: settled, needed: settings.hold, key: "hold") }
    return (asked + [hold("for long enough", isSo.since ?? isSo.turning)], isSo.isOn ? [hold("it is no longer so", isSo.turning)] : [])
  }

  private func tellEnd(_ since: Instant, _ at: Instant, _ reason: EndReason, _ moment: inout Moment) {
    moment.report(.conditionEnded, .end, at: at, since: since, reason: reason, track, [.seconds("duration", at.since(since))])
  }
}
