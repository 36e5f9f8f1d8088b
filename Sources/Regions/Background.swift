import Scene

/// What the scene looks like when nothing moves: for each cell its usual brightness and how far it usually strays.
///
/// The usual brightness is a running approximate median: each keyframe draws it towards what is seen, by a limited number of
/// grey levels a second of media time (after McFarlane and Schofield, "Segmentation and tracking of piglets in images", 1995).
/// Who passes by leaves no trace, who stays melts in. Being in levels a second, it holds at any sampling rate.
struct Background: Sendable {
  /// Columns and rows of cells.
  let width: Int
  let height: Int
  /// Usual brightness, 8.8 fixed point.
  var mean: [UInt16]
  /// Usual distance from it, 8.8 fixed point.
  var spread: [UInt16]
  /// Media time it has learned, up to `settling`.
  var age: MediaInterval = .zero

  /// While it is this young everything melts in more quickly: what moved in the very first picture left a ghost.
  static let settling = MediaInterval.seconds(4)
  /// Grey levels a second by which a cell follows: background, foreground, and everything while settling.
  static let followingBackground = 8.0, followingForeground = 5.0, followingWhileSettling = 12.0
  /// No keyframe moves a cell by more levels than this, however long it is since the last.
  static let mostAtOnce = 6.0, mostAtOnceWhileSettling = 8.0
  /// A cell is foreground from this many levels off, or this many times its usual distance.
  static let leastContrast: Int32 = 13, spreads: Int32 = 4
  /// The usual distance is never taken for more than this: waving leaves hide a person's edge, not a person.
  static let mostSpread: Int32 = 10

  init(_ luma: SmallLuma) {
    width = luma.width
    height = luma.height
    mean = luma.values.map { UInt16($0) << 8 }
    spread = [UInt16](repeating: 512, count: luma.values.count)
  }

  /// Marks foreground cells, then learns.
  /// - Parameter elapsed: media time since the last keyframe, above 0.
  /// - Returns: width × height, 1 where the cell is foreground. Changes of light that all cells of a brightness share are none.
  mutating func foreground(of luma: SmallLuma, elapsed: MediaInterval) -> [UInt8] {
    let tone = toneChange(to: luma)
    let rates = Rates(elapsed: elapsed, isSettling: age < Self.settling)
    age = min(Self.settling, age + elapsed)
    let count = width * height
    return [UInt8](unsafeUninitializedCapacity: count) { mask, initialized in
      luma.values.withUnsafeBufferPointer { seen in
        mean.withUnsafeMutableBufferPointer { mean in
          spread.withUnsafeMutableBufferPointer { spread in
            tone.withUnsafeBufferPointer { tone in
              for i in 0..<count {
                let usual = Int32(mean[i]), now = Int32(seen[i]) << 8
                let off = abs(now &- usual &- tone[Int(usual >> 8)])
                let stray = min(Int32(spread[i]), Self.mostSpread << 8)
                let isForeground = off > max(Self.leastContrast << 8, Self.spreads &* stray)
                mask[i] = isForeground ? 1 : 0
                let limit = isForeground ? rates.foreground : rates.background
                let step = max(-limit, min(limit, ((now &- usual) &* rates.share) >> 8))
                mean[i] = UInt16(truncatingIfNeeded: usual &+ step)
                let widen = max(-rates.spread, min(rates.spread, (off &- Int32(spread[i])) >> 2))
                spread[i] = UInt16(truncatingIfNeeded: max(0, min(0x7FFF, Int32(spread[i]) &+ (isForeground ? widen >> 3 : widen))))
              }
            }
          }
        }
      }
      initialized = count
    }
  }

  /// Fixed-point steps of one keyframe.
  private struct Rates {
    /// Levels × 256.
    var background, foreground, spread: Int32
    /// Share of the distance × 256: an ordinary low pass within the limit, so that noise is averaged, not copied.
    var share: Int32

    init(elapsed: MediaInterval, isSettling: Bool) {
      let seconds = max(0, min(60, elapsed.seconds))
      let most = isSettling ? Background.mostAtOnceWhileSettling : Background.mostAtOnce
      func levels(_ perSecond: Double) -> Int32 { max(1, Int32((min(most, perSecond * seconds) * 256).rounded())) }
      background = levels(isSettling ? Background.followingWhileSettling : Background.followingBackground)
      foreground = levels(isSettling ? Background.followingWhileSettling : Background.followingForeground)
      spread = levels(2)
      share = max(8, Int32((seconds / (seconds + 1.5) * 256).rounded()))
    }
  }
}
