import CFFmpeg
import Scene

/// How a stored picture is turned to be shown: one of the eight ways to lay a rectangle upon its sides.
struct Orientation: Hashable {
  /// Rows become columns.
  var swaps = false
  /// Shown column 0 is the stored picture's last column (or row, where they swap).
  var flipsX = false
  var flipsY = false

  static let upright = Orientation()

  init() {}

  /// Reads FFmpeg's display matrix (libavutil/display.h): stored (p, q) goes to (a·p + c·q, b·p + d·q), 16.16 fixed point.
  /// Angles other than quarter turns are taken to the nearest.
  init(matrix: UnsafePointer<Int32>?) {
    guard let matrix else { return }
    let (a, b, c, d) = (Int64(matrix[0]), Int64(matrix[1]), Int64(matrix[3]), Int64(matrix[4]))
    guard a != 0 || b != 0 || c != 0 || d != 0 else { return }
    swaps = abs(a) + abs(d) < abs(b) + abs(c)
    flipsX = (swaps ? c : a) < 0
    flipsY = (swaps ? b : d) < 0
  }

  func shown(_ stored: PictureSize) -> PictureSize {
    swaps ? PictureSize(width: stored.height, height: stored.width) : stored
  }

  /// Copies `stored` (RGB, 3 bytes a pixel, `rowBytes` from row to row) into `shown`, turned.
  func turn(_ stored: Picture, into shown: Picture) {
    precondition(self.shown(stored.size) == shown.size, "the turned picture's size follows from the stored one's")
    // Offset of a stored pixel is linear in the shown one's place: start + column × acrossStep + row × downStep.
    let lastX = (stored.width - 1) * 3, lastY = (stored.height - 1) * stored.rowBytes
    let across = swaps ? stored.rowBytes : 3, down = swaps ? 3 : stored.rowBytes
    let acrossStep = flipsX ? -across : across, downStep = flipsY ? -down : down
    let start = (flipsX ? (swaps ? lastY : lastX) : 0) + (flipsY ? (swaps ? lastX : lastY) : 0)
    let from = stored.pixels.assumingMemoryBound(to: UInt8.self), to = shown.pixels.assumingMemoryBound(to: UInt8.self)
    // In squares of 32 pixels, so that the side that is read across rows stays in the cache.
    let block = 32
    for top in stride(from: 0, to: shown.height, by: block) {
      for left in stride(from: 0, to: shown.width, by: block) {
        for y in top..<min(top + block, shown.height) {
          var source = from + start + y * downStep + left * acrossStep
          var target = to + y * shown.rowBytes + left * 3
          for _ in left..<min(left + block, shown.width) {
            target[0] = source[0]; target[1] = source[1]; target[2] = source[2]
            target += 3
            source += acrossStep
          }
        }
      }
    }
  }
}
