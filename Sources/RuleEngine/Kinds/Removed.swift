import EventLog
import Scene

struct RemovedSettings: KindSettings {
  /// Settles after `standing`.
  var stillness: StillnessSettings
  var after: MediaInterval
  var owner: OwnerSettings

  var others: [String] { owner.queries }
}

/// `object.removed`: something that stood somewhere has not been seen there for `after`, nor anything of its query.
/// It happens at that moment; `since` is when it was last there. Nothing is said where an owner was near then.
///
///     ── stands for standing ──▶ there ──not seen there──▶ gone ──for after──▶ removed, and forgotten
///                                  ◀──its query is seen there again──┘
struct Removed: KindMachine {
  /// Something of the query that shares this much (intersection over union) with the place is there.
  private static let sameplace = 0.5

  private struct Spot: Sendable, Equatable, Codable {
    /// As it was last seen there.
    var track: Track
    /// The slot of whatever stands there; nil while it is gone.
    var slot: Int?
    /// In the plane.
    var box: Box
    var since: Instant
    var last: Instant
    /// When somebody who may be its owner was last near.
    var ownerSeen: Instant?
  }

  /// By slot.
  private var tracks: [Stillness?] = []
  private var spots: [Spot] = []
  /// Those that were told of on the last keyframe.
  private var told: [Spot] = []

  init(queries: Int) {}

  mutating func judge(_ view: View, _ settings: RemovedSettings, _ moment: inout Moment) {
    for sight in view.own { follow(sight, settings) }
    for index in spots.indices {
      look(at: &spots[index], view.own)
      if view.others.contains(where: { $0.isFresh && settings.owner.areNear($0.now.box, spots[index].box) }) {
        spots[index].ownerSeen = moment.now
      }
    }
    told = spots.filter { Self.isRemoved($0, settings, moment.now) }
    for spot in told { tell(spot, settings, &moment) }
    spots.removeAll { Self.isRemoved($0, settings, moment.now) }
  }

  /// What comes to rest makes its spot, unless something stands there already.
  private mutating func follow(_ sight: Sight, _ settings: RemovedSettings) {
    tracks.hold(sight.slot)
    guard sight.ending == nil else { tracks[sight.slot] = nil; return }
    guard sight.isFresh else { return }
    if tracks[sight.slot] == nil { tracks[sight.slot] = Stillness() }
    guard case .rests(let rest) = tracks[sight.slot]!.see(sight, settings.stillness),
          !spots.contains(where: { Self.isAt($0, sight) }) else { return }
    spots.append(Spot(track: sight.track, slot: sight.slot, box: sight.now.box, since: rest.since, last: sight.now.instant))
  }

  private func look(at spot: inout Spot, _ sights: [Sight]) {
    if let slot = spot.slot, let holder = sights.first(where: { $0.slot == slot }) {
      if holder.ending != nil {
        spot.slot = nil
      } else if holder.isFresh, !Self.isAt(spot, holder) {
        spot.slot = nil
        if let before = holder.before, before.box.iou(spot.box) >= Self.sameplace {
          let box = spot.box
          let share = turningPoint { before.box.toward(holder.now.box, $0).iou(box) < Self.sameplace }
          spot.last = before.instant.toward(holder.now.instant, share)
        }
      }
    }
    guard let there = sights.first(where: { Self.isAt(spot, $0) && $0.slot == spot.slot }) ?? sights.first(where: { Self.isAt(spot, $0) }) else { return }
    spot.slot = there.slot
    spot.track = there.track
    spot.last = there.now.instant
  }

  private static func isAt(_ spot: Spot, _ sight: Sight) -> Bool {
    sight.isFresh && sight.track.query == spot.track.query && sight.now.box.iou(spot.box) >= sameplace
  }

  private static func isRemoved(_ spot: Spot, _ settings: RemovedSettings, _ now: Instant) -> Bool {
    spot.slot == nil && now.since(spot.last) >= settings.after
  }

  private func tell(_ spot: Spot, _ settings: RemovedSettings, _ moment: inout Moment) {
    if let seen = spot.ownerSeen, spot.last.since(seen) <= settings.owner.hold { return }
    let at = moment.clock.moment(settings.after, after: spot.last)
    moment.report(.objectRemoved, nil, at: at, since: at, spot.track, [.moment("since", spot.last), .seconds("stood", spot.last.since(spot.since))])
  }

  func conditions(_ sight: Sight, _ others: [Sight], _ settings: RemovedSettings) -> (toFire: [Condition], toEnd: [Condition]) {
    // What has stood somewhere may be gone from there and yet be seen elsewhere: that is asked of the place.
    guard !(told + spots).contains(where: { $0.track.id == sight.track.id }) else { return ([], []) }
    let stillness = tracks.indices.contains(sight.slot) ? tracks[sight.slot] : nil
    return ([.timer("it stands there", since: stillness?.since, at: sight.now.instant, needed: settings.stillness.settle, key: "standing"),
             .state("it is gone", false)], [])
  }

  func conditions(about track: TrackID?, _ settings: RemovedSettings, now: Instant) -> (toFire: [Condition], toEnd: [Condition]) {
    guard let spot = (told + spots).first(where: { $0.track.id == track }) else { return ([], []) }
    return (conditions(spot, settings, now: now), [])
  }

  private func conditions(_ spot: Spot, _ settings: RemovedSettings, now: Instant) -> [Condition] {
    let gone = spot.slot == nil ? spot.last : nil
    var conditions: [Condition] = [
      .timer("it stood there", since: spot.since, at: spot.last, needed: settings.stillness.settle, key: "standing"),
      .state("it is gone", gone != nil),
      .timer("it has been gone for long enough", since: gone, at: now, needed: settings.after, key: "after"),
    ]
    if !settings.owner.queries.isEmpty {
      conditions.append(.lasting("no owner was near when it went", spot.ownerSeen.map { spot.last.since($0) } ?? settings.owner.hold + .milliseconds(1), since: nil,
                                 needed: settings.owner.hold + .milliseconds(1), key: "owner_hold"))
    }
    return conditions
  }

  mutating func finish(_ sights: [Sight], _ reason: EndReason, _ settings: RemovedSettings, _ moment: inout Moment) {
    self = Removed(queries: 0)
  }
}
