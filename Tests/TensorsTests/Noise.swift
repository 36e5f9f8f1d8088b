import Foundation
import Tensors

/// Seeded numbers, the same on every run.
struct Noise: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state &* 0x2545_F491_4F6C_DD1D
  }

  /// Between -1 and 1.
  mutating func float() -> Float { Float.random(in: -1...1, using: &self) }

  mutating func buffer(_ count: Int, scale: Float = 1) -> FloatBuffer {
    let buffer = FloatBuffer.zeros(count)
    for i in 0..<count { buffer[i] = float() * scale }
    return buffer
  }
}

extension Activation {
  /// In Double, by libm.
  func exact(_ x: Double) -> Double {
    switch self {
    case .identity: x
    case .quickGELU: x / (1 + exp(-1.702 * x))
    case .gelu: 0.5 * x * (1 + erf(x / 2.0.squareRoot()))
    case .tanhGELU: 0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    }
  }
}
