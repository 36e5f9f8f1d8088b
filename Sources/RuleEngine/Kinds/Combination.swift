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
  /// The longest of the rules that it combines.
  var membersDelay = MediaInterval.zero
  var delay: MediaInterval { hold + membersDelay }

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
    let isNews = moment.members.contains { !$0.findings.isEmpty }
    guard settings.scope == .track else { return follow(nil, isNews, questions[0], settings, &moment) }
    for sight in view.own {
      let last = sight.now.instant
      let question = last < moment.now ? min(questions[sight.slot] ?? last, last) : questions[sight.slot]
      follow(sight, isNews, question, settings, &moment)
    }
  }

  private mutating func follow(_ sight: Sight?, _ isNews: Bool, _ question: Instant?, _ settings: CombinationSettings,
                               _ moment: inout Moment) {
    let slot = sight?.slot ?? 0
    threads.hold(slot)
    // Asked by telling it: to ask whether there is one copies it.
    let isNew = (threads[slot]?.track = sight?.track) == nil
    if isNew {
      if sight?.isFresh == false { return }
      threads[slot] = begun(sight, moment)
    }
    if isNews, !(isNew && moment.hasJustWoken) { threads[slot]!.note(moment) }
    guard let sight, let reason = sight.ending else { return threads[slot]!.settle(moment.now, question, settings, &moment) }
    threads[slot]!.settle(sight.now.instant, nil, settings, &moment)
    threads[slot]!.end(sight.now.instant, reason, &moment)
    threads[slot] = nil
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
