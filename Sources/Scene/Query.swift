/// What to look for. Other values name a query by its index in the stream's list of queries.
public struct Query: Sendable, Hashable, Codable {
  /// Names the query in rules and events.
  public var id: String
  /// The words given to the detector.
  public var text: String
  /// Score from which a detection counts, 0…1; nil: the model's calibrated default.
  public var threshold: Double?
  /// A suppress query explains away detections that overlap its own, and is never reported.
  public var suppresses: Bool

  public init(id: String, text: String, threshold: Double? = nil, suppresses: Bool = false) {
    self.id = id; self.text = text; self.threshold = threshold; self.suppresses = suppresses
  }
}

/// One box that the detector found on one keyframe.
public struct Detection: Sendable, Hashable, Codable {
  public var box: Box
  /// Index of the query in the stream's list.
  public var query: Int
  /// Sigmoid score, 0…1.
  public var score: Double
  /// OWLv2's objectness, 0…1; nil where the model has none.
  public var objectness: Double?

  public init(box: Box, query: Int, score: Double, objectness: Double? = nil) {
    self.box = box; self.query = query; self.score = score; self.objectness = objectness
  }
}
