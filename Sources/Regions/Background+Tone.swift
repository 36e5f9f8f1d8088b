import Scene

extension Background {
  /// How the light changed: for each usual brightness, by how much (× 256) cells of that brightness changed in common.
  ///
  /// Lamps, clouds and exposure change all cells of one brightness alike; objects cover the minority of them. So it is the
  /// commonest change in each of eight bands of brightness, joined by straight lines. Where an object covers even half of what
  /// is as bright as the ground under it, its changes spread over the width of the band, and the light's stand together. 256 values.
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
    let all = Self.common((0..<512).map { change in (0..<bands).reduce(0) { $0 + counts[$1 << 9 | change] } })
    let changes = (0..<bands).map { band -> Int32 in
      let own = counts[(band << 9)..<((band + 1) << 9)]
      // A band that few cells are in may be mostly one object.
      return own.reduce(0, +) * 32 >= total ? Self.common(own) : all
    }
    return (0..<256).map { level in
      let place = max(0, min((bands - 1) * 32, level - 16)), band = place >> 5, part = Int32(place & 31)
      let next = changes[min(bands - 1, band + 1)]
      return (changes[band] * (32 - part) + next * part) * 8
    }
  }

  /// The usual brightness of each cell as this picture's light would show it.
  func inLight(of luma: SmallLuma) -> [UInt8] {
    let tone = toneChange(to: luma)
    return mean.map { UInt8(max(0, min(255, (Int32($0) + tone[Int($0 >> 8)]) >> 8))) }
  }

  static let bands = 8

  /// The change, in levels, around which most changes of a histogram lie within four levels; entry 256 is no change.
  private static func common(_ counts: some Collection<UInt32>) -> Int32 {
    let counts = Array(counts)
    var within = counts[0..<9].reduce(0, +), most = within, first = 0
    for start in 1...(counts.count - 9) {
      within = within - counts[start - 1] + counts[start + 8]
      // Of two equal ones the one nearer to no change.
      if within > most || (within == most && abs(start + 4 - 256) < abs(first + 4 - 256)) { (most, first) = (within, start) }
    }
    // The middle of that window by weight: half a window beside the truth would be four levels.
    var below: UInt32 = 0
    for place in first..<(first + 9) {
      below += counts[place]
      if below * 2 > most { return Int32(place) - 256 }
    }
    return 0
  }
}
