import EventLog
import Scene

/// What a rule's machine found, before cooldown, severity and the rule's name are put to it.
struct Finding: Sendable {
  var type: EventType
  /// nil: something that happens in a moment.
  var phase: Phase?
  var at: Instant
  /// When the episode that this belongs to began: with rule and track it names the episode.
  var since: Instant
  var reason: EndReason?
  /// As it stands on the deciding keyframe.
  var track: Track?
  /// Index of a query where the finding is about one but about no object.
  var query: Int?
  var details: [Detail] = []
}

/// One keyframe for one rule's machine.
struct Moment {
  var now: Instant
  var clock: KnownClock
  /// Camera time at media time zero, nanoseconds since 1970.
  var epoch: Int64 = 0
  /// The rule was asleep on the keyframe before, or there was none.
  var hasJustWoken = false
  /// What the rules that this one combines found on this keyframe, in the order in which it names them.
  var members: [Member] = []
  var findings: [Finding] = []

  struct Member: Sendable {
    var findings: [Finding] = []
    var standings: [Standing] = []
  }

  mutating func report(_ type: EventType, _ phase: Phase?, at: Instant, since: Instant, reason: EndReason? = nil, _ track: Track?,
                       query: Int? = nil, _ details: [Detail] = []) {
    findings.append(Finding(type: type, phase: phase, at: at, since: since, reason: reason, track: track, query: query, details: details))
  }
}

extension Detail {
  static func seconds(_ key: String, _ interval: MediaInterval) -> Detail { Detail(key, .seconds(interval.seconds)) }
  static func moment(_ key: String, _ instant: Instant) -> Detail { Detail(key, .seconds(instant.time.seconds)) }
}
