/// A network's rows cut into blocks of nearly equal height: the unit in which threads share out work.
///
/// The cut depends on the number of rows alone, never on threads or on how many pictures are looked at together. Each block
/// goes through the same kernels in the same shape wherever it runs; so a result is the same to the last bit.
public struct Blocks: Sendable {
  public let rows: Int
  public let count: Int

  /// Up to 128 rows stay together: for small pictures each block fetches all weights anew, and halves of 101 rows cost 12 % more
  /// time than the whole (measured, 6 layers 256 wide). Above, blocks of about 80 rows, an even number of them so that two cores
  /// end together; from 48 rows on oneDNN's products reach their full speed on one core (AVX-512: 204…228 GF/s from 48 to 577).
  public init(rows: Int) {
    precondition(rows > 0)
    self.rows = rows
    count = rows <= 128 ? 1 : 2 * ((rows + 159) / 160)
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
