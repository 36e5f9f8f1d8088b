/// A network's rows cut into blocks of nearly equal height: the unit in which threads share out work.
///
/// The cut depends on the number of rows alone, never on threads or on how many pictures are looked at together. Each block
/// goes through the same kernels in the same shape wherever it runs; so a result is the same to the last bit.
public struct Blocks: Sendable {
  public let rows: Int
  public let count: Int

  /// 64 rows: from 48 rows on oneDNN's matrix products reach their full speed on one core (204…228 GF/s between 48 and 577
  /// rows, AVX-512), and smaller blocks share out better.
  public init(rows: Int, target: Int = 64) {
    precondition(rows > 0 && target > 0)
    self.rows = rows
    count = (rows + target - 1) / target
  }

  /// Rows of block `index`; the first ones are one row higher where the rows don't divide evenly.
  public subscript(index: Int) -> Range<Int> {
    let height = rows / count, rest = rows % count
    let start = index * height + min(index, rest)
    return start..<start + height + (index < rest ? 1 : 0)
  }

  /// The heights that occur: one or two.
  public var heights: [Int] { rows % count == 0 ? [rows / count] : [rows / count + 1, rows / count] }
  public var highest: Int { heights[0] }
}
