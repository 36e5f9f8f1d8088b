/// Who multiplies matrices.
public enum Engine: String, Sendable, CaseIterable {
  /// Picks the best kernels for the CPU by itself: the default.
  case onednn
  /// The portable reference that oneDNN is checked against.
  case openblas

  /// - Throws: `EngineError` where the library cannot be loaded or refuses.
  public func open() throws(EngineError) -> any MatmulEngine {
    switch self {
    case .onednn: try OneDNNEngine()
    case .openblas: try OpenBLASEngine()
    }
  }
}

/// What a matrix library was asked for, and what it said.
public struct EngineError: Error, Sendable, CustomStringConvertible {
  public var engine: Engine
  /// "a layer of 768 × 3072 over 64 rows"
  public var attempt: String
  /// The library's own words.
  public var problem: String
  public var remedy: String

  public var description: String { "\(engine.rawValue): \(attempt): \(problem); \(remedy)" }
}

/// x · sigmoid(1.702 x), x · Φ(x) by erf, and its tanh approximation.
public enum Activation: Sendable {
  case identity, quickGELU, gelu, tanhGELU
}

/// y (rows, outputs) = activation(x (rows, inputs) · weights (outputs, inputs)ᵀ + bias) [+ y].
public struct LinearShape: Sendable {
  public var inputs: Int
  public var outputs: Int
  public var activation: Activation
  /// Whether the result is added to what `y` holds.
  public var addsToOutput: Bool

  public init(inputs: Int, outputs: Int, activation: Activation = .identity, addsToOutput: Bool = false) {
    self.inputs = inputs; self.outputs = outputs; self.activation = activation; self.addsToOutput = addsToOutput
  }
}

/// Makes linear layers. Whatever it makes runs on the calling thread alone: threads share work out by rows (`Blocks`), so
/// that a result does not depend on their number.
public protocol MatmulEngine: Sendable {
  var engine: Engine { get }
  /// - Parameters:
  ///   - weights: (outputs, inputs), copied or reordered; not needed afterwards.
  ///   - bias: (outputs), or nil.
  ///   - rows: every number of rows that the layer will be run over.
  ///   - workers: how many threads will run it at once.
  func linear(_ shape: LinearShape, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>?, rows: [Int],
              workers: Int) throws(EngineError) -> any Linear
}

/// A linear layer with its weights.
public protocol Linear: AnyObject, Sendable {
  /// Floats of scratch that `run` needs.
  var scratch: Int { get }
  /// - Parameters:
  ///   - rows: one of the numbers given when the layer was made.
  ///   - x: (rows, inputs). y: (rows, outputs), aligned to 4 bytes, not overlapping x.
  ///   - worker: number of the calling thread; no two at once with the same.
  func run(rows: Int, from x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, worker: Int,
           scratch: UnsafeMutablePointer<Float>)
}
