import EventLog
import Scene

struct LoiteringSettings: KindSettings {
  var zone: ZoneSettings
  var after: MediaInterval
  /// Once more each time this has passed; nil: once a visit.
  var again: MediaInterval?
  /// The visits of a track are summed.
  var isCumulative: Bool

  var delay: MediaInterval { zone.delay }
  var anchor: Anchor { zone.anchor }

  func placed(in plane: Plane, queries: [Int]) -> LoiteringSettings {
    var placed = self
    placed.zone = zone.placed(in: plane, queries: queries)
    return placed
  }
}

/// `zone.loitering`: the time in the zone reaches `after`. It happens at that moment, not when the visit began.
struct ZoneLoitering: TrackMachine {
  private var visit = ZoneVisit()
  /// Time of earlier visits since the last report.
  private var earlier = MediaInterval.zero
  private var episode: Instant?
  private var repeats = 0

  init() {}

  mutating func see(_ sight: Sight, _ settings: LoiteringSettings, _ moment: inout Moment) {
    switch visit.see(sight, settings.zone) {
    case .exited(let stay, let reason):
      reach(stay, sight, settings, &moment)
      leave(stay, reason, sight, settings, &moment)
    default:
      if let stay = visit.stay { reach(stay, sight, settings, &moment) }
    }
  }

  /// What the time inside the border has reached: between two keyframes, too, by the moment at which the path left.
  private mutating func reach(_ stay: ZoneVisit.Stay, _ sight: Sight, _ settings: LoiteringSettings, _ moment: inout Moment) {
    if episode == nil, earlier + stay.lastInside.since(stay.since) >= settings.after {
      let reached = moment.clock.moment(settings.after - earlier, after: stay.since)
      let start = reached.media < stay.since.media ? stay.since : reached
      episode = start
      moment.report(.zoneLoitering, .start, at: start, since: start, sight.track,
                    [.moment("since", stay.since), .seconds("dwell", earlier + start.since(stay.since))])
    }
    guard let episode, let again = settings.again, again > .zero else { return }
    let due = stay.lastInside.since(episode).nanoseconds / again.nanoseconds
    guard due > repeats else { return }
    repeats = Int(due)
    let reached = moment.clock.moment(MediaInterval(nanoseconds: due * again.nanoseconds), after: episode)
    moment.report(.zoneLoitering, .update, at: reached, since: episode, sight.track,
                  [.moment("since", stay.since), .seconds("dwell", earlier + reached.since(stay.since))])
  }

  mutating func end(_ sight: Sight, _ reason: EndReason, _ settings: LoiteringSettings, _ moment: inout Moment) {
    if case .exited(let stay, let reason) = visit.end(sight, reason) { leave(stay, reason, sight, settings, &moment) }
  }

  func verdict(_ last: Instant) -> Verdict {
    episode == nil ? Verdict(isOn: false) : Verdict(isOn: true, until: visit.verdict(last).until)
  }

  func conditions(_ sight: Sight, _ settings: LoiteringSettings) -> [Condition] {
    let time = visit.stay.map { earlier + $0.lastInside.since($0.since) }
    return visit.conditions(sight, settings.zone) + [
      .lasting(settings.isCumulative ? "its time in the zone adds up" : "its time in the zone is long enough", time, since: visit.stay?.since,
               needed: settings.after, key: "after"),
    ]
  }

  func endConditions(_ sight: Sight, _ settings: LoiteringSettings) -> [Condition] { visit.endConditions(sight, settings.zone) }

  private mutating func leave(_ stay: ZoneVisit.Stay, _ reason: EndReason, _ sight: Sight, _ settings: LoiteringSettings,
                              _ moment: inout Moment) {
    let dwell = earlier + stay.lastInside.since(stay.since)
    earlier = settings.isCumulative && episode == nil ? dwell : .zero
    repeats = 0
    guard let start = episode else { return }
    episode = nil
    moment.report(.zoneLoitering, .end, at: max(stay.lastInside, start), since: start, reason: reason, sight.track,
                  [.moment("since", stay.since), .seconds("dwell", dwell)])
  }
}
