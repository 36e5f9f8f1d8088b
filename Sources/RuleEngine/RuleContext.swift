public import Scene

/// What a rule engine must know of the stream it judges: plain values, one session long.
public struct RuleContext: Sendable, Equatable, Codable {
  /// The stream's queries, in the order that `Track.query` counts.
  public var queries: [Query]
  /// Gives distances their proportions.
  public var size: PictureSize
  /// The stream's id.
  public var stream: String
  public var session: Int
  /// Camera time at media time zero, in nanoseconds since 1970-01-01T00:00:00Z: `active` and `reset_at` follow the
  /// stream's own clock, not the worker's.
  public var epoch: Int64

  public init(queries: [Query], size: PictureSize, stream: String, session: Int, epoch: Int64) {
    self.queries = queries; self.size = size; self.stream = stream; self.session = session; self.epoch = epoch
  }
}
