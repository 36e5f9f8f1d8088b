import Scene
import Tracking

/// A diagram in, a diagram out: one character a keyframe.
///
/// In: `H` a high detection, `l` a low one, `.` none, `~` a keyframe's time of which nothing is known.
/// Out, the oldest track: `t` tentative, `C` confirmed, `c` coasting, `E` ended, `.` no track; nothing for `~`.
struct Timeline {
  var every: MediaInterval = .milliseconds(500)
  var options = TrackerOptions(thresholds: [0.5])

  func run(_ diagram: String) -> String {
    var tracker = Tracker(options: options, size: PictureSize(width: 1000, height: 500))
    var time = MediaTime.zero
    var out = ""
    for mark in diagram {
      if mark == "~" { tracker.gap(from: time - every, to: time) } else {
        let scores: [Double] = mark == "H" ? [0.6] : mark == "l" ? [0.3] : []
        let tracks = tracker.update(scores.map { Detection(box: .person(x: 0.5), query: 0, score: $0) }, at: time)
        out += tracks.first.map { Self.mark(of: $0.state) } ?? "."
      }
      time += every
    }
    return out
  }

  static func mark(of state: Track.State) -> String {
    switch state {
    case .tentative: "t"
    case .confirmed: "C"
    case .coasting: "c"
    case .ended: "E"
    }
  }
}

extension Box {
  /// Somebody 0.2 of the picture's height tall, 40 pixels wide of 1000.
  static func person(x: Double, y: Double = 0.5) -> Box { Box(center: Point(x: x, y: y), width: 0.04, height: 0.2) }
}
