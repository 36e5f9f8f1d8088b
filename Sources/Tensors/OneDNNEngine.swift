internal import COneDNN

/// oneDNN: bias, activation and residual fused into the product, weights reordered once into its own layout.
public final class OneDNNEngine: MatmulEngine, @unchecked Sendable {
  public let engine = Engine.onednn
  fileprivate let handle: OpaquePointer

  public init() throws(EngineError) {
    var made: OpaquePointer?
    let status = ow_dnn_create(&made)
    guard status == 0, let made else { throw OneDNNEngine.error(status, "starting it") }
    handle = made
  }

  deinit { ow_dnn_destroy(handle) }

  /// "2.6.3"
  public static var version: String {
    var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
    ow_dnn_version(&major, &minor, &patch)
    return "\(major).\(minor).\(patch)"
  }

  public func linear(_ shape: LinearShape, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>?, rows: [Int],
                     workers: Int) throws(EngineError) -> any Linear {
    try OneDNNLinear(self, shape, weights, bias, rows, workers)
  }

  fileprivate static func error(_ status: Int32, _ attempt: String) -> EngineError {
    EngineError(engine: .onednn, attempt: attempt, problem: String(cString: ow_dnn_status_name(status)),
                remedy: "try --engine openblas")
  }
}

final class OneDNNLinear: Linear, @unchecked Sendable {
  private let handle: OpaquePointer
  private let rows: [Int]
  // Its primitives hold on to the engine.
  private let engine: OneDNNEngine
  let scratch: Int

  init(_ engine: OneDNNEngine, _ shape: LinearShape, _ weights: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?,
       _ rows: [Int], _ workers: Int) throws(EngineError) {
    let activation = switch shape.activation {
    case .identity: OW_DNN_IDENTITY
    case .quickGELU: OW_DNN_QUICK_GELU
    case .gelu: OW_DNN_GELU
    case .tanhGELU: OW_DNN_TANH_GELU
    }
    var made: OpaquePointer?
    let status = ow_dnn_linear_create(&made, engine.handle, shape.inputs, shape.outputs, weights, bias, activation,
                                      shape.addsToOutput ? 1 : 0, rows, Int32(rows.count), Int32(workers))
    guard status == 0, let made else {
      throw OneDNNEngine.error(status, "a layer of \(shape.inputs) × \(shape.outputs) over \(rows) rows")
    }
    handle = made
    self.engine = engine
    self.rows = rows
    scratch = (ow_dnn_linear_scratch(made) + 3) / 4
  }

  deinit { ow_dnn_linear_destroy(handle) }

  func run(rows count: Int, from x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, worker: Int,
           scratch: UnsafeMutablePointer<Float>) {
    guard let slot = rows.firstIndex(of: count) else { preconditionFailure("rows were named when the layer was made") }
    let status = ow_dnn_linear_run(handle, Int32(slot), Int32(worker), x, y, scratch)
    precondition(status == 0, "oneDNN runs what it has planned")
  }
}
