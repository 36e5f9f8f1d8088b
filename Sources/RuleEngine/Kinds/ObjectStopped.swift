import EventLog
import Scene

struct StoppedSettings: KindSettings {
  /// Settles after `after`.
  var stillness: StillnessSettings
  /// Of `object.moved`.
  var delay: MediaInterval { stillness.hold }
}

/// `object.stopped` / `object.moved`: centre and size stable for `after`. It happens at that moment, not when the object
/// came to a stop, which is told as `since`.
struct ObjectStopped: TrackMachine {
  private var stillness = Stillness()
  /// When it was reached that goes on.
  private var start: Instant?

  init() {}

  mutating func see(_ sight: Sight, _ settings: StoppedSettings, _ moment: inout Moment) {
    switch stillness.see(sight, settings.stillness) {
    case nil: break
    case .rests(let rest):
      let reached = moment.clock.moment(settings.stillness.settle, after: rest.since)
      start = reached
      moment.report(.objectStopped, .start, at: reached, since: reached, sight.track, [.moment("since", rest.since)])
    case .moved(let rest):
      move(rest, rest.awaySince!, .over, sight, &moment)
    }
  }

  mutating func end(_ sight: Sight, _ reason: EndReason, _ settings: StoppedSettings, _ moment: inout Moment) {
    guard let rest = stillness.rest else { return }
    // Last seen away: it moved, and only the hold was not over.
    move(rest, rest.awaySince ?? sight.now.instant, rest.awaySince == nil ? reason : .over, sight, &moment)
  }

  private mutating func move(_ rest: Stillness.Rest, _ at: Instant, _ reason: EndReason, _ sight: Sight, _ moment: inout Moment) {
    guard let start else { return }
    self.start = nil
    moment.report(.objectMoved, .end, at: max(at, start), since: start, reason: reason, sight.track,
                  [.moment("since", rest.since), .seconds("duration", at.since(rest.since))])
  }

  func conditions(_ sight: Sight, _ settings: StoppedSettings) -> [Condition] {
    [.timer("it stands still", since: stillness.rest?.since ?? stillness.since, at: sight.now.instant, needed: settings.stillness.settle, key: "after")]
  }

  func endConditions(_ sight: Sight, _ settings: StoppedSettings) -> [Condition] { stillness.endConditions(sight, settings.stillness) }

  func verdict(_ last: Instant) -> Verdict {
    start == nil ? Verdict(isOn: false) : Verdict(isOn: true, until: stillness.rest?.awaySince ?? last)
  }
}
