import OwlViT
import Tensors
import Testing

/// Element by element against transformers. How the fixtures were made: Tests/Golden/generate.py.
@Suite struct GoldenTests {
  /// Largest allowed difference. torch computes OWLv2's blur in float32: 1.2e-5 on pixels is its rounding, not ours.
  static let tolerances: [(name: String, tolerance: Float)] = [
    ("input_ids", 0), ("attention_mask", 0), ("pixel_values", 5e-5), ("text_embeds", 1e-5), ("image_embeds", 2e-4),
    ("class_embeds", 1e-4), ("logits", 1e-4), ("pred_boxes", 1e-4), ("objectness_logits", 1e-4),
  ]

  @Test(arguments: Golden.names, Engine.allCases) func saysWhatTransformersSays(name: String, engine: Engine) throws {
    let golden = Golden(name: name), texts = try golden.texts()
    let detector = try Detector(model: try golden.model(), engine: engine, threads: 2)
    for (index, expected) in try golden.pictures().enumerated() {
      let found = try detector.tensors(in: try expected.picture(), texts: texts)
      for (key, tolerance) in GoldenTests.tolerances where expected.contains(key) {
        let (shape, values) = try expected.values(key)
        let tensor = try #require(found[key], "\(name): \(key)")
        // The processor has no batch dimension for texts.
        #expect(tensor.shape == shape, "\(name), picture \(index): shape of \(key)")
        let ours: [Float] = switch tensor.values {
        case .floats(let floats): floats
        case .integers(let integers): integers.map { Float($0) }
        }
        guard ours.count == values.count else { continue }
        let worst = values.indices.max { abs(values[$0] - ours[$0]) < abs(values[$1] - ours[$1]) }!
        let difference = abs(values[worst] - ours[worst])
        #expect(difference <= tolerance && ours.allSatisfy(\.isFinite),
                "\(name), \(engine), picture \(index), \(key): worst at \(indices(worst, in: shape)): \(ours[worst]) instead of \(values[worst]), off by \(difference)")
      }
      #expect(found.tensors.count == (detector.hasObjectness ? 9 : 8))
    }
  }

  /// [1, 4, 4, 24] and 30 → [0, 0, 1, 6]
  private func indices(_ flat: Int, in shape: [Int]) -> [Int] {
    var rest = flat
    var result: [Int] = []
    for side in shape.reversed() {
      result.insert(rest % side, at: 0)
      rest /= side
    }
    return result
  }
}
