import EventLog
import Scene

/// Who may stand beside an object and be its owner.
struct OwnerSettings: Sendable {
  /// Queries by id or text; empty: nobody.
  var queries: [String]
  /// Share of the diagonal between the boxes.
  var near: Double
  /// Shorter than this near it, somebody only passes by.
  var hold: MediaInterval

  func areNear(_ a: Box, _ b: Box) -> Bool { a.gap(to: b) <= near }
}

struct AbandonedSettings: KindSettings {
  var stillness: StillnessSettings
  var after: MediaInterval
  var owner: OwnerSettings

  var others: [String] { owner.queries }
}

/// `object.abandoned`: the object has stood still for `after`, and no owner was near it in all that time. It happens at
/// that moment; `since` is when it was left alone. Over when it moves, or when an owner has come to it and stays.
struct Abandoned: KindMachine {
  private struct Episode: Sendable, Equatable, Codable {
    var since: Instant
    var start: Instant
  }

  private struct Thing: Sendable, Equatable, Codable {
    var stillness = Stillness()
    var company = Company()
    /// When an owner who stayed left it last.
    var leftSince: Instant?
    var episode: Episode?

    /// A keyframe.
    mutating func see(_ sight: Sight, _ others: [Sight], _ settings: AbandonedSettings, _ moment: inout Moment) {
      let change = sight.isFresh ? stillness.see(sight, settings.stillness) : nil
      for (partner, left) in company.see(sight, others, { settings.owner.areNear($0, $1) }) where left.since(partner.since) >= settings.owner.hold {
        leftSince = max(leftSince ?? left, left)
      }
      if episode != nil {
        if case .moved(let rest) = change { tellEnd(rest.awaySince!, .over, sight, &moment); return }
        if let owner = company.partners.first(where: { $0.last.since($0.since) >= settings.owner.hold }) {
          leftSince = owner.since
          tellEnd(owner.since, .over, sight, &moment)
        }
      } else if sight.isFresh {
        lie(sight, settings, &moment)
      }
    }

    private mutating func lie(_ sight: Sight, _ settings: AbandonedSettings, _ moment: inout Moment) {
      guard let still = stillness.since else { return }
      let since = max(still, leftSince ?? still)
      guard sight.now.instant.since(since) >= settings.after else { return }
      let due = moment.clock.moment(settings.after, after: since)
      // Somebody who came before that moment, and is there or may yet turn out to be.
      guard !company.partners.contains(where: { $0.since < due }) else { return }
      episode = Episode(since: since, start: due)
      moment.report(.objectAbandoned, .start, at: due, since: due, sight.track, [.moment("since", since)])
    }

    mutating func tellEnd(_ at: Instant, _ reason: EndReason, _ sight: Sight, _ moment: inout Moment) {
      guard let episode else { return }
      self.episode = nil
      let end = max(at, episode.start)
      moment.report(.objectAbandoned, .end, at: end, since: episode.start, reason: reason, sight.track,
                    [.moment("since", episode.since), .seconds("duration", end.since(episode.since))])
    }
  }

  /// By slot.
  private var things: [Thing?] = []

  init(queries: Int) {}

  mutating func judge(_ view: View, _ settings: AbandonedSettings, _ moment: inout Moment) {
    for sight in view.own {
      things.hold(sight.slot)
      if let reason = sight.ending { end(sight, reason, &moment); continue }
      // Asked by telling it: to ask whether there is one copies it.
      if things[sight.slot]?.see(sight, view.others, settings, &moment) == nil, sight.isFresh {
        things[sight.slot] = Thing()
        things[sight.slot]!.see(sight, view.others, settings, &moment)
      }
    }
  }

  private mutating func end(_ sight: Sight, _ reason: EndReason, _ moment: inout Moment) {
    guard sight.slot < things.count, var thing = things[sight.slot] else { return }
    things[sight.slot] = nil
    let away = thing.stillness.rest?.awaySince
    thing.tellEnd(away ?? sight.now.instant, away == nil ? reason : .over, sight, &moment)
  }

  mutating func finish(_ sights: [Sight], _ reason: EndReason, _ settings: AbandonedSettings, _ moment: inout Moment) {
    for sight in sights { end(sight, reason, &moment) }
  }

  func conditions(_ sight: Sight, _ others: [Sight], _ settings: AbandonedSettings) -> (toFire: [Condition], toEnd: [Condition]) {
    let thing = (things.indices.contains(sight.slot) ? things[sight.slot] : nil) ?? Thing()
    let still = thing.episode?.since ?? thing.stillness.since
    let alone = still.map { max($0, thing.leftSince ?? $0) }
    let nearest = others.filter { $0.ending == nil && $0.track.id != sight.track.id }.map { $0.now.box.gap(to: sight.now.box) }.min()
    var toFire = [Condition.timer("it stands still", since: still, at: sight.now.instant, needed: settings.after, key: "after")]
    if !settings.owner.queries.isEmpty {
      toFire.append(.far("no owner is near it", nearest, needed: settings.owner.near, isMet: thing.episode != nil || thing.company.partners.isEmpty, key: "near"))
      toFire.append(.timer("it stands alone", since: thing.company.partners.isEmpty || thing.episode != nil ? alone : nil, at: sight.now.instant, needed: settings.after, key: "after"))
    }
    guard thing.episode != nil else { return (toFire, []) }
    let owner = thing.company.partners.first
    return (toFire, thing.stillness.endConditions(sight, settings.stillness)
      + [.timer("or an owner has come to it", since: owner?.since, at: owner?.last ?? sight.now.instant, needed: settings.owner.hold, key: "owner_hold")])
  }

  func standings(_ view: View, _ moment: Moment) -> [Standing] {
    view.own.compactMap { sight in
      guard sight.ending == nil, sight.slot < things.count, let thing = things[sight.slot] else { return nil }
      let isOn = thing.episode != nil
      return Standing(slot: sight.slot, verdict: Verdict(isOn: isOn, until: isOn ? thing.stillness.rest?.awaySince ?? sight.now.instant : nil))
    }
  }
}
