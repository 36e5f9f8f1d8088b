/// Tensors with names, in order, as they go into a safetensors file.
public struct NamedTensors: Sendable {
  public struct Tensor: Sendable {
    public enum Values: Sendable {
      case floats([Float])
      case integers([Int64])
    }

    public var name: String
    /// Row-major.
    public var shape: [Int]
    public var values: Values
  }

  public var tensors: [Tensor] = []

  public subscript(name: String) -> Tensor? { tensors.first { $0.name == name } }

  mutating func append(_ name: String, _ shape: [Int], _ values: [Float]) {
    precondition(shape.reduce(1, *) == values.count, "\(name) has the elements its shape says")
    tensors.append(Tensor(name: name, shape: shape, values: .floats(values)))
  }

  mutating func append(_ name: String, _ shape: [Int], _ values: [Int64]) {
    precondition(shape.reduce(1, *) == values.count, "\(name) has the elements its shape says")
    tensors.append(Tensor(name: name, shape: shape, values: .integers(values)))
  }
}
