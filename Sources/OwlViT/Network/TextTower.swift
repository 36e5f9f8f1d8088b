// transformers 5.23, models/owlvit/modeling_owlvit.py: OwlViTTextTransformer, and text_projection of OwlViTModel.

internal import CKernels
internal import Tensors

/// Text to embedding: run once for each query, never for a picture.
final class TextTower {
  private let config: TextConfig
  private let encoder: Encoder
  private let tokens: FloatBuffer
  private let positions: FloatBuffer
  private let finalNorm: Norm
  private let projection: FloatBuffer
  /// Width of an embedding.
  let dimension: Int

  init(_ config: OwlConfig, _ checkpoint: Checkpoint, prefix: String) throws(ModelError) {
    let text = config.text
    self.config = text
    dimension = config.projectionDimension
    let name = "\(prefix).text_model"
    tokens = try checkpoint.values("\(name).embeddings.token_embedding.weight", [text.vocabularySize, text.hiddenSize])
    positions = try checkpoint.values("\(name).embeddings.position_embedding.weight", [text.positions, text.hiddenSize])
    finalNorm = try checkpoint.norm("\(name).final_layer_norm", width: text.hiddenSize, epsilon: text.epsilon)
    projection = try checkpoint.values("\(prefix).text_projection.weight", [dimension, text.hiddenSize])
    encoder = try Encoder(Encoder.Shape(tokens: text.positions, width: text.hiddenSize, heads: text.heads,
                                        intermediate: text.intermediateSize, layers: text.layers,
                                        activation: text.activation.kernel, epsilon: text.epsilon),
                          prefix: "\(name).encoder", checkpoint)
  }

  func workspace() -> Workspace {
    let block = encoder.blocks.highest
    return Workspace(worker: 0, rows: block * config.hiddenSize, wide: block * config.intermediateSize,
                     attention: encoder.attentionScratch, engine: encoder.scratch, row: max(config.hiddenSize, dimension))
  }

  func activations() -> Activations { Activations(tokens: config.positions, width: config.hiddenSize) }

  /// - Parameters:
  ///   - ids: `positions` ids. mask: 1 where an id counts, 0 in the padding.
  ///   - embedding: (dimension), of length 1 afterwards.
  func encode(ids: [Int32], mask: [Int32], into embedding: UnsafeMutablePointer<Float>, _ activations: Activations,
              _ space: Workspace) {
    let width = config.hiddenSize, count = config.positions
    precondition(ids.count == count && mask.count == count, "a text has as many ids as the tower has positions")
    let causal = FloatBuffer.zeros(count * count)
    for row in 0..<count {
      for column in 0..<count where column > row || mask[column] == 0 { causal.start[row * count + column] = -.infinity }
    }
    encoder.run(activations, mask: causal, .alone(space)) { rows, _ in
      for row in rows {
        // An id beyond the vocabulary cannot come from this model's tokenizer; it must not read beyond the table either.
        let id = min(max(Int(ids[row]), 0), config.vocabularySize - 1)
        for i in 0..<width {
          activations.stream.start[row * width + i] = tokens.start[id * width + i] + positions.start[row * width + i]
        }
      }
    }
    // "End of text" is the highest id: the first place where it stands.
    let end = ids.indices.max { (ids[$0], -$0) < (ids[$1], -$1) } ?? 0
    finalNorm.apply(from: activations.stream.start + end * width, to: space.row.start, rows: 1)
    ow_dots(embedding, space.row.start, projection.start, nil, 1, width, dimension)
    ow_normalize_rows(embedding, embedding, 1, dimension, 0)
  }
}
