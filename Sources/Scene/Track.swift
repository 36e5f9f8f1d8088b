/// Names a track for ever: the session it was seen in and its number there. Written `7-12`.
public struct TrackID: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
  public var session: Int
  public var number: Int

  public init(session: Int, number: Int) { self.session = session; self.number = number }

  public var description: String { "\(session)-\(number)" }

  /// Reads `7-12`; nil where the text is anything else.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let session = Int(parts[0]), let number = Int(parts[1]), session >= 0, number >= 0 else { return nil }
    self.init(session: session, number: number)
  }

  public static func < (a: TrackID, b: TrackID) -> Bool { (a.session, a.number) < (b.session, b.number) }
}

/// The life of one object as it stands on one keyframe.
public struct Track: Sendable, Hashable, Codable {
  public enum State: String, Sendable, Codable {
    /// Seen, but not often enough to be believed. Rules don't see it.
    case tentative
    /// Believed, and detected on this keyframe.
    case confirmed
    /// Believed, not detected on this keyframe: its box is the motion model's.
    case coasting
    /// Not seen for too long. Reported once, then forgotten.
    case ended
  }

  public var id: TrackID
  /// Index of the query in the stream's list.
  public var query: Int
  public var state: State
  /// Where the object is at this keyframe: the filter's box, carried by the motion model where it was not detected.
  public var box: Box
  /// The score of the last detection, 0…1.
  public var score: Double
  /// Median of the last ≤ 10 scores, 0…1.
  public var medianScore: Double
  /// Whether this keyframe's box is in support: detected, not carried.
  public var detected: Bool
  /// Whether the track was ever confirmed: tells apart, once ended, what rules were shown from what they never saw.
  public var wasConfirmed: Bool
  public var firstDetected: MediaTime
  public var lastDetected: MediaTime

  public init(id: TrackID, query: Int, state: State, box: Box, score: Double, medianScore: Double, detected: Bool,
              wasConfirmed: Bool, firstDetected: MediaTime, lastDetected: MediaTime) {
    self.id = id; self.query = query; self.state = state; self.box = box; self.score = score
    self.medianScore = medianScore; self.detected = detected; self.wasConfirmed = wasConfirmed
    self.firstDetected = firstDetected; self.lastDetected = lastDetected
  }
}
