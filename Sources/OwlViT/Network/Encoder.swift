// transformers 5.23, models/owlvit/modeling_owlvit.py: OwlViTEncoder, OwlViTEncoderLayer, OwlViTAttention, OwlViTMLP.

internal import CKernels
internal import Tensors

/// A pre-norm transformer: the body of both towers.
///
/// Works on blocks of rows (`Blocks`); attention on (head, stretch of queries). A layer needs two meetings of its crew: when
/// queries, keys and values stand, and when attention has been gathered; the rest stays within a block.
final class Encoder {
  struct Shape {
    var tokens: Int
    var width: Int
    var heads: Int
    var intermediate: Int
    var layers: Int
    var activation: Activation
    var epsilon: Float

    var depth: Int { width / heads }
  }

  private struct Layer {
    let norm1: Norm
    let project: any Linear
    let output: any Linear
    let norm2: Norm
    let expand: any Linear
    let contract: any Linear
  }

  let shape: Shape
  let blocks: Blocks
  private let layers: [Layer]

  /// - Parameter prefix: `owlvit.vision_model.encoder`
  init(_ shape: Shape, prefix: String, _ checkpoint: Checkpoint) throws(ModelError) {
    self.shape = shape
    blocks = Blocks(rows: shape.tokens)
    let rows = blocks.heights, width = shape.width
    var layers: [Layer] = []
    for index in 0..<shape.layers {
      let name = "\(prefix).layers.\(index)"
      layers.append(Layer(
        norm1: try checkpoint.norm("\(name).layer_norm1", width: width, epsilon: shape.epsilon),
        project: try checkpoint.linear(["q_proj", "k_proj", "v_proj"].map { "\(name).self_attn.\($0)" },
                                       LinearShape(inputs: width, outputs: 3 * width), rows: rows),
        output: try checkpoint.linear("\(name).self_attn.out_proj",
                                      LinearShape(inputs: width, outputs: width, addsToOutput: true), rows: rows),
        norm2: try checkpoint.norm("\(name).layer_norm2", width: width, epsilon: shape.epsilon),
        expand: try checkpoint.linear("\(name).mlp.fc1",
                                      LinearShape(inputs: width, outputs: shape.intermediate, activation: shape.activation),
                                      rows: rows),
        contract: try checkpoint.linear("\(name).mlp.fc2",
                                        LinearShape(inputs: shape.intermediate, outputs: width, addsToOutput: true), rows: rows)))
    }
    self.layers = layers
  }

  /// Floats of the engine's scratch.
  var scratch: Int {
    layers.reduce(0) { max($0, $1.project.scratch, $1.output.scratch, $1.expand.scratch, $1.contract.scratch) }
  }

  /// Floats for packed keys and values.
  var attentionScratch: Int { ow_attention_scratch(shape.tokens, shape.depth) }

  /// Runs all layers over `activations.stream`.
  /// - Parameters:
  ///   - mask: (tokens, tokens), added to the scores; or nil.
  ///   - begin: fills the stream's rows of a block, before the first layer.
  func run(_ activations: Activations, mask: FloatBuffer? = nil, _ crew: Crew, begin: (Range<Int>, Workspace) -> Void) {
    let width = shape.width
    crew.share(blocks.count) { block, space in
      let rows = blocks[block]
      begin(rows, space)
      if let first = layers.first { project(first, rows, activations, space) }
    }
    for index in layers.indices {
      attend(activations, mask, crew)
      crew.share(blocks.count) { block, space in
        let rows = blocks[block], layer = layers[index]
        let stream = activations.stream.start + rows.lowerBound * width
        layer.output.run(rows: rows.count, from: activations.gathered.start + rows.lowerBound * width, to: stream,
                         worker: space.worker, scratch: space.engine.start)
        layer.norm2.apply(from: stream, to: space.rows.start, rows: rows.count)
        layer.expand.run(rows: rows.count, from: space.rows.start, to: space.wide.start, worker: space.worker,
                         scratch: space.engine.start)
        layer.contract.run(rows: rows.count, from: space.wide.start, to: stream, worker: space.worker,
                           scratch: space.engine.start)
        if index + 1 < layers.count { project(layers[index + 1], rows, activations, space) }
      }
    }
  }

  private func project(_ layer: Layer, _ rows: Range<Int>, _ activations: Activations, _ space: Workspace) {
    layer.norm1.apply(from: activations.stream.start + rows.lowerBound * shape.width, to: space.rows.start, rows: rows.count)
    layer.project.run(rows: rows.count, from: space.rows.start,
                      to: activations.projected.start + rows.lowerBound * 3 * shape.width, worker: space.worker,
                      scratch: space.engine.start)
  }

  private func attend(_ activations: Activations, _ mask: FloatBuffer?, _ crew: Crew) {
    // 128 queries a task: packing a head's keys and values costs as much as one query or two.
    let stretch = 128, stretches = (shape.tokens + stretch - 1) / stretch
    let width = shape.width, depth = shape.depth, tokens = shape.tokens
    let scale = 1 / Float(depth).squareRoot()
    // The head that each worker has packed last.
    withUnsafeTemporaryAllocation(of: Int.self, capacity: crew.size) { packed in
      packed.initialize(repeating: -1)
      crew.share(shape.heads * stretches) { task, space in
        let head = task / stretches, first = task % stretches * stretch
        let queries = activations.projected.start + head * depth
        if packed[space.worker] != head {
          ow_attention_pack(space.attention.start, queries + width, queries + 2 * width, 3 * width, tokens, depth)
          packed[space.worker] = head
        }
        ow_attention_rows(activations.gathered.start + first * width + head * depth, width, queries + first * 3 * width, 3 * width,
                          min(stretch, tokens - first), mask.map { UnsafePointer($0.start + first * tokens) },
                          space.attention.start, tokens, depth, scale)
      }
    }
  }
}

extension Norm {
  /// (rows, width) to (rows, width); both may be the same.
  func apply(from source: UnsafePointer<Float>, to destination: UnsafeMutablePointer<Float>, rows: Int) {
    ow_layer_norm(destination, source, rows, width, gamma.start, beta.start, epsilon)
  }
}

extension OwlConfig.Activation {
  var kernel: Activation {
    switch self {
    case .quickGELU: .quickGELU
    case .gelu: .gelu
    case .tanhGELU: .tanhGELU
    }
  }
}
