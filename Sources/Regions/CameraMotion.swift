import Scene

/// Whether it was the camera that moved: most of what has structure changed, and changed by one common shift.
///
/// A lorry that fills half the picture moves its half alone; a lamp changes brightness, which the background takes out before.
struct CameraMotion {
  /// Share of structured cells that differ from the background below which the camera stands: no look is taken at shifts.
  static let leastChanged = 0.2
  /// Share from which the scene is another one (a cut, a pan too quick to follow), whatever the shift.
  static let mostChanged = 0.7
  /// Share of structured blocks that must agree on one shift.
  static let leastAgreement = 0.6
  /// Cells between which brightness changes by this much in sum have structure.
  static let structure = 20

  let background: Background
  let luma: SmallLuma
  let mask: [UInt8]

  var hasMoved: Bool {
    let changed = shareOfStructureChanged
    return changed >= Self.mostChanged || (changed >= Self.leastChanged && agreesOnOneShift)
  }

  /// 0 where hardly any cell has structure: fog tells nothing.
  var shareOfStructureChanged: Double {
    let columns = background.width, rows = background.height
    var structured = 0, changed = 0
    background.mean.withUnsafeBufferPointer { mean in
      for row in stride(from: 0, to: rows - 1, by: 2) {
        for i in stride(from: row * columns, to: (row + 1) * columns - 1, by: 2) {
          let here = Int(mean[i])
          let slope = abs(Int(mean[i + 1]) - here) + abs(Int(mean[i + columns]) - here)
          guard slope > Self.structure << 8 else { continue }
          structured += 1
          changed += Int(mask[i])
        }
      }
    }
    // Cells counted are a quarter of all.
    return structured * 4 * 50 >= columns * rows ? Double(changed) / Double(structured) : 0
  }

  /// Each of 4 × 3 blocks is compared with the background under all shifts; those that fit clearly better shifted say by how much.
  var agreesOnOneShift: Bool {
    var shifts: [(x: Int, y: Int)] = [], structured = 0
    for block in 0..<12 {
      let columns = part(block % 4, of: 4, length: luma.width), rows = part(block / 4, of: 3, length: luma.height)
      guard columns.count >= 16, rows.count >= 12 else { continue }
      let standing = difference(columns, rows, (0, 0), every: 3)
      let coarse = best(columns, rows, around: (0, 0), reach: 20, step: 4, every: 4)
      let fine = best(columns, rows, around: coarse.shift, reach: 3, step: 1, every: 3)
      guard standing > Self.leastDifference else { continue }
      structured += 1
      if fine.shift != (0, 0), fine.difference < standing * 0.6 { shifts.append(fine.shift) }
    }
    guard structured >= 4, !shifts.isEmpty else { return false }
    let middle = (x: shifts.map(\.x).sorted()[shifts.count / 2], y: shifts.map(\.y).sorted()[shifts.count / 2])
    let agreeing = shifts.count { abs($0.x - middle.x) <= 2 && abs($0.y - middle.y) <= 2 }
    return Double(agreeing) >= Self.leastAgreement * Double(structured)
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
      background.mean.withUnsafeBufferPointer { mean in
        for row in stride(from: top, to: bottom, by: every) {
          let from = row * width, moved = (row + shift.y) * width + shift.x
          for x in stride(from: left, to: right, by: every) {
            sum &+= abs(Int(now[from + x]) &- Int(mean[moved + x] >> 8))
            count &+= 1
          }
        }
      }
    }
    return Double(sum) / Double(count)
  }
}
