// Names, meanings and defaults: transformers 5.23, models/owlvit/image_processing_owlvit.py, models/owlv2/image_processing_owlv2.py.

/// `preprocessor_config.json`: how a picture becomes the network's input. The order of the steps is `transformers`':
/// OWL-ViT resizes, crops, rescales, normalises; OWLv2 rescales, pads to a square, resizes, normalises.
public struct PreprocessorConfig: Sendable, Equatable {
  /// Pillow's numbers.
  public enum Resample: Int, Sendable, Equatable {
    case nearest = 0, lanczos = 1, bilinear = 2, bicubic = 3, box = 4, hamming = 5
  }
  public struct Size: Sendable, Equatable {
    /// Pixels.
    public var height: Int
    public var width: Int
    public init(height: Int, width: Int) {
      self.height = height
      self.width = width
    }
  }

  public var size: Size
  public var resample: Resample
  public var rescaleFactor: Float
  /// Of red, green, blue, after rescaling.
  public var mean: [Float]
  public var std: [Float]
  public var doResize: Bool
  public var doRescale: Bool
  public var doNormalize: Bool
  public var doPad: Bool
  /// The centre crop, where the model asks for one.
  public var crop: Size?
}
