import EventLog
import RuleEngine
import Scene
import VideoInput

/// How one rule stood to one track, or as a whole, keyframe by keyframe, as a recording is judged.
struct TrackTrail {
  struct Point {
    var time: MediaTime
    var pts: Int64
    var standing: Conditions
  }

  let rule: String
  let track: TrackID?
  private(set) var points: [Point] = []
  /// The track on keyframes on which the rules didn't see it: not believed yet.
  private(set) var doubted: [(time: MediaTime, track: Track)] = []
  /// Stretches of which nothing is known.
  private(set) var gaps: [Gap] = []

  init(rule: String, track: TrackID?) { self.rule = rule; self.track = track }

  mutating func add(_ step: Rejudging.Step) {
    switch step.observation {
    case .keyframe(let seen):
      if let standing = step.engine.conditions(of: track, rule: rule) {
        points.append(Point(time: seen.time, pts: seen.pts, standing: standing))
      } else if let track = seen.tracks.first(where: { $0.id == track && $0.state == .tentative }) {
        doubted.append((seen.time, track))
      }
    case .gap(let gap): gaps.append(gap)
    case .clockStep: break
    }
  }
}

extension TrackTrail {
  /// A timer that began, was reset or was over, or another condition that came to hold or no longer holds.
  struct Mark {
    enum Change: String { case began, reset, reached, holds, fails }

    var change: Change
    /// When: of a timer that began between keyframes that moment, else the keyframe.
    var time: MediaTime
    var condition: Condition
    /// The keyframe on which it became known, with the detection behind it.
    var point: Point
  }

  /// What changed from keyframe to keyframe, up to and with the one at `end`.
  /// - Parameter ending: look at what ends what the rule started, too.
  func marks(upTo end: MediaTime, ending: Bool) -> [Mark] {
    var marks: [Mark] = []
    var before: [String: Condition] = [:]
    for point in points where point.time <= end {
      let conditions = point.standing.toFire + (ending ? point.standing.toEnd : [])
      // That a box was carried is told by the count of carried boxes.
      for condition in conditions where condition.key != nil {
        if let change = Self.change(before[condition.name], condition) {
          // What begins anew on every keyframe, as a standstill does while something moves, is told once.
          if change == .began, let last = marks.lastIndex(where: { $0.condition.name == condition.name }), marks[last].change == .began { marks.remove(at: last) }
          let time = change == .began ? condition.since ?? point.time : point.time
          marks.append(Mark(change: change, time: time, condition: condition, point: point))
        }
        // A timer may begin and be over on one keyframe.
        if condition.isMet, let since = condition.since, before[condition.name]?.since != since {
          marks.append(Mark(change: .reached, time: point.time, condition: condition, point: point))
        }
        before[condition.name] = condition
      }
      for condition in before.values where !conditions.contains(where: { $0.name == condition.name }) { before[condition.name] = nil }
    }
    return marks
  }

  private static func change(_ old: Condition?, _ new: Condition) -> Mark.Change? {
    if new.since != old?.since { return new.since == nil ? .reset : .began }
    if new.since != nil { return new.isMet && old?.isMet == false ? .reached : nil }
    // What holds by another word holds anew: a rule that has happened once more.
    if new.isMet, old?.isMet == true, case .word? = new.value, new.value != old?.value { return .holds }
    guard new.isMet != old?.isMet ?? false, !isTimer(new) else { return nil }
    return new.isMet ? .holds : .fails
  }

  private static func isTimer(_ condition: Condition) -> Bool { if case .time? = condition.needed { true } else { false } }
}
