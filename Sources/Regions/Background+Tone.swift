import Scene

extension Background {
  /// How the light changed: for each usual brightness, by how much (× 256) cells of that brightness changed in common.
  ///
  /// Lamps, clouds and exposure change all cells of one brightness alike; objects cover the minority of them. So it is the
  /// smallest change within the middle half of the changes of each of eight bands of brightness, joined by straight lines: an
  /// object may cover three quarters of what is as bright as the ground under it. 256 values.
  func toneChange(to luma: SmallLuma) -> [Int32] {
    let bands = Self.bands
    var counts = [UInt32](repeating: 0, count: bands * 512)
    var total: UInt32 = 0
    // Every second cell of every second row says enough.
    for row in stride(from: 0, to: height, by: 2) {
      for i in stride(from: row * width, to: (row + 1) * width, by: 2) {
        let usual = Int(mean[i] >> 8)
        counts[(usual >> 5) << 9 | (Int(luma.values[i]) - usual + 256)] += 1
        total += 1
      }
    }
    let all = Self.common((0..<512).map { change in (0..<bands).reduce(0) { $0 + counts[$1 << 9 | change] } }, near: 0)
    let changes = (0..<bands).map { band -> Int32 in
      let own = counts[(band << 9)..<((band + 1) << 9)]
      // A band that few cells are in may be mostly one object.
      return own.reduce(0, +) * 32 >= total ? Self.common(own, near: all) : all
    }
    return (0..<256).map { level in
      let place = max(0, min((bands - 1) * 32, level - 16)), band = place >> 5, part = Int32(place & 31)
      let next = changes[min(bands - 1, band + 1)]
      return (changes[band] * (32 - part) + next * part) * 8
    }
  }

  static let bands = 8

  /// Of the middle half of the changes in a histogram whose entry 256 is no change, the one nearest to an expected change.
  private static func common(_ counts: some Collection<UInt32>, near expected: Int32) -> Int32 {
    let total = counts.reduce(0, +)
    var below: UInt32 = 0, lower: Int32?
    for (place, count) in counts.enumerated() {
      below += count
      let change = Int32(place) - 256
      if lower == nil, below * 4 > total { lower = change }
      if below * 4 > total * 3 { return max(lower ?? change, min(change, expected)) }
    }
    return expected
  }
}
