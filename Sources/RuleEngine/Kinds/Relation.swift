import EventLog
import Scene

struct RelationSettings: KindSettings {
  enum How: String, Sendable, CaseIterable { case overlaps, contains, near }

  var how: How
  /// B: queries by id or text.
  var others: [String]
  /// The rule is about A without B.
  var isAbsence: Bool
  /// Of A's area (overlaps) or of B's (contains).
  var share: Double
  /// Share of the diagonal.
  var distance: Double
  var presentHold: MediaInterval
  var absentHold: MediaInterval

  var holds: HeldSwitch.Holds {
    isAbsence ? HeldSwitch.Holds(on: absentHold, off: presentHold) : HeldSwitch.Holds(on: presentHold, off: absentHold)
  }

  var delay: MediaInterval { max(presentHold, absentHold) }

  func areRelated(_ a: Box, _ b: Box) -> Bool {
    switch how {
    case .overlaps: a.overlap(b) >= share * a.area && a.overlap(b) > 0
    case .contains: a.overlap(b) >= share * b.area && a.overlap(b) > 0
    case .near: a.gap(to: b) <= distance
    }
  }
}

/// `relation`: A overlaps, contains or is near any B, for `present_hold`; or has none, for `absent_hold`. Over once the
/// opposite has lasted as long as the opposite has to.
///
/// A B that is carried and not detected may still be there: nothing is said before it is seen again or has ended, and then
/// it was gone since they were last seen together.
struct Relation: KindMachine {
  private struct Pairs: Sendable, Equatable, Codable {
    var company = Company()
    var isSo = HeldSwitch()

    /// A keyframe.
    mutating func see(_ sight: Sight, _ others: [Sight], _ settings: RelationSettings, _ moment: inout Moment) {
      note(sight, others, settings, &moment)
      guard sight.isFresh || sight.ending != nil else { return }
      if company.partners.isEmpty { isSo.turn(settings.isAbsence, at: sight.now.instant) }
      reach(company.lastSeen ?? sight.now.instant, sight, settings, &moment)
    }

    /// Who came and who went.
    private mutating func note(_ sight: Sight, _ others: [Sight], _ settings: RelationSettings, _ moment: inout Moment) {
      let wasEmpty = company.partners.isEmpty
      // A box that is carried decides nothing; only what has ended is gone.
      let left = company.see(sight, sight.isFresh ? others : others.filter { $0.ending != nil }) { settings.areRelated($0, $1) }
      let came = company.partners.map(\.since).min()
      if !wasEmpty, let gone = left.map(\.left).max(), came.map({ $0 > gone }) ?? true { turn(settings.isAbsence, gone, sight, settings, &moment) }
      if let came { turn(!settings.isAbsence, came, sight, settings, &moment) }
    }

    private mutating func turn(_ value: Bool, _ at: Instant, _ sight: Sight, _ settings: RelationSettings, _ moment: inout Moment) {
      reach(at, sight, settings, &moment)
      isSo.turn(value, at: at)
    }

    private mutating func reach(_ now: Instant, _ sight: Sight, _ settings: RelationSettings, _ moment: inout Moment) {
      switch isSo.reach(now, settings.holds) {
      case nil: break
      case .on(let at):
        moment.report(.relationStarted, .start, at: at, since: at, sight.track, other)
      case .off(let since, let at):
        moment.report(.relationEnded, .end, at: at, since: since, reason: .over, sight.track, other + [.seconds("duration", at.since(since))])
      }
    }

    /// The partner that has been there longest.
    var other: [Detail] { company.partners.first.map { [Detail("other", .text($0.track.description))] } ?? [] }
  }

  /// By A's slot.
  private var tracks: [Pairs?] = []

  init(queries: Int) {}

  mutating func judge(_ view: View, _ settings: RelationSettings, _ moment: inout Moment) {
    for sight in view.own {
      tracks.hold(sight.slot)
      // Asked by telling it: to ask whether there is one copies it.
      if tracks[sight.slot]?.see(sight, view.others, settings, &moment) == nil, sight.isFresh {
        tracks[sight.slot] = Pairs()
        tracks[sight.slot]!.see(sight, view.others, settings, &moment)
      }
      if let reason = sight.ending { end(sight, reason, settings, &moment) }
    }
  }

  private mutating func end(_ sight: Sight, _ reason: EndReason, _ settings: RelationSettings, _ moment: inout Moment) {
    guard sight.slot < tracks.count, let pairs = tracks[sight.slot] else { return }
    tracks[sight.slot] = nil
    guard let since = pairs.isSo.since else { return }
    let at = pairs.isSo.turning ?? sight.now.instant
    moment.report(.relationEnded, .end, at: at, since: since, reason: pairs.isSo.turning == nil ? reason : .over, sight.track,
                  pairs.other + [.seconds("duration", at.since(since))])
  }

  mutating func finish(_ sights: [Sight], _ reason: EndReason, _ settings: RelationSettings, _ moment: inout Moment) {
    for sight in sights { end(sight, reason, settings, &moment) }
  }

  func conditions(_ sight: Sight, _ others: [Sight], _ settings: RelationSettings) -> (toFire: [Condition], toEnd: [Condition]) {
    let pairs = (tracks.indices.contains(sight.slot) ? tracks[sight.slot] : nil) ?? Pairs()
    let isSo = pairs.isSo.isOn || pairs.company.partners.isEmpty == settings.isAbsence
    let key = settings.isAbsence ? "absent_hold" : "present_hold", opposite = settings.isAbsence ? "present_hold" : "absent_hold"
    // A partner that is carried decides nothing: it is known only up to when they were last seen together.
    let known = pairs.company.lastSeen ?? sight.now.instant
    let words = settings.others.joined(separator: " or ")
    let toFire: [Condition] = [
      related(sight, others, isSo, "\(settings.isAbsence ? "it has no" : "it has a") \(words)", settings),
      .timer("for long enough", since: pairs.isSo.since ?? pairs.isSo.turning, at: known, needed: settings.holds.on, key: key),
    ]
    guard pairs.isSo.isOn else { return (toFire, []) }
    return (toFire, [.timer("\(settings.isAbsence ? "it has a" : "it has no") \(words) for long enough", since: pairs.isSo.turning, at: known, needed: settings.holds.off, key: opposite)])
  }

  /// Whether it has a partner, by the number that decides: of the nearest there is.
  private func related(_ sight: Sight, _ others: [Sight], _ isSo: Bool, _ name: String, _ settings: RelationSettings) -> Condition {
    let a = sight.now.box, boxes = others.filter { $0.ending == nil && $0.track.id != sight.track.id }.map(\.now.box)
    guard settings.how != .near else {
      let nearest = boxes.map { a.gap(to: $0) }.min()
      let up = nearest.map { ($0 * 10_000).rounded(.up) / 100 }, down = nearest.map { ($0 * 10_000 - 0.5).rounded(.down) / 100 }
      return .state(name, isSo, nearest.map { .distance($0) }, needed: .distance(settings.distance), key: "distance",
                    remedy: (settings.isAbsence ? down.flatMap { $0 >= 0 ? $0 : nil } : up).map { .write("\(tidied($0, 2))%") })
    }
    let most = boxes.map { a.overlap($0) / (settings.how == .overlaps ? a.area : $0.area) }.max()
    let down = most.map { ($0 * 1000).rounded(.down) / 10 }, up = most.map { ($0 * 1000 + 0.5).rounded(.up) / 10 }
    return .state(name, isSo, most.map { .share($0) }, needed: .share(settings.share), key: "share",
                  remedy: (settings.isAbsence ? up.flatMap { $0 <= 100 ? $0 : nil } : down.flatMap { $0 > 0 ? $0 : nil }).map { .write("\(tidied($0, 1))%") })
  }

  func standings(_ view: View, _ moment: Moment) -> [Standing] {
    view.own.compactMap { sight in
      guard sight.ending == nil, sight.slot < tracks.count, let pairs = tracks[sight.slot] else { return nil }
      let known = pairs.company.lastSeen ?? sight.now.instant
      let question = pairs.isSo.turning ?? (known < moment.now ? known : nil)
      return Standing(slot: sight.slot, verdict: Verdict(isOn: pairs.isSo.isOn, until: question))
    }
  }
}
