internal import Tensors

/// Both towers and the heads.
final class Network {
  let config: OwlConfig
  let text: TextTower
  let image: ImageTower
  let heads: Heads

  init(_ config: OwlConfig, _ checkpoint: Checkpoint) throws(ModelError) {
    // The checkpoints' names carry the architecture's: owlvit.vision_model… and owlv2.vision_model….
    let prefix = config.kind.rawValue
    self.config = config
    text = try TextTower(config, checkpoint, prefix: prefix)
    image = try ImageTower(config.vision, checkpoint, prefix: prefix)
    heads = try Heads(config, checkpoint, rows: image.encoder.blocks.heights)
  }

  /// Scratch for one thread that works on pictures.
  func workspace(worker: Int) -> Workspace {
    let rows = image.encoder.blocks.highest, width = config.vision.hiddenSize
    return Workspace(worker: worker, rows: rows * max(width, 2),
                     wide: rows * max(config.vision.intermediateSize, image.patchWidth, config.text.hiddenSize, width),
                     attention: image.encoder.attentionScratch, engine: max(image.scratch, heads.scratch), row: width)
  }

  func activations() -> Activations { Activations(tokens: image.tokens, width: config.vision.hiddenSize) }
}
