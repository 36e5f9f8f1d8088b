public import Scene

/// What a rule, a track or a stream reports: the meaning of one line of the log, before the log stamps it with
/// sequence number, session and camera time.
public struct Event: Sendable, Equatable, Codable {
  public var type: EventType
  /// `zone/yard`, `line/gate`, `track/7-12`, `relation/…`, `stream`.
  public var subject: String
  /// When it happened, interpolated between keyframes where the rule says so.
  public var mediaTime: MediaTime
  /// PTS of the keyframe on which it was decided, in the stream's time base; nil before the first keyframe.
  public var pts: Int64?
  public var rule: RuleReference?
  public var query: QueryReference?
  public var object: ObjectReport?
  /// Things that last have a phase and share an episode.
  public var phase: Phase?
  public var episode: String?
  /// Why something ended.
  public var reason: EndReason?
  public var severity: Severity?
  /// What this type has beyond the common fields, in the order in which it is written after them:
  /// `direction`, `count`, `dwell`, `since`, …
  public var details: [Detail]

  public init(type: EventType, subject: String, mediaTime: MediaTime, pts: Int64? = nil, rule: RuleReference? = nil,
              query: QueryReference? = nil, object: ObjectReport? = nil, phase: Phase? = nil, episode: String? = nil,
              reason: EndReason? = nil, severity: Severity? = nil, details: [Detail] = []) {
    self.type = type; self.subject = subject; self.mediaTime = mediaTime; self.pts = pts; self.rule = rule
    self.query = query; self.object = object; self.phase = phase; self.episode = episode; self.reason = reason
    self.severity = severity; self.details = details
  }
}

extension Event {
  static let shadowKey = "shadow"

  /// Whether a rule on trial told this (`data.shadow`): it is logged, and alarms nobody.
  public var isShadow: Bool {
    get { details.contains(Detail(Self.shadowKey, .flag(true))) }
    set {
      details.removeAll { $0.key == Self.shadowKey }
      if newValue { details.append(Detail(Self.shadowKey, .flag(true))) }
    }
  }
}

/// The event's type, written `owlwatch.` + raw value.
public enum EventType: String, Sendable, Codable, CaseIterable {
  case objectAppeared = "object.appeared", objectUpdated = "object.updated", objectEnded = "object.ended"
  case zoneEntered = "zone.entered", zoneExited = "zone.exited", zoneLoitering = "zone.loitering", zoneOccupancy = "zone.occupancy"
  case lineCrossed = "line.crossed", lineCount = "line.count"
  case objectStopped = "object.stopped", objectMoved = "object.moved"
  case objectWrongDirection = "object.wrong_direction", objectSpeeding = "object.speeding"
  case objectAbandoned = "object.abandoned", objectRemoved = "object.removed"
  case relationStarted = "relation.started", relationEnded = "relation.ended"
  case conditionStarted = "condition.started", conditionEnded = "condition.ended"
  case sequenceCompleted = "sequence.completed"
  case streamUp = "stream.up", streamDown = "stream.down", streamGap = "stream.gap", streamClockStep = "stream.clock_step"
  case configChanged = "config.changed", logCheckpoint = "log.checkpoint"
}

public enum Phase: String, Sendable, Codable, CaseIterable { case start, update, end }

public enum EndReason: String, Sendable, Codable, CaseIterable {
  case left, lost, gap, stopped, endOfStream = "end_of_stream", recovered
  /// What it was about is no longer so: the object moved on, the count fell, the helmet was put on.
  case over
  /// The rule's `active` hours were over.
  case inactive
}

public enum Severity: String, Sendable, Codable, CaseIterable { case info, warning, alert }

public struct RuleReference: Sendable, Equatable, Codable {
  public var id: String
  /// The rule's kind as the rule file has it: `line.crossed`.
  public var kind: String
  public init(id: String, kind: String) { self.id = id; self.kind = kind }
}

public struct QueryReference: Sendable, Equatable, Codable {
  public var id: String
  public var text: String
  public init(id: String, text: String) { self.id = id; self.text = text }
}

/// The object an event is about, where it was last detected.
public struct ObjectReport: Sendable, Equatable, Codable {
  public var track: TrackID
  /// 0…1, of the last detection.
  public var score: Double
  /// Whether that was on the deciding keyframe.
  public var detected: Bool
  public var box: Box
  public init(track: TrackID, score: Double, detected: Bool, box: Box) {
    self.track = track; self.score = score; self.detected = detected; self.box = box
  }
  public init(_ track: Track) {
    self.init(track: track.id, score: track.score, detected: track.detected, box: track.box)
  }
}

public struct Detail: Sendable, Equatable, Codable {
  public var key: String
  public var value: DetailValue
  public init(_ key: String, _ value: DetailValue) { self.key = key; self.value = value }
}

public enum DetailValue: Sendable, Equatable, Codable {
  case integer(Int)
  /// Coordinates, scores, shares: written with at most 4 decimals.
  case number(Double)
  /// Written with 3 decimals.
  case seconds(Double)
  case text(String)
  case flag(Bool)
  case list([DetailValue])
  case fields([Detail])
}
