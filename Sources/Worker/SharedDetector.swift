public import OwlViT
public import Tensors

/// One detector for all streams of a process: weights once in memory, one look at a time, each stream with queries of its own.
public struct SharedDetector: Sendable {
  /// OWL-ViT's usual cut where a model says nothing of its own (the default of `transformers`' post-processing).
  public static let uncalibratedThreshold = 0.1

  public let model: ModelDirectory
  let detector: Detector

  public init(model: ModelDirectory, engine: Engine, threads: Int) throws {
    self.model = model
    detector = try Detector(model: model, engine: engine, threads: threads)
  }
}
