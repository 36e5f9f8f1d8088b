import EventLog
import Scene

/// A kind's state machine for one track: knows the track's detected boxes, its settings and media time.
protocol TrackMachine: Sendable, Equatable, Codable {
  associatedtype Settings: KindSettings
  init()
  /// A keyframe on which the track was detected.
  mutating func see(_ sight: Sight, _ settings: Settings, _ moment: inout Moment)
  /// The track, or the judging, is over: whatever was started gets its end.
  /// `sight.now` is where the track was last detected.
  mutating func end(_ sight: Sight, _ reason: EndReason, _ settings: Settings, _ moment: inout Moment)
  /// Whether what it tells goes on; `last` is when the track was last detected.
  func verdict(_ last: Instant) -> Verdict
  /// What must hold for it to report, in the order in which it asks, as it stands after a keyframe.
  func conditions(_ sight: Sight, _ settings: Settings) -> [Condition]
  /// What must hold for what it reported to end by itself.
  func endConditions(_ sight: Sight, _ settings: Settings) -> [Condition]
}

extension TrackMachine {
  func conditions(_ sight: Sight, _ settings: Settings) -> [Condition] { [] }
  func endConditions(_ sight: Sight, _ settings: Settings) -> [Condition] { [] }
}

/// The machines of a rule's live tracks, by slot. A track's machine is forgotten on the keyframe on which the track ends.
struct PerTrack<Machine: TrackMachine>: KindMachine {
  private var machines: [Machine?] = []

  init(queries: Int) {}

  mutating func judge(_ view: View, _ settings: Machine.Settings, _ moment: inout Moment) {
    for sight in view.own {
      if let reason = sight.ending {
        end(sight, reason, settings, &moment)
      } else if sight.isFresh {
        machines.hold(sight.slot)
        // Asked by telling it: to ask whether there is one copies it.
        if machines[sight.slot]?.see(sight, settings, &moment) != nil { continue }
        machines[sight.slot] = Machine()
        machines[sight.slot]!.see(sight, settings, &moment)
      }
    }
  }

  mutating func finish(_ sights: [Sight], _ reason: EndReason, _ settings: Machine.Settings, _ moment: inout Moment) {
    for sight in sights { end(sight, reason, settings, &moment) }
  }

  private mutating func end(_ sight: Sight, _ reason: EndReason, _ settings: Machine.Settings, _ moment: inout Moment) {
    guard sight.slot < machines.count else { return }
    machines[sight.slot]?.end(sight, reason, settings, &moment)
    machines[sight.slot] = nil
  }

  func standings(_ view: View, _ moment: Moment) -> [Standing] {
    view.own.compactMap { sight in
      guard sight.ending == nil, sight.slot < machines.count, let machine = machines[sight.slot] else { return nil }
      return Standing(slot: sight.slot, verdict: machine.verdict(sight.now.instant))
    }
  }

  func conditions(_ sight: Sight, _ others: [Sight], _ settings: Machine.Settings) -> (toFire: [Condition], toEnd: [Condition]) {
    let machine = (machines.indices.contains(sight.slot) ? machines[sight.slot] : nil) ?? Machine()
    return (machine.conditions(sight, settings), machine.endConditions(sight, settings))
  }
}

extension Array {
  /// Makes room for a slot's entry.
  @inline(__always) mutating func hold<Entry>(_ slot: Int) where Element == Entry? {
    if slot >= count { append(contentsOf: repeatElement(nil, count: slot + 1 - count)) }
  }
}
