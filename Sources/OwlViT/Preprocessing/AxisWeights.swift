// What transformers 5.23 does with torchvision, its default (models/owlvit/image_processing_owlvit.py, models/owlv2/
// image_processing_owlv2.py). Bytes: aten/src/ATen/native/cpu/UpSampleKernel.cpp, weights of 16 bits. Floats: torchvision
// transforms/v2/functional/_misc.py (Gaussian blur) and aten/src/ATen/native/UpSample.h.

#if canImport(Glibc)
internal import Glibc
#endif

/// Which pixels of a row (or column) make each output pixel, and how much each counts. Every output has the same number of taps.
struct AxisWeights {
  /// First pixel of each output's taps.
  var starts: [Int32]
  var taps: Int
  /// (outputs, taps), for the float passes.
  var floats: [Float] = []
  /// (outputs, taps), for the byte passes: weight × 2^precision.
  var shorts: [Int16] = []
  var precision = 0

  /// Pixels that outputs `range` are made of.
  func inputs(of range: Range<Int>) -> Range<Int> {
    let starts = starts[range]
    return Int(starts.min()!)..<Int(starts.max()!) + taps
  }
}

extension AxisWeights {
  /// Weights for 8-bit pictures with antialiasing, as torch resizes bytes: Pillow's scheme with weights of 16 bits.
  /// - Parameter radius: of `filter`, for which neighbours of an output count when nothing is scaled down.
  /// - Parameter evenTaps: whether taps are padded with zeros to an even number.
  init(bytesFrom input: Int, to output: Int, radius: Double, evenTaps: Bool, filter: (Double) -> Double) {
    let scale = Double(input) / Double(output)
    let support = radius * max(scale, 1), inverse = 1 / max(scale, 1)
    let rows = (0..<output).map { index -> (start: Int, weights: [Double]) in
      let center = scale * (Double(index) + 0.5)
      let start = max(Int(center - support + 0.5), 0)
      let end = min(Int(center + support + 0.5), input)
      let weights = (start..<max(end, start + 1)).map { filter((Double($0) - center + 0.5) * inverse) }
      let sum = weights.reduce(0, +)
      return (start, sum == 0 ? weights : weights.map { $0 / sum })
    }
    let largest = rows.flatMap(\.weights).max() ?? 1
    var precision = 0
    while precision < 22, 0.5 + largest * Double(1 << (precision + 1)) < Double(1 << 15) { precision += 1 }
    self.init(rows, input: input, evenTaps: evenTaps)
    self.precision = precision
    shorts = floats64(rows).map { Int16($0 < 0 ? -0.5 + $0 * Double(1 << precision) : 0.5 + $0 * Double(1 << precision)) }
  }

  /// Weights for OWLv2: a picture padded with black to `padded` pixels, blurred against aliasing where it shrinks, then
  /// resized by bilinear or bicubic interpolation. Padding contributes nothing, so its taps are left out.
  /// - Parameter blurs: whether both axes shrink; transformers blurs both or none.
  /// - Parameter factor: what every weight is multiplied with.
  init(floatsFrom input: Int, padded: Int, to output: Int, blurs: Bool, cubic: Bool, factor: Double) {
    let scale = Double(padded) / Double(output)
    let kernel = blurs ? AxisWeights.gaussian(sigma: (scale - 1) / 2) : [1]
    let radius = kernel.count / 2
    let rows = (0..<output).map { index -> (start: Int, weights: [Double]) in
      var sums: [Int: Double] = [:]
      for (pixel, weight) in AxisWeights.interpolation(index, from: padded, to: output, cubic: cubic) {
        for (offset, share) in kernel.enumerated() {
          var source = pixel + offset - radius
          if source < 0 { source = -source }
          if source >= padded { source = 2 * (padded - 1) - source }
          if source >= 0, source < input { sums[source, default: 0] += weight * share * factor }
        }
      }
      guard let start = sums.keys.min(), let last = sums.keys.max() else { return (input - 1, [0]) }
      return (start, (start...last).map { sums[$0] ?? 0 })
    }
    self.init(rows, input: input, evenTaps: false)
    floats = floats64(rows).map(Float.init)
  }

  /// Starts and number of taps. A start moves left where the taps would reach beyond the input.
  private init(_ rows: [(start: Int, weights: [Double])], input: Int, evenTaps: Bool) {
    let longest = rows.map(\.weights.count).max()!
    starts = rows.map { Int32(max(0, min($0.start, input - longest))) }
    taps = evenTaps ? (longest + 1) / 2 * 2 : longest
  }

  private func floats64(_ rows: [(start: Int, weights: [Double])]) -> [Double] {
    var all = [Double](repeating: 0, count: rows.count * taps)
    for (index, row) in rows.enumerated() {
      let shift = row.start - Int(starts[index])
      for (k, weight) in row.weights.enumerated() { all[index * taps + shift + k] = weight }
    }
    return all
  }

  /// The normalised kernel of torchvision's `gaussian_blur`, cut at three sigma as the image processor asks.
  private static func gaussian(sigma: Double) -> [Double] {
    let radius = Int((3 * sigma).rounded(.up))
    let raw = (-radius...radius).map { exp(-Double($0 * $0) / (2 * sigma * sigma)) }
    let sum = raw.reduce(0, +)
    return raw.map { $0 / sum }
  }

  /// The two (or four) pixels that an output lies between, clamped to the picture; `align_corners=False`. Positions are computed
  /// in Float, as torch does: at 1,000 pixels its rounding moves a weight by 6e-5.
  private static func interpolation(_ index: Int, from padded: Int, to output: Int, cubic: Bool) -> [(Int, Double)] {
    let scale = Float(padded) / Float(output)
    let position = scale * (Float(index) + 0.5) - 0.5
    if cubic {
      let first = Int(position.rounded(.down)), share = Double(position - Float(first))
      return (-1...2).map { (max(0, min(first + $0, padded - 1)), Filter.cubic(Double($0) - share, a: -0.75)) }
    }
    let clamped = max(position, 0)
    let first = min(Int(clamped), padded - 1), share = Double(clamped - Float(first))
    return [(first, 1 - share), (min(first + 1, padded - 1), share)]
  }
}

/// Interpolation kernels.
enum Filter {
  static func triangle(_ x: Double) -> Double { max(0, 1 - abs(x)) }

  /// Keys' cubic, with his parameter a: -0.5 where torch antialiases (as Pillow), -0.75 where it doesn't.
  static func cubic(_ x: Double, a: Double = -0.5) -> Double {
    let x = abs(x)
    if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
    return 0
  }
}
