internal import Tensors

/// What one thread needs while it works on a block of rows. Made once; nothing is allocated while a picture is looked at.
final class Workspace {
  /// Number of the thread it belongs to.
  let worker: Int
  /// (rows of a block, the widest layer): normalised rows, inputs of layers.
  let rows: FloatBuffer
  /// (rows of a block, the widest layer): what a layer inside a block leaves for the next.
  let wide: FloatBuffer
  /// Keys, values and scores of one head.
  let attention: FloatBuffer
  /// For the engine.
  let engine: FloatBuffer
  /// One row.
  let row: FloatBuffer
  /// For resampling; grows with the largest region seen.
  private(set) var sampling = FloatBuffer(count: 0)

  init(worker: Int, rows: Int, wide: Int, attention: Int, engine: Int, row: Int) {
    self.worker = worker
    self.rows = FloatBuffer.zeros(rows)
    self.wide = FloatBuffer.zeros(wide)
    self.attention = FloatBuffer.zeros(attention)
    self.engine = FloatBuffer.zeros(engine)
    self.row = FloatBuffer.zeros(row)
  }

  func needSampling(_ count: Int) {
    if sampling.count < count { sampling = FloatBuffer.zeros(count) }
  }
}

/// The activations of one picture on its way through a tower.
final class Activations {
  /// (tokens, width): the residual stream.
  let stream: FloatBuffer
  /// (tokens, 3 × width): queries, keys, values.
  let projected: FloatBuffer
  /// (tokens, width): what attention gathered; after the last layer, the image features.
  let gathered: FloatBuffer

  init(tokens: Int, width: Int) {
    stream = FloatBuffer.zeros(tokens * width)
    projected = FloatBuffer.zeros(tokens * width * 3)
    gathered = FloatBuffer.zeros(tokens * width)
  }
}
