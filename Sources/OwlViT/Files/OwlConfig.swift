// Names, meanings and defaults: transformers 5.23, models/owlvit/configuration_owlvit.py and models/owlv2/configuration_owlv2.py.

/// `config.json` of an `OwlViTForObjectDetection` or `Owlv2ForObjectDetection`: the network's shape.
///
/// Configurations on the hub are sparse: a key that is missing has the default that `transformers` gives it.
public struct OwlConfig: Sendable, Equatable {
  public enum Kind: String, Sendable, Equatable {
    case owlvit, owlv2
  }
  public enum Activation: String, Sendable, Equatable {
    /// x · sigmoid(1.702 x)
    case quickGELU = "quick_gelu"
    /// x · Φ(x), by erf
    case gelu
    /// Φ by its tanh approximation
    case tanhGELU = "gelu_pytorch_tanh"
  }

  public var kind: Kind
  /// Width of the space in which texts and image tokens are compared.
  public var projectionDimension: Int
  public var text: TextConfig
  public var vision: VisionConfig
}

/// The text tower.
public struct TextConfig: Sendable, Equatable {
  public var hiddenSize = 512
  public var layers = 12
  public var heads = 8
  public var intermediateSize = 2048
  public var vocabularySize = 49408
  /// Longest text in ids, start and end included.
  public var positions = 16
  public var activation = OwlConfig.Activation.quickGELU
  public var epsilon: Float = 1e-5
  public var padID = 0
  public var bosID = 49406
  public var eosID = 49407

  package init() {}
}

/// The image tower.
public struct VisionConfig: Sendable, Equatable {
  public var hiddenSize = 768
  public var layers = 12
  public var heads = 12
  public var intermediateSize = 3072
  /// Side of the square input in pixels.
  public var imageSize = 768
  /// Side of a square patch in pixels.
  public var patchSize: Int
  public var channels = 3
  public var activation = OwlConfig.Activation.quickGELU
  public var epsilon: Float = 1e-5

  /// Patches along one side of the input; what is left over at the right and bottom is not looked at.
  public var grid: Int { imageSize / patchSize }
}
