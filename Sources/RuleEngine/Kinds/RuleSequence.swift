import EventLog
import Scene

struct SequenceSettings: KindSettings {
  var scope: Scope
  var within: MediaInterval
  /// By rule, first and next: it happens when an episode ends, not when it starts.
  var countsEnds: [Bool]
  /// Both are one rule: it must happen twice.
  var isOneRule: Bool
  /// How late first and next may be told.
  var firstDelay = MediaInterval.zero, nextDelay = MediaInterval.zero
  var delay: MediaInterval { max(firstDelay, nextDelay) }
}

/// `then`: one rule happens, and within a time another, on the same track or in the same zone or stream. It happens when
/// the second does. A rule that lasts happens when it starts. The first that waits longest is served first, once.
struct RuleSequence: KindMachine {
  /// Beyond its holds a rule may be told this much later than another that happened after it: somebody was hidden.
  private static let patience = MediaInterval.seconds(10)

  private struct Happening: Sendable, Equatable, Codable {
    var at: Instant
    var track: Track?
  }

  /// In the order of their times.
  private var firsts: [Happening] = []
  private var nexts: [Happening] = []
  /// What was told on the last keyframe.
  private var told: [Pair] = []

  private struct Pair: Sendable, Equatable, Codable {
    var first: Happening
    var next: Happening
  }

  init(queries: Int) {}

  mutating func judge(_ view: View, _ settings: SequenceSettings, _ moment: inout Moment) {
    told = []
    note(0, &firsts, view, settings, moment)
    note(1, &nexts, view, settings, moment)
    for next in nexts {
      guard let index = firsts.firstIndex(where: { follows(next, $0, settings) }) else { continue }
      let first = firsts.remove(at: index)
      nexts.remove(at: nexts.firstIndex(of: next)!)
      if settings.isOneRule, let second = firsts.firstIndex(of: next) { firsts.remove(at: second) }
      tell(first, next, &moment)
      told.append(Pair(first: first, next: next))
    }
    firsts.removeAll { moment.now.since($0.at) > settings.within + settings.nextDelay + Self.patience }
    nexts.removeAll { moment.now.since($0.at) > settings.firstDelay + Self.patience }
  }

  private func note(_ member: Int, _ happenings: inout [Happening], _ view: View, _ settings: SequenceSettings, _ moment: Moment) {
    for finding in moment.members[member].findings {
      guard finding.phase == nil || finding.phase == (settings.countsEnds[member] ? .end : .start) else { continue }
      // Where the judging ended, nothing happened.
      if let reason = finding.reason, ![.left, .lost, .over].contains(reason) { continue }
      if settings.scope == .track {
        guard let track = finding.track, view.own.contains(where: { $0.track.id == track.id }) else { continue }
      }
      let index = happenings.lastIndex { $0.at <= finding.at }.map { $0 + 1 } ?? 0
      happenings.insert(Happening(at: finding.at, track: finding.track), at: index)
    }
  }

  private func follows(_ next: Happening, _ first: Happening, _ settings: SequenceSettings) -> Bool {
    guard settings.scope != .track || next.track?.id == first.track?.id else { return false }
    return (settings.isOneRule ? next.at > first.at : next.at >= first.at) && next.at.since(first.at) <= settings.within
  }

  private func tell(_ first: Happening, _ next: Happening, _ moment: inout Moment) {
    var details: [Detail] = [.moment("since", first.at)]
    if let track = first.track { details.append(Detail("first", .text(track.id.description))) }
    moment.report(.sequenceCompleted, nil, at: next.at, since: next.at, next.track, details)
  }

  func conditions(_ sight: Sight, _ others: [Sight], _ settings: SequenceSettings) -> (toFire: [Condition], toEnd: [Condition]) {
    conditions(about: sight.track.id, settings, now: sight.now.instant)
  }

  func conditions(about track: TrackID?, _ settings: SequenceSettings, now: Instant) -> (toFire: [Condition], toEnd: [Condition]) {
    func concerns(_ happening: Happening) -> Bool { settings.scope != .track || happening.track?.id == track }
    let pair = told.last { settings.scope == .track ? concerns($0.next) : $0.next.track?.id == track || track == nil }
    let next = pair?.next ?? nexts.last(where: concerns)
    let first = pair?.first ?? firsts.last { happening in concerns(happening) && (next.map { happening.at < $0.at } ?? true) } ?? firsts.last(where: concerns)
    let apart = first.flatMap { first in next.flatMap { $0.at >= first.at ? $0.at.since(first.at) : nil } }
    let up = apart.map { MediaInterval.milliseconds(($0.nanoseconds + 999_999) / 1_000_000).text }
    return ([
      .state("rule {0} has happened", first != nil, first.map { .word("at \(tidied($0.at.time.seconds, 3)) s") }, key: "first"),
      .state("rule {1} has happened after it", apart != nil, next.map { .word("at \(tidied($0.at.time.seconds, 3)) s") }, key: "next"),
      .state("in time", apart.map { $0 <= settings.within } ?? false, apart.map { .time($0) }, needed: .time(settings.within), key: "within", remedy: up.map { .write($0) }),
    ], [])
  }

  mutating func finish(_ sights: [Sight], _ reason: EndReason, _ settings: SequenceSettings, _ moment: inout Moment) {
    judge(View(own: sights), settings, &moment)
    self = RuleSequence(queries: 0)
  }
}
