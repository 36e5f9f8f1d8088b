import EventLog
import Regions
import RuleEngine
import Scene
import Tracking
import VideoInput

/// A stream's settings with every default filled in and every file read: what the threads work by.
struct StreamPlan: Sendable {
  /// Detections below the threshold still help a living track, down to this share of it: ByteTrack's low scores
  /// (0.1 against 0.6), a little stricter because a small model's low scores are mostly noise.
  static let lowShare = 0.4

  var stream: String
  var input: InputOptions
  var queries: [Query]
  /// Per query: score from which a detection counts.
  var thresholds: [Double]
  var look: LookOptions
  var overlap: Double
  var classAgnostic: Bool
  var rules: RuleSet
  /// Camera time of the file's first frame, nanoseconds since 1970.
  var startTime: Int64?

  /// Per query: least score the detector reports, so that the tracker's second stage has something to work with.
  var minimumScores: [Double] { thresholds.map { $0 * Self.lowShare } }

  func tracker(session: Int) -> TrackerOptions {
    var options = TrackerOptions(thresholds: thresholds, session: session)
    options.lowShare = Self.lowShare
    return options
  }
}
