import EventLog
import Scene

/// A kind's state machine for one track: knows the track's detected boxes, its settings and media time.
protocol TrackMachine: Sendable, Equatable, Codable {
  associatedtype Settings: Sendable
  init()
  /// A keyframe on which the track was detected.
  mutating func see(_ sight: Sight, _ settings: Settings, _ moment: inout Moment)
  /// The track, or the judging, is over: whatever was started gets its end.
  /// `sight.now` is where the track was last detected.
  mutating func end(_ sight: Sight, _ reason: EndReason, _ settings: Settings, _ moment: inout Moment)
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
struct PerTrack<Machine: TrackMachine>: Sendable, Equatable, Codable {
  private var machines: [Machine?] = []

  init() {}

  mutating func see(_ sight: Sight, _ settings: Machine.Settings, _ moment: inout Moment) {
    if sight.slot >= machines.count {
      machines.append(contentsOf: repeatElement(nil, count: sight.slot + 1 - machines.count))
    }
    if let reason = sight.ending {
      end(sight, reason, settings, &moment)
    } else if sight.isFresh {
      if machines[sight.slot] == nil { machines[sight.slot] = Machine() }
      machines[sight.slot]!.see(sight, settings, &moment)
    }
  }

  mutating func end(_ sight: Sight, _ reason: EndReason, _ settings: Machine.Settings, _ moment: inout Moment) {
    guard sight.slot < machines.count else { return }
    machines[sight.slot]?.end(sight, reason, settings, &moment)
    machines[sight.slot] = nil
  }

  func conditions(_ sight: Sight, _ settings: Machine.Settings) -> (toFire: [Condition], toEnd: [Condition]) {
    let machine = (machines.indices.contains(sight.slot) ? machines[sight.slot] : nil) ?? Machine()
    return (machine.conditions(sight, settings), machine.endConditions(sight, settings))
  }
}
