import Foundation
public import OwlViT
public import Scene

/// One detector for all streams of a process: weights once in memory, one look at a time.
///
/// Streams may ask different things. The network looks with the union of their texts; to each stream the others' queries are
/// out of reach, and its own come back under its own numbers.
public final class SharedDetector: @unchecked Sendable {
  /// A score no sigmoid reaches.
  private static let unreachable = 2.0
  /// OWL-ViT's usual cut where a model says nothing of its own (the default of `transformers`' post-processing).
  public static let uncalibratedThreshold = 0.1

  public let model: ModelDirectory
  private let detector: Detector
  private let lock = NSLock()
  private var texts: [String] = []

  public init(model: ModelDirectory, engine: Engine, threads: Int) throws {
    self.model = model
    detector = try Detector(model: model, engine: engine, threads: threads)
  }

  public var defaultThreshold: Double { model.notes?.threshold ?? Self.uncalibratedThreshold }
  public var window: Int { model.notes?.window ?? model.config.vision.imageSize }

  /// One stream's view of the detector.
  struct Questions: Sendable {
    /// Index in the union for each of the stream's queries.
    let positions: [Int]
    /// The stream's query for each text of the union; -1: another stream's.
    let owners: [Int]
    /// Least score worth reporting, for each text of the union.
    let minimumScores: [Double]
  }

  /// Adds a stream's queries. Call it for all streams before the first look.
  func ask(_ queries: [Query]) throws {
    try lock.withLock {
      for query in queries where !texts.contains(query.text) { texts.append(query.text) }
      try detector.setQueries(texts)
    }
  }

  /// - Precondition: the queries were given to `ask`.
  func questions(for queries: [Query], minimumScores: [Double]) -> Questions {
    lock.withLock {
      var owners = Array(repeating: -1, count: texts.count), minimum = Array(repeating: Self.unreachable, count: texts.count)
      var positions: [Int] = []
      for (index, query) in queries.enumerated() {
        guard let position = texts.firstIndex(of: query.text) else { preconditionFailure("query '\(query.text)' was never asked") }
        positions.append(position)
        owners[position] = index
        minimum[position] = minimumScores[index]
      }
      return Questions(positions: positions, owners: owners, minimumScores: minimum)
    }
  }

  /// Looks at regions of a picture; one list of candidates per region, in the picture's coordinates, with the stream's query numbers.
  func detect(in picture: Picture, regions: [PixelRect], for questions: Questions, into found: inout [[Detection]]) {
    lock.withLock { detector.detect(in: picture, regions: regions, minimumScores: questions.minimumScores, into: &found) }
    for region in found.indices {
      for index in found[region].indices { found[region][index].query = questions.owners[found[region][index].query] }
    }
  }
}
