// transformers 5.23, models/owlvit/modeling_owlvit.py: OwlViTClassPredictionHead, OwlViTBoxPredictionHead, compute_box_bias;
// models/owlv2/modeling_owlv2.py: objectness_head.

internal import CKernels
internal import Tensors
#if canImport(Glibc)
internal import Glibc
#endif

/// What the network says of every token of one region. Rows are tokens; the first means nothing.
struct Answers {
  /// (tokens, queries)
  var logits: UnsafeMutablePointer<Float>
  /// (tokens, 4): centre x, centre y, width, height, 0…1 of the input.
  var boxes: UnsafeMutablePointer<Float>
  /// (tokens), logits; only where the model has objectness.
  var objectness: UnsafeMutablePointer<Float>
  /// (tokens, dimension), of length 1; nil where nobody asked.
  var classEmbeddings: UnsafeMutablePointer<Float>?
}

/// Features to scores, boxes and, in OWLv2, objectness.
final class Heads {
  private let width: Int
  let dimension: Int
  private let classify: any Linear
  /// (2, width): shift, then scale.
  private let shiftAndScale: FloatBuffer
  private let shiftAndScaleBias: FloatBuffer
  private let box: Perceptron
  private let boxBias: FloatBuffer
  private let objectness: Perceptron?

  var hasObjectness: Bool { objectness != nil }
  var scratch: Int { max(classify.scratch, box.scratch, objectness?.scratch ?? 0) }

  init(_ config: OwlConfig, _ checkpoint: Checkpoint, rows: [Int]) throws(ModelError) {
    width = config.vision.hiddenSize
    dimension = config.text.hiddenSize
    classify = try checkpoint.linear("class_head.dense0", LinearShape(inputs: width, outputs: dimension), rows: rows)
    shiftAndScale = FloatBuffer(count: 2 * width)
    shiftAndScaleBias = FloatBuffer(count: 2)
    for (index, name) in ["logit_shift", "logit_scale"].enumerated() {
      shiftAndScale.copy(try checkpoint.values("class_head.\(name).weight", [1, width]), to: index * width)
      shiftAndScaleBias.copy(try checkpoint.values("class_head.\(name).bias", [1]), to: index)
    }
    box = try Perceptron("box_head", width: width, outputs: 4, checkpoint, rows: rows)
    boxBias = Heads.boxBias(grid: config.vision.grid)
    objectness = config.kind == .owlv2
      ? try Perceptron("objectness_head", width: width, outputs: 1, checkpoint, rows: rows) : nil
  }

  /// - Parameters:
  ///   - features: (rows, width). rows: which tokens they are.
  ///   - queries: (count, dimension), of length 1.
  func answer(_ features: UnsafePointer<Float>, _ rows: Range<Int>, queries: UnsafePointer<Float>, count: Int,
              into answers: Answers, _ space: Workspace) {
    let first = rows.lowerBound, embeddings = space.wide.start
    classify.run(rows: rows.count, from: features, to: embeddings, worker: space.worker, scratch: space.engine.start)
    ow_normalize_rows(embeddings, embeddings, rows.count, dimension, 1e-6)
    answers.classEmbeddings.map { ($0 + first * dimension).update(from: embeddings, count: rows.count * dimension) }
    let logits = answers.logits + first * count
    ow_dots(logits, embeddings, queries, nil, rows.count, dimension, count)
    ow_dots(space.rows.start, features, shiftAndScale.start, shiftAndScaleBias.start, rows.count, width, 2)
    ow_shift_and_scale(logits, space.rows.start, rows.count, count)
    box.run(features, rows.count, into: answers.boxes + first * 4, space)
    ow_finish_boxes(answers.boxes + first * 4, boxBias.start + first * 4, rows.count)
    objectness?.run(features, rows.count, into: answers.objectness + first, space)
  }

  /// A token's box is predicted relative to its place in the grid and the size of a patch. (tokens, 4); the first row is empty.
  private static func boxBias(grid: Int) -> FloatBuffer {
    let bias = FloatBuffer.zeros((grid * grid + 1) * 4)
    func logit(_ share: Float) -> Float { logf(share + 1e-4) - log1pf(-share + 1e-4) }
    for token in 0..<grid * grid {
      let row = bias.start + (token + 1) * 4
      row[0] = logit(Float(token % grid + 1) / Float(grid))
      row[1] = logit(Float(token / grid + 1) / Float(grid))
      row[2] = logit(1 / Float(grid))
      row[3] = row[2]
    }
    return bias
  }
}

/// Three layers with GELU between them, the last of a few outputs.
private final class Perceptron {
  private let width: Int
  private let outputs: Int
  private let dense0: any Linear
  private let dense1: any Linear
  private let weights2: FloatBuffer
  private let bias2: FloatBuffer

  var scratch: Int { max(dense0.scratch, dense1.scratch) }

  init(_ name: String, width: Int, outputs: Int, _ checkpoint: Checkpoint, rows: [Int]) throws(ModelError) {
    self.width = width
    self.outputs = outputs
    let shape = LinearShape(inputs: width, outputs: width, activation: .gelu)
    dense0 = try checkpoint.linear("\(name).dense0", shape, rows: rows)
    dense1 = try checkpoint.linear("\(name).dense1", shape, rows: rows)
    weights2 = try checkpoint.values("\(name).dense2.weight", [outputs, width])
    bias2 = try checkpoint.values("\(name).dense2.bias", [outputs])
  }

  func run(_ features: UnsafePointer<Float>, _ rows: Int, into result: UnsafeMutablePointer<Float>, _ space: Workspace) {
    dense0.run(rows: rows, from: features, to: space.rows.start, worker: space.worker, scratch: space.engine.start)
    dense1.run(rows: rows, from: space.rows.start, to: space.wide.start, worker: space.worker, scratch: space.engine.start)
    ow_dots(result, space.wide.start, weights2.start, bias2.start, rows, width, outputs)
  }
}
