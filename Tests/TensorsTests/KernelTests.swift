import CKernels
import Foundation
import Tensors
import Testing

/// C kernels against the same thing written plainly in Double.
@Suite struct KernelTests {
  @Test func layerNormIsTorchs() {
    var random = Noise(seed: 1)
    for width in [1, 3, 16, 257, 768] {
      let rows = 5, x = random.buffer(rows * width, scale: 9), gamma = random.buffer(width), beta = random.buffer(width)
      let y = FloatBuffer.zeros(rows * width)
      ow_layer_norm(y.start, x.start, rows, width, gamma.start, beta.start, 1e-5)
      for row in 0..<rows {
        let values = (0..<width).map { Double(x[row * width + $0]) }
        let mean = values.reduce(0, +) / Double(width)
        let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(width)
        for i in 0..<width {
          let expected = (values[i] - mean) / (variance + 1e-5).squareRoot() * Double(gamma[i]) + Double(beta[i])
          #expect(abs(expected - Double(y[row * width + i])) < 1e-5, "width \(width), row \(row), column \(i)")
        }
      }
      withExtendedLifetime((x, gamma, beta)) {}
    }
  }

  @Test func activationsFollowLibmOverTheWholeRange() {
    let values = stride(from: Float(-40), through: 40, by: 0.0137).map { $0 }
    for (kind, activation) in [(OW_QUICK_GELU, Activation.quickGELU), (OW_GELU, .gelu), (OW_TANH_GELU, .tanhGELU)] {
      var result = values
      ow_bias_activate(&result, 1, result.count, nil, kind)
      for (x, y) in zip(values, result) {
        let expected = activation.exact(Double(x))
        #expect(abs(expected - Double(y)) <= 1e-6 * max(1, abs(expected)), "\(activation)(\(x)) is \(expected), not \(y)")
      }
    }
  }

  /// Tokens beyond one stretch of keys (512), heads narrower and wider than a vector, single rows, masks.
  @Test(arguments: [(1, 1), (2, 8), (17, 5), (33, 64), (101, 64), (513, 12), (1100, 33)], [false, true])
  func attentionIsSoftmax(size: (tokens: Int, depth: Int), causal: Bool) {
    let (tokens, depth) = size, stride = 3 * depth + 2
    var random = Noise(seed: 3)
    let data = random.buffer(tokens * stride, scale: 2), out = FloatBuffer.zeros(tokens * depth)
    let scratch = FloatBuffer.zeros(Int(ow_attention_scratch(tokens, depth)))
    let mask = FloatBuffer.zeros(tokens * tokens)
    if causal {
      for row in 0..<tokens { for column in row + 1..<max(tokens, row + 1) { mask[row * tokens + column] = -.infinity } }
    }
    let scale = 1 / Float(depth).squareRoot()
    ow_attention_pack(scratch.start, data.start + depth, data.start + 2 * depth, stride, tokens, depth)
    ow_attention_rows(out.start, depth, data.start, stride, tokens, causal ? mask.start : nil, scratch.start, tokens, depth, scale)
    var worst = 0.0
    for row in Swift.stride(from: 0, to: tokens, by: max(1, tokens / 60)) {
      let keys = causal ? row + 1 : tokens
      let scores = (0..<keys).map { key in
        (0..<depth).reduce(0.0) { $0 + Double(data[row * stride + $1]) * Double(data[key * stride + depth + $1]) } * Double(scale)
      }
      let top = scores.max()!, weights = scores.map { exp($0 - top) }, sum = weights.reduce(0, +)
      for d in 0..<depth {
        let expected = (0..<keys).reduce(0.0) { $0 + weights[$1] * Double(data[$1 * stride + 2 * depth + d]) } / sum
        worst = max(worst, abs(expected - Double(out[row * depth + d])))
      }
    }
    #expect(worst < 2e-6, "\(size), causal \(causal): worst \(worst)")
    withExtendedLifetime((data, scratch, mask)) {}
  }

  @Test func bytePassesAreTheIntegerSumsTheySay() {
    var random = Noise(seed: 5)
    let width = 41, height = 9, stride = 192
    let source = (0..<stride * (height + 1)).map { _ in UInt8.random(in: 0...255, using: &random) }
    let outputs = 23, taps = 6, precision = 13
    let starts = (0..<outputs).map { Int32($0 * (width - taps) / outputs) }
    let weights = (0..<outputs * taps).map { _ in Int16.random(in: -2000...4000, using: &random) }
    func expected(_ samples: [(UInt8, Int16)]) -> UInt8 {
      let sum = samples.reduce(1 << (precision - 1)) { $0 + Int($1.0) * Int($1.1) }
      return UInt8(max(0, min(255, sum >> precision)))
    }
    var across = [UInt8](repeating: 0, count: outputs * 3 * height)
    ow_resample_bytes_across(&across, source, stride, height, outputs, starts, weights, taps, Int32(precision))
    for y in 0..<height {
      for x in 0..<outputs {
        for c in 0..<3 {
          let samples = (0..<taps).map { (source[y * stride + (Int(starts[x]) + $0) * 3 + c], weights[x * taps + $0]) }
          #expect(across[(y * outputs + x) * 3 + c] == expected(samples), "x \(x), y \(y), channel \(c)")
        }
      }
    }
    var down = [UInt8](repeating: 0, count: outputs * 3)
    ow_resample_bytes_down(&down, across, outputs * 3, outputs * 3, weights, taps, Int32(precision))
    for i in 0..<outputs * 3 {
      #expect(down[i] == expected((0..<taps).map { (across[$0 * outputs * 3 + i], weights[$0]) }), "byte \(i)")
    }
  }
}
