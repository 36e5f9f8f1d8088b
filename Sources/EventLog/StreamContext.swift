public import Scene

/// Where the camera time of events comes from, from best to least.
public enum TimeSource: String, Sendable, Codable {
  /// The sender's own clock, by RTCP.
  case rtcp
  /// Wall clock at arrival: live streams without sender time.
  case arrival
  /// The file's start time (its metadata or `--start-time`) plus media time.
  case file
  /// Nothing is known: media time counted from 1970-01-01T00:00:00Z.
  case media
}

/// What the log adds to every event of one session of a stream.
public struct StreamContext: Sendable, Equatable, Codable {
  /// The stream's id; `source` is `urn:owlwatch:` + this.
  public var stream: String
  public var session: Int
  /// The stream's time base, seconds a tick = numerator / denominator.
  public var timeBase: Rational
  public var timeSource: TimeSource
  /// Camera time at media time zero, in nanoseconds since 1970-01-01T00:00:00Z.
  public var epoch: Int64

  public init(stream: String, session: Int, timeBase: Rational, timeSource: TimeSource, epoch: Int64) {
    self.stream = stream; self.session = session; self.timeBase = timeBase; self.timeSource = timeSource; self.epoch = epoch
  }

  /// Camera time of a media time, in nanoseconds since 1970.
  public func cameraTime(of time: MediaTime) -> Int64 { epoch &+ time.nanoseconds }
}

public struct Rational: Sendable, Equatable, Codable {
  public var numerator: Int
  public var denominator: Int
  public init(_ numerator: Int, _ denominator: Int) { self.numerator = numerator; self.denominator = denominator }
}
