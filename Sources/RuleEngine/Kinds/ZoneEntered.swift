import EventLog
import Scene

/// `zone.entered` / `zone.exited`.
struct ZoneEntered: TrackMachine {
  private var visit = ZoneVisit()

  init() {}

  mutating func see(_ sight: Sight, _ settings: ZoneSettings, _ moment: inout Moment) {
    report(visit.see(sight, settings), sight, &moment)
  }

  mutating func end(_ sight: Sight, _ reason: EndReason, _ settings: ZoneSettings, _ moment: inout Moment) {
    report(visit.end(sight, reason), sight, &moment)
  }

  func verdict(_ last: Instant) -> Verdict { visit.verdict(last) }
  func conditions(_ sight: Sight, _ settings: ZoneSettings) -> [Condition] { visit.conditions(sight, settings) }
  func endConditions(_ sight: Sight, _ settings: ZoneSettings) -> [Condition] { visit.endConditions(sight, settings) }

  private func report(_ change: ZoneVisit.Change?, _ sight: Sight, _ moment: inout Moment) {
    switch change {
    case nil: break
    case .entered(let stay):
      moment.report(.zoneEntered, .start, at: stay.since, since: stay.since, sight.track)
    case .exited(let stay, let reason):
      moment.report(.zoneExited, .end, at: stay.lastInside, since: stay.since, reason: reason, sight.track,
                    [.seconds("dwell", stay.lastInside.since(stay.since))])
    }
  }
}
