import EventLog
import Scene

/// What rules are combined over.
enum Scope: String, Sendable, CaseIterable { case track, zone, stream }

struct CombinationSettings: KindSettings {
  enum How: Sendable { case all, any, not }

  var how: How
  var scope: Scope
  /// How long it must be so, or no longer so.
  var hold: MediaInterval

  /// - Parameter counts: by rule: how many of its episodes go on.
  func isSo(_ counts: [Int]) -> Bool {
    switch how {
    case .all: counts.allSatisfy { $0 > 0 }
    case .any: counts.contains { $0 > 0 }
    case .not: counts.allSatisfy { $0 == 0 }
    }
  }
}

/// `all`, `any`, `not`: whether rules that last hold together, for one track or for the whole stream. Works on what those
/// rules tell, in the order of its times, and only up to where all of them are settled: an episode may be told of long
/// after it began, and must not be overtaken.
struct Combination: KindMachine {
  /// By slot; the stream's own in the place of a track's.
  private var threads: [CombinationThread?] = []

  init(queries: Int) {}

  mutating func judge(_ view: View, _ settings: CombinationSettings, _ moment: inout Moment) {
    if moment.hasJustWoken { threads = [] }
    var questions = [Instant?](repeating: nil, count: settings.scope == .track ? (view.own.map(\.slot).max() ?? 0) + 1 : 1)
    for member in moment.members {
      for standing in member.standings {
        let place = settings.scope == .track ? standing.slot ?? questions.count : 0
        guard place < questions.count, let until = standing.verdict.until, until < moment.now else { continue }
        questions[place] = min(questions[place] ?? until, until)
      }
    }
    guard settings.scope == .track else { return follow(nil, questions[0], settings, &moment) }
    for sight in view.own {
      let last = sight.now.instant
      let question = last < moment.now ? min(questions[sight.slot] ?? last, last) : questions[sight.slot]
      follow(sight, question, settings, &moment)
    }
  }

  private mutating func follow(_ sight: Sight?, _ question: Instant?, _ settings: CombinationSettings, _ moment: inout Moment) {
    let slot = sight?.slot ?? 0
    threads.hold(slot)
    let isNew = threads[slot] == nil
    if isNew, sight?.isFresh == false { return }
    var thread = threads[slot] ?? begun(sight, moment)
    // Taken out while it is changed, so that its arrays are changed in place.
    threads[slot] = nil
    thread.track = sight?.track
    if !(isNew && moment.hasJustWoken) { thread.note(moment) }
    if let sight, let reason = sight.ending {
      thread.settle(sight.now.instant, nil, settings, &moment)
      thread.end(sight.now.instant, reason, &moment)
      return
    }
    thread.settle(moment.now, question, settings, &moment)
    threads[slot] = thread
  }

  /// With what goes on already.
  private func begun(_ sight: Sight?, _ moment: Moment) -> CombinationThread {
    var thread = CombinationThread(track: sight?.track, counts: moment.members.map { _ in 0 })
    for (index, member) in moment.members.enumerated() {
      let on = member.standings.filter { $0.verdict.isOn && (sight == nil || $0.slot == sight?.slot) }.count
      // What is told on this keyframe is noted by itself.
      let told = moment.hasJustWoken ? 0 : member.findings.filter { $0.phase == .start && (sight == nil || $0.track?.id == sight?.track.id) }.count
      thread.counts[index] = max(0, on - told)
    }
    return thread
  }

  mutating func finish(_ sights: [Sight], _ reason: EndReason, _ settings: CombinationSettings, _ moment: inout Moment) {
    for var thread in threads.compactMap({ $0 }) {
      let last = sights.first { $0.track.id == thread.track?.id }?.now.instant ?? moment.now
      thread.note(moment)
      thread.settle(last, nil, settings, &moment)
      thread.end(last, reason, &moment)
    }
    threads = []
  }

  func conditions(_ sight: Sight, _ others: [Sight], _ settings: CombinationSettings) -> (toFire: [Condition], toEnd: [Condition]) {
    settings.scope == .track ? conditions(about: sight.track.id, settings, now: sight.now.instant) : ([], [])
  }

  func conditions(about track: TrackID?, _ settings: CombinationSettings, now: Instant) -> (toFire: [Condition], toEnd: [Condition]) {
    let track = settings.scope == .track ? track : nil
    guard let thread = threads.lazy.compactMap({ $0 }).first(where: { $0.track?.id == track }) else { return ([], []) }
    return thread.conditions(settings, now: now)
  }

  func standings(_ view: View, _ moment: Moment) -> [Standing] {
    threads.enumerated().compactMap { slot, thread in
      guard let thread else { return nil }
      let question = thread.isSo.turning ?? thread.settled.flatMap { $0 < moment.now ? $0 : nil }
      return Standing(slot: thread.track == nil ? nil : slot, verdict: Verdict(isOn: thread.isSo.isOn, until: question))
    }
  }
}

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
    guard moment.members.contains(where: { !$0.findings.isEmpty }) else { return }
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
      .state(settings.how == .not ? "rule {\(index)} does not hold" : "rule {\(index)} holds", isSo.isOn || (settings.how == .not ? count == 0 : count > 0))
    }
    // One that holds is enough.
    let asked = settings.how == .any ? [members.first(where: \.isMet) ?? .state("one of the rules holds", false)] : members
    let hold: (String, Instant?) -> Condition = { .timer($0, since: $1, at: settled, needed: settings.hold, key: "hold") }
    return (asked + [hold("for long enough", isSo.since ?? isSo.turning)], isSo.isOn ? [hold("it is no longer so", isSo.turning)] : [])
  }

  private func tellEnd(_ since: Instant, _ at: Instant, _ reason: EndReason, _ moment: inout Moment) {
    moment.report(.conditionEnded, .end, at: at, since: since, reason: reason, track, [.seconds("duration", at.since(since))])
  }
}
