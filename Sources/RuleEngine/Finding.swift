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
  var sight: Sight?
  /// Index of a query where the finding is about one but about no object.
  var query: Int?
  var details: [Detail] = []
}

/// One keyframe for one rule's machine.
struct Moment {
  var now: Instant
  var clock: KnownClock
  var findings: [Finding] = []

  mutating func report(_ type: EventType, _ phase: Phase?, at: Instant, since: Instant, reason: EndReason? = nil, _ sight: Sight?,
                       query: Int? = nil, _ details: [Detail] = []) {
    findings.append(Finding(type: type, phase: phase, at: at, since: since, reason: reason, sight: sight, query: query, details: details))
  }
}

extension Detail {
  static func seconds(_ key: String, _ interval: MediaInterval) -> Detail { Detail(key, .seconds(interval.seconds)) }
  static func moment(_ key: String, _ instant: Instant) -> Detail { Detail(key, .seconds(instant.time.seconds)) }
}
