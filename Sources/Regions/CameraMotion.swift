import Scene

/// Whether it was the camera that moved: most of what has structure changed, and changed by one common shift.
///
/// A lorry that fills half the picture moves its half alone; a lamp changes brightness, which the background takes out before.
struct CameraMotion {
  /// Share of structured cells that differ from the background below which the camera stands: no look is taken at shifts.
  static let leastChanged = 0.2
  /// Share of structured blocks that must agree on one shift.
  static let leastAgreement = 0.6
  /// Share of a block's structure that must have changed, and of blocks in which it must have, for the scene to be another one
  /// (a cut, a zoom, a pan too quick to follow), whatever the shift.
  static let changedBlock = 0.35, changedBlocks = 0.8
  /// Cells between which brightness changes by this much in sum have structure.
  static let structure = 20

  let luma: SmallLuma
  /// The background in today's light.
  private var usual: [UInt8] = []
  /// Of each block, cells with structure, and those among them that differ from the background.
  private var structured = InlineArray<12, Int>(repeating: 0)
  private var changed = InlineArray<12, Int>(repeating: 0)

  /// - Parameter mask: foreground by this background, before it learned from `luma`.
  init(background: Background, luma: SmallLuma, mask: [UInt8]) {
    self.luma = luma
    count(background, mask)
    if isSuspicious { usual = background.inLight(of: luma) }
  }

  var hasMoved: Bool { isSuspicious && (isAnotherScene || agreesOnOneShift) }

  /// Enough has structure to judge by (fog tells nothing), and enough of that has changed.
  private var isSuspicious: Bool {
    var all = 0, different = 0
    for block in 0..<12 { all += structured[block]; different += changed[block] }
    return all * 100 >= luma.width * luma.height && Double(different) >= Self.leastChanged * Double(all)
  }

  private var isAnotherScene: Bool {
    var blocks = 0, others = 0
    for block in 0..<12 where hasSay(block) {
      blocks += 1
      if Double(changed[block]) >= Self.changedBlock * Double(structured[block]) { others += 1 }
    }
    return blocks >= 4 && Double(others) >= Self.changedBlocks * Double(blocks)
  }

  /// A block with next to no structure has no say.
  private func hasSay(_ block: Int) -> Bool { structured[block] * 12 * 200 >= luma.width * luma.height }

  private mutating func count(_ background: Background, _ mask: [UInt8]) {
    let columns = luma.width, rows = luma.height
    guard columns > 1, rows > 1 else { return }
    for row in 0..<(rows - 1) {
      for part in 0..<4 {
        let from = row * columns + part * columns / 4, to = row * columns + min(columns - 1, (part + 1) * columns / 4)
        let (all, different) = Self.count(background.mean, mask, from: from + row % 2, to: to, below: columns)
        structured[row * 3 / rows * 4 + part] += all
        changed[row * 3 / rows * 4 + part] += different
      }
    }
  }

  /// In a piece of a row: every second cell, as on the black squares of a chessboard, so that every column and row has a say.
  private static func count(_ mean: [UInt16], _ mask: [UInt8], from: Int, to: Int, below: Int) -> (all: Int, different: Int) {
    var all = 0, different = 0
    mean.withUnsafeBufferPointer { mean in
      mask.withUnsafeBufferPointer { mask in
        var i = from
        while i < to {
          let here = Int(mean[i])
          let slope = abs(Int(mean[i + 1]) - here) + abs(Int(mean[i + below]) - here)
          let hasStructure = slope > structure << 8 ? 1 : 0
          all += hasStructure
          different += hasStructure & Int(mask[i])
          i += 2
        }
      }
    }
    return (all, different)
  }

  /// Each of 4 × 3 blocks is compared with the background under all shifts; those that fit clearly better shifted say by how much.
  private var agreesOnOneShift: Bool {
    var shifts: [(x: Int, y: Int)] = [], blocks = 0
    for block in 0..<12 where hasSay(block) {
      let columns = part(block % 4, of: 4, length: luma.width), rows = part(block / 4, of: 3, length: luma.height)
      guard columns.count >= 16, rows.count >= 12 else { continue }
      blocks += 1
      let standing = difference(columns, rows, (0, 0), every: 3)
      // What looks as ever has not moved: it votes by counting among the blocks.
      guard standing > Self.leastDifference else { continue }
      let coarse = best(columns, rows, around: (0, 0), reach: 20, step: 4, every: 4)
      let fine = best(columns, rows, around: coarse.shift, reach: 3, step: 1, every: 3)
      if fine.shift != (0, 0), fine.difference < standing * 0.6 { shifts.append(fine.shift) }
    }
    guard blocks >= 4, !shifts.isEmpty else { return false }
    let middle = (x: shifts.map(\.x).sorted()[shifts.count / 2], y: shifts.map(\.y).sorted()[shifts.count / 2])
    let agreeing = shifts.count { abs($0.x - middle.x) <= 2 && abs($0.y - middle.y) <= 2 }
    return Double(agreeing) >= Self.leastAgreement * Double(blocks)
  }

  /// Mean difference in levels, of a block laid unshifted over the background, from which there is anything to explain.
  static let leastDifference = 3.0

  /// The block's span, kept off the picture's border by as much as a shift reaches, where the picture is large enough.
  private func part(_ index: Int, of parts: Int, length: Int) -> Range<Int> {
    let border = min(24, length / 8)
    let inner = length - 2 * border
    return (border + index * inner / parts)..<(border + (index + 1) * inner / parts)
  }

  private func best(_ columns: Range<Int>, _ rows: Range<Int>, around center: (x: Int, y: Int), reach: Int, step: Int,
                    every: Int) -> (shift: (x: Int, y: Int), difference: Double) {
    var found = (shift: center, difference: difference(columns, rows, center, every: every))
    for y in stride(from: center.y - reach, through: center.y + reach, by: step) {
      for x in stride(from: center.x - reach, through: center.x + reach, by: step) {
        let value = difference(columns, rows, (x, y), every: every)
        if value < found.difference { found = ((x, y), value) }
      }
    }
    return found
  }

  /// Mean absolute difference in levels between the block and the background from where it would have come.
  private func difference(_ columns: Range<Int>, _ rows: Range<Int>, _ shift: (x: Int, y: Int), every: Int) -> Double {
    let width = luma.width
    let left = max(columns.lowerBound, -shift.x), right = min(columns.upperBound, width - max(0, shift.x))
    let top = max(rows.lowerBound, -shift.y), bottom = min(rows.upperBound, luma.height - max(0, shift.y))
    guard left < right, top < bottom else { return .infinity }
    var sum: Int = 0, count = 0
    luma.values.withUnsafeBufferPointer { now in
      usual.withUnsafeBufferPointer { usual in
        for row in stride(from: top, to: bottom, by: every) {
          let from = row * width, moved = (row + shift.y) * width + shift.x
          for x in stride(from: left, to: right, by: every) {
            sum &+= abs(Int(now[from + x]) &- Int(usual[moved + x]))
            count &+= 1
          }
        }
      }
    }
    return Double(sum) / Double(count)
  }
}
