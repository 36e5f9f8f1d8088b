import EventLog
import Scene

/// A timeline that stands in a rule file, under `tests`: tracks as points in time, and what the rules must tell of them.
public struct RuleTest: Sendable {
  public var name: String
  /// Line of the rule file at which it stands, from 1.
  public var line: Int
  /// Time between keyframes.
  var every: MediaInterval
  /// Camera time at media time zero, nanoseconds since 1970.
  var start: Int64
  /// The last keyframe is not after this.
  var until: MediaTime
  var actors: [Actor]
  /// Stretches of which nothing is known, in order.
  var gaps: [(from: MediaTime, to: MediaTime)]
  var expected: [Expectation]
  /// Rules whose events must all be among the expected ones.
  var watched: Set<String>

  /// One track.
  struct Actor: Sendable {
    var id: String
    /// Index among the test's queries.
    var query: Int
    var score: Double
    /// In order of time; the first and the last are seen.
    var points: [Waypoint]
  }

  struct Waypoint: Sendable {
    var time: MediaTime
    /// Normalised; nil: from here to the next point that has one the track is not detected.
    var box: Box?
  }

  /// What one event must be. Nil: anything will do.
  struct Expectation: Sendable {
    var line: Int
    var rule: String
    var at: MediaTime
    var within: MediaInterval
    var type: EventType?
    var phase: Phase?
    var reason: EndReason?
    var severity: Severity?
    /// Index among the actors.
    var actor: Int?
    /// Fields of `data` as they are written in the file: `direction`, `count`, …
    var details: [(key: String, value: String)]
  }
}

extension RuleTest.Actor {
  var first: MediaTime { points[0].time }
  var last: MediaTime { points[points.count - 1].time }

  /// Where the track is, straight from seen point to seen point, and whether it is detected there; nil outside its life.
  func place(at time: MediaTime) -> (box: Box, isDetected: Bool)? {
    guard time >= first, time <= last else { return nil }
    let here = points.last { $0.time <= time }
    let before = points.last { $0.time <= time && $0.box != nil }!, after = points.first { $0.time >= time && $0.box != nil }!
    guard let a = before.box, let b = after.box else { return nil }
    let span = (after.time - before.time).seconds
    let share = span > 0 ? (time - before.time).seconds / span : 0
    return (a.toward(b, share), here?.box != nil)
  }
}
