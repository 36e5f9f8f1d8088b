import Tensors
import Testing

/// Both engines against sums in Double.
@Suite struct LinearTests {
  static let activations: [Activation] = [.identity, .quickGELU, .gelu, .tanhGELU]

  @Test(arguments: Engine.allCases, [(1, 1, 1), (5, 7, 3), (48, 64, 96), (51, 33, 130), (101, 768, 40)])
  func agreesWithPlainSums(engine: Engine, size: (rows: Int, inputs: Int, outputs: Int)) throws {
    let (rows, inputs, outputs) = size
    var random = Noise(seed: 7)
    let x = random.buffer(rows * inputs), weights = random.buffer(inputs * outputs), bias = random.buffer(outputs)
    let before = random.buffer(rows * outputs)
    let open = try engine.open()
    for activation in LinearTests.activations {
      for adds in activation == .identity ? [false, true] : [false] {
        let layer = try open.linear(LinearShape(inputs: inputs, outputs: outputs, activation: activation, addsToOutput: adds),
                                    weights: weights.start, bias: bias.start, rows: [rows, rows + 1], workers: 2)
        let y = FloatBuffer.zeros(rows * outputs), scratch = FloatBuffer.zeros(layer.scratch)
        y.copy(before)
        layer.run(rows: rows, from: x.start, to: y.start, worker: 1, scratch: scratch.start)
        var worst = 0.0
        for row in 0..<rows {
          for output in 0..<outputs {
            var sum = Double(bias[output])
            for i in 0..<inputs { sum += Double(x[row * inputs + i]) * Double(weights[output * inputs + i]) }
            let expected = activation.exact(sum) + (adds ? Double(before[row * outputs + output]) : 0)
            worst = max(worst, abs(expected - Double(y[row * outputs + output])))
          }
        }
        #expect(worst < 1e-4, "\(engine) \(size) \(activation) adds \(adds): worst \(worst)")
        withExtendedLifetime((x, weights, bias, scratch)) {}
      }
    }
  }

  @Test func runsWithoutBias() throws {
    for engine in Engine.allCases {
      let open = try engine.open()
      let weights = FloatBuffer.zeros(4), x = FloatBuffer.zeros(2), y = FloatBuffer.zeros(2)
      for (index, value) in [1, 2, 3, 4].enumerated() { weights[index] = Float(value) }
      x[0] = 10
      x[1] = 100
      let layer = try open.linear(LinearShape(inputs: 2, outputs: 2), weights: weights.start, bias: nil, rows: [1], workers: 1)
      let scratch = FloatBuffer.zeros(layer.scratch)
      layer.run(rows: 1, from: x.start, to: y.start, worker: 0, scratch: scratch.start)
      #expect(Array(y.contents) == [210, 430], "\(engine)")
      withExtendedLifetime((weights, x, scratch)) {}
    }
  }
}
