/// `owlwatch.json`, optional beside a model's `config.json`: what owlwatch should know about a model that the
/// Hugging Face files cannot say.
public struct ModelNotes: Sendable, Equatable {
  public enum Look: String, Sendable, Equatable, CaseIterable {
    case whole, tiles, motion, auto
  }

  /// How a keyframe is looked at unless `--look` says otherwise.
  public var look: Look?
  /// Side of the square region the model was made for, in pixels of the picture.
  public var window: Int?
  /// Sides of regions in units of `window`, in the order in which the file has them.
  public var scales: [Double]
  /// Texts the model was trained on; empty where the file doesn't say.
  public var words: [String]
  /// The calibrated score threshold, 0…1.
  public var threshold: Double?
}
