public import Scene
internal import Synchronization
public import Tensors

/// OWL-ViT or OWLv2: finds what texts name in regions of pictures.
///
/// Results do not depend, to the last bit, on the number of threads or on which regions are looked at together.
/// Memory is taken when the detector is made, when more queries or more regions come than ever before, and never else.
/// May be called from any thread; calls wait for one another.
public final class Detector: Sendable {
  public let engine: Engine
  public let threads: Int
  /// Side of the network's square input in pixels.
  public let imageSize: Int
  /// Whether detections carry an objectness: OWLv2.
  public let hasObjectness: Bool
  private let state: Mutex<DetectorState>

  /// - Parameter threads: threads that look at pictures, the caller's among them; at least 1.
  /// - Throws: where a tensor is missing or has another shape than the config says, and where the engine can't be loaded.
  public init(model: ModelDirectory, engine: Engine, threads: Int) throws(ModelError) {
    let state = try DetectorState(model, engine, threads: max(1, threads))
    self.engine = engine
    self.threads = state.team.size
    imageSize = model.config.vision.imageSize
    hasObjectness = state.network.heads.hasObjectness
    self.state = Mutex(state)
  }

  /// Encodes texts: each distinct one once, as long as it is among the last 1,024 asked for.
  public func encode(_ texts: [String]) throws(ModelError) -> QueryEmbeddings {
    state.withLock { $0.encode(texts) }
  }

  /// What `detect` without queries of its own looks for from now on.
  public func setQueries(_ texts: [String]) throws(ModelError) {
    state.withLock { state in
      state.queries = state.encode(texts)
    }
  }

  /// Looks at regions of a picture.
  /// - Parameters:
  ///   - regions: what lies outside the picture is cut off.
  ///   - minimumScores: for each query, the score from which a token is a candidate. A token is one for every query it reaches.
  ///   - detections: one list for each region: candidates in token order, then query order; boxes normalised to the whole picture,
  ///     not clipped, nothing suppressed. OWLv2: without boxes whose centre lies in the padding.
  /// - Precondition: queries were set, and there are as many minimum scores.
  public func detect(in picture: Picture, regions: [PixelRect], minimumScores: [Double], into detections: inout [[Detection]]) {
    state.withLock { state in
      guard let queries = state.queries else { preconditionFailure("setQueries comes before detect") }
      state.detect(picture, regions, queries, minimumScores, &detections)
    }
  }

  /// As above, for queries of one's own: several streams may share one detector.
  public func detect(_ queries: QueryEmbeddings, in picture: Picture, regions: [PixelRect], minimumScores: [Double],
                     into detections: inout [[Detection]]) {
    state.withLock { $0.detect(picture, regions, queries, minimumScores, &detections) }
  }

  /// What the network sees and says when it looks at the whole picture: names and layouts as in `transformers`.
  public func tensors(in picture: Picture, texts: [String]) throws(ModelError) -> NamedTensors {
    state.withLock { $0.tensors(picture, $0.encode(texts)) }
  }
}
