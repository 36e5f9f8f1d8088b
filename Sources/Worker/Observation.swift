import Regions
import Scene
import Tracking
import VideoInput

/// What the seeing half of a stream tells the judging half, in order.
enum Observation: Sendable {
  case keyframe(SeenKeyframe)
  case gap(Gap)
  case clockStep(ClockStep)
}

/// A keyframe after detection and tracking.
struct SeenKeyframe: Sendable {
  var time: MediaTime
  var pts: Int64
  /// Number of the frame in its session, from 0.
  var index: Int
  var detections: [Detection]
  var tracks: [Track]
  /// Kept only where a rule may want a picture of it.
  var picture: Picture?
  /// The seeing half's state right after this keyframe, when a checkpoint is due.
  var state: SeeingState?
}

/// What the seeing half carries from keyframe to keyframe.
struct SeeingState: Sendable, Codable {
  var regions: RegionChooser
  var tracker: Tracker
}
