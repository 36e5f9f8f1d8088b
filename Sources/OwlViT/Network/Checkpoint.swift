internal import CKernels
internal import Tensors

/// Takes tensors out of a weight file and makes layers of them. Names are put together here and in the networks' initialisers,
/// nowhere else.
struct Checkpoint {
  let weights: WeightFile
  let engine: any MatmulEngine
  let workers: Int

  /// A tensor's numbers, row-major.
  /// - Throws: also where one of them is NaN or infinite: everything behind it would be, and no detection would ever come.
  func values(_ name: String, _ shape: [Int]) throws(ModelError) -> FloatBuffer {
    let tensor = try weights.tensor(name, shape: shape)
    let buffer = FloatBuffer(count: tensor.count)
    try tensor.copy(to: buffer.contents)
    guard ow_count_not_finite(buffer.start, tensor.count) == 0 else {
      let place = buffer.contents.firstIndex { !$0.isFinite } ?? 0
      throw ModelError(.malformed, file: tensor.file.path, key: name, problem: "holds \(buffer[place]) at element \(place)",
                       remedy: ModelError.fetchAgain)
    }
    return buffer
  }

  func norm(_ name: String, width: Int, epsilon: Float) throws(ModelError) -> Norm {
    Norm(gamma: try values("\(name).weight", [width]), beta: try values("\(name).bias", [width]), width: width, epsilon: epsilon)
  }

  /// One linear layer of several tensors stacked on top of each other: `names` share inputs and their outputs follow one another.
  func linear(_ names: [String], _ shape: LinearShape, rows: [Int]) throws(ModelError) -> any Linear {
    let outputs = shape.outputs / names.count
    let matrix = FloatBuffer(count: try checked(names, shape)), bias = FloatBuffer(count: shape.outputs)
    for (index, name) in names.enumerated() {
      let part = try values("\(name).weight", [outputs, shape.inputs])
      matrix.copy(part, to: index * outputs * shape.inputs)
      bias.copy(try values("\(name).bias", [outputs]), to: index * outputs)
    }
    return try linear(matrix, bias, shape, rows: rows)
  }

  func linear(_ name: String, _ shape: LinearShape, rows: [Int]) throws(ModelError) -> any Linear {
    try linear([name], shape, rows: rows)
  }

  func linear(_ matrix: FloatBuffer, _ bias: FloatBuffer?, _ shape: LinearShape, rows: [Int]) throws(ModelError) -> any Linear {
    defer { withExtendedLifetime((matrix, bias)) {} }
    do {
      return try engine.linear(shape, weights: matrix.start, bias: bias?.start, rows: rows, workers: workers)
    } catch {
      throw ModelError(.unavailable, file: weights.path, problem: "\(error.engine.rawValue): \(error.attempt): \(error.problem)",
                       remedy: error.remedy)
    }
  }

  /// Elements of the stacked matrix, once the file has been seen to hold such tensors: a size from a config alone is not believed.
  private func checked(_ names: [String], _ shape: LinearShape) throws(ModelError) -> Int {
    var sum = 0
    for name in names { sum += try weights.tensor("\(name).weight", shape: [shape.outputs / names.count, shape.inputs]).count }
    return sum
  }
}

/// Layer normalisation with its weights.
struct Norm {
  let gamma: FloatBuffer
  let beta: FloatBuffer
  let width: Int
  let epsilon: Float
}
