import Scene

/// Connected pieces of foreground. Cells are first gathered into blocks of 3 × 3: a block counts with two foreground cells, so
/// that single cells of noise count for nothing, and pieces a block apart (head and coat, say) join.
struct Blobs {
  /// Side of a block, cells.
  static let block = 3
  /// Foreground cells of a blob, at least.
  static let leastCells = 4

  /// Columns and rows of blocks.
  let columns: Int
  let rows: Int
  /// Foreground cells in each block; 0 where they are too few.
  private(set) var weights: [UInt8]
  /// Bounds of the blobs in cells, in the order of their first block.
  private(set) var bounds: [PixelRect] = []

  /// - Parameter mask: width × height, 1 where a cell is foreground.
  init(mask: [UInt8], width: Int, height: Int) {
    columns = (width + Self.block - 1) / Self.block
    rows = (height + Self.block - 1) / Self.block
    weights = [UInt8](repeating: 0, count: columns * rows)
    gather(mask, width: width, height: height)
    connect(width: width, height: height)
  }

  private mutating func gather(_ mask: [UInt8], width: Int, height: Int) {
    let columns = columns
    mask.withUnsafeBufferPointer { mask in
      weights.withUnsafeMutableBufferPointer { weights in
        for y in 0..<height {
          let line = y / Self.block * columns, from = y * width
          var x = 0, block = line
          while x + Self.block <= width {
            weights[block] &+= mask[from + x] &+ mask[from + x + 1] &+ mask[from + x + 2]
            x += Self.block
            block += 1
          }
          while x < width { weights[block] &+= mask[from + x]; x += 1 }
        }
        for i in weights.indices where weights[i] < 2 { weights[i] = 0 }
      }
    }
  }

  /// Fills each blob from its first block; blocks up to two apart belong together.
  private mutating func connect(width: Int, height: Int) {
    var isDone = [Bool](repeating: false, count: weights.count)
    var waiting: [Int] = []
    for start in weights.indices where weights[start] > 0 && !isDone[start] {
      var (left, right, top, bottom, cells) = (columns, -1, rows, -1, 0)
      isDone[start] = true
      waiting.append(start)
      while let at = waiting.popLast() {
        let x = at % columns, y = at / columns
        (left, right, top, bottom) = (min(left, x), max(right, x), min(top, y), max(bottom, y))
        cells += Int(weights[at])
        for ny in max(0, y - 2)...min(rows - 1, y + 2) {
          for nx in max(0, x - 2)...min(columns - 1, x + 2) {
            let next = ny * columns + nx
            if weights[next] > 0, !isDone[next] { isDone[next] = true; waiting.append(next) }
          }
        }
      }
      guard cells >= Self.leastCells else { continue }
      let x = left * Self.block, y = top * Self.block
      bounds.append(PixelRect(x: x, y: y, width: min(width, (right + 1) * Self.block) - x,
                              height: min(height, (bottom + 1) * Self.block) - y))
    }
  }

  /// Whether any foreground lies in this rectangle of cells.
  func hasForeground(in rect: PixelRect) -> Bool {
    let left = max(0, rect.x / Self.block), right = min(columns - 1, (rect.maxX - 1) / Self.block)
    let top = max(0, rect.y / Self.block), bottom = min(rows - 1, (rect.maxY - 1) / Self.block)
    guard left <= right, top <= bottom else { return false }
    for y in top...bottom { for x in left...right where weights[y * columns + x] > 0 { return true } }
    return false
  }
}
