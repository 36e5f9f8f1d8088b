internal import CKernels
internal import COpenBLAS

/// OpenBLAS: plain products, with bias and activation in a pass of their own.
public final class OpenBLASEngine: MatmulEngine {
  public let engine = Engine.openblas

  public init() throws(EngineError) {
    let problem = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer in
      ow_blas_open(buffer.baseAddress!, buffer.count) == 0 ? nil : String(cString: buffer.baseAddress!)
    }
    if let problem {
      throw EngineError(engine: .openblas, attempt: "loading it", problem: problem,
                        remedy: "install libopenblas0, or leave --engine out")
    }
  }

  /// Whose kernels run: "SkylakeX".
  public static var core: String { String(cString: ow_blas_core()) }

  public func linear(_ shape: LinearShape, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>?, rows: [Int],
                     workers: Int) throws(EngineError) -> any Linear {
    guard [shape.inputs, shape.outputs].allSatisfy({ $0 < Int(Int32.max) }) else {
      throw EngineError(engine: .openblas, attempt: "a layer of \(shape.inputs) × \(shape.outputs)",
                        problem: "too large for 32-bit sizes", remedy: "try --engine onednn")
    }
    return OpenBLASLinear(shape, weights, bias)
  }
}

final class OpenBLASLinear: Linear {
  private let shape: LinearShape
  private let weights: FloatBuffer
  private let bias: FloatBuffer?
  let scratch = 0

  init(_ shape: LinearShape, _ weights: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?) {
    self.shape = shape
    self.weights = FloatBuffer(count: shape.inputs * shape.outputs)
    self.weights.start.update(from: weights, count: shape.inputs * shape.outputs)
    self.bias = bias.map { bias in
      let copy = FloatBuffer(count: shape.outputs)
      copy.start.update(from: bias, count: shape.outputs)
      return copy
    }
    precondition(!shape.addsToOutput || shape.activation == .identity, "what is added to the output is not activated")
  }

  func run(rows: Int, from x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, worker: Int,
           scratch: UnsafeMutablePointer<Float>) {
    ow_blas_linear(y, x, weights.start, rows, shape.inputs, shape.outputs, shape.addsToOutput ? 1 : 0)
    let activation = switch shape.activation {
    case .identity: OW_IDENTITY
    case .quickGELU: OW_QUICK_GELU
    case .gelu: OW_GELU
    case .tanhGELU: OW_TANH_GELU
    }
    ow_bias_activate(y, rows, shape.outputs, bias?.start, activation)
  }
}
