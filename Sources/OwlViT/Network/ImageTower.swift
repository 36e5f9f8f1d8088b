// transformers 5.23, models/owlvit/modeling_owlvit.py: OwlViTVisionTransformer and OwlViTForObjectDetection.image_embedder.

internal import CKernels
internal import Tensors

/// Pixels to features: one for each patch of the input, with what the whole picture says multiplied in.
final class ImageTower {
  let config: VisionConfig
  /// Patches and, before them, the token of the whole picture.
  let tokens: Int
  let encoder: Encoder
  private let embedPatches: any Linear
  /// (tokens, width): position embeddings, the class embedding already added to the first.
  private let positions: FloatBuffer
  private let preNorm: Norm
  private let postNorm: Norm
  private let mergeNorm: Norm

  init(_ config: VisionConfig, _ checkpoint: Checkpoint, prefix: String) throws(ModelError) {
    self.config = config
    let width = config.hiddenSize, name = "\(prefix).vision_model", patch = config.patchSize
    tokens = config.grid * config.grid + 1
    positions = try checkpoint.values("\(name).embeddings.position_embedding.weight", [tokens, width])
    let whole = try checkpoint.values("\(name).embeddings.class_embedding", [width])
    for i in 0..<width { positions[i] += whole[i] }
    encoder = try Encoder(Encoder.Shape(tokens: tokens, width: width, heads: config.heads,
                                        intermediate: config.intermediateSize, layers: config.layers,
                                        activation: config.activation.kernel, epsilon: config.epsilon),
                          prefix: "\(name).encoder", checkpoint)
    let kernel = try checkpoint.values("\(name).embeddings.patch_embedding.weight", [width, config.channels, patch, patch])
    embedPatches = try checkpoint.linear(
      kernel, nil, LinearShape(inputs: config.channels * patch * patch, outputs: width, addsToOutput: true),
      rows: encoder.blocks.heights)
    preNorm = try checkpoint.norm("\(name).pre_layernorm", width: width, epsilon: config.epsilon)
    postNorm = try checkpoint.norm("\(name).post_layernorm", width: width, epsilon: config.epsilon)
    mergeNorm = try checkpoint.norm("layer_norm", width: width, epsilon: config.epsilon)
  }

  var patchWidth: Int { config.channels * config.patchSize * config.patchSize }
  var scratch: Int { max(encoder.scratch, embedPatches.scratch) }

  /// Features of every token stand in `activations.gathered` afterwards, (tokens, width); the first row means nothing.
  /// - Parameters:
  ///   - pixels: (3, imageSize, imageSize).
  ///   - finish: called with each block's rows as soon as their features stand.
  func look(_ pixels: UnsafePointer<Float>, _ activations: Activations, _ crew: Crew,
            finish: (Range<Int>, Workspace) -> Void) {
    let width = config.hiddenSize, stream = activations.stream.start
    encoder.run(activations, crew) { rows, space in
      let first = rows.lowerBound * width
      gatherPatches(pixels, rows, into: space.wide.start)
      (stream + first).update(from: positions.start + first, count: rows.count * width)
      embedPatches.run(rows: rows.count, from: space.wide.start, to: stream + first, worker: space.worker,
                       scratch: space.engine.start)
      preNorm.apply(from: stream + first, to: stream + first, rows: rows.count)
    }
    crew.share(encoder.blocks.count) { block, space in
      let rows = encoder.blocks[block], features = activations.gathered.start + rows.lowerBound * width
      postNorm.apply(from: stream, to: space.row.start, rows: 1)
      postNorm.apply(from: stream + rows.lowerBound * width, to: features, rows: rows.count)
      ow_multiply_rows(features, rows.count, width, space.row.start)
      mergeNorm.apply(from: features, to: features, rows: rows.count)
      finish(rows, space)
    }
  }

  /// Patches of tokens `rows`, (rows, 3 × patch × patch), channel by channel. The picture's own token has an empty patch, so that
  /// it can go through the same product as the others.
  private func gatherPatches(_ pixels: UnsafePointer<Float>, _ rows: Range<Int>, into patches: UnsafeMutablePointer<Float>) {
    let side = config.imageSize, patch = config.patchSize, grid = config.grid
    var out = patches
    for token in rows {
      if token == 0 {
        out.update(repeating: 0, count: patchWidth)
        out += patchWidth
        continue
      }
      let top = (token - 1) / grid * patch, left = (token - 1) % grid * patch
      for channel in 0..<config.channels {
        for y in 0..<patch {
          out.update(from: pixels + (channel * side + top + y) * side + left, count: patch)
          out += patch
        }
      }
    }
  }
}
