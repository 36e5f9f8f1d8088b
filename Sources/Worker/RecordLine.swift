import EventLog
import Scene

/// One line of a recording (JSON Lines): what the detector or the tracker said on one keyframe, exactly, so that a replay
/// gives the same events. The first line is the header.
struct RecordLine: Codable {
  struct Header: Codable {
    /// `owlwatch.detections/1` or `owlwatch.tracks/1`.
    var format: String
    var stream: String
    var size: PictureSize
    var queries: [Query]
    var thresholds: [Double]
    var context: StreamContext
  }

  struct Stretch: Codable {
    var from: MediaTime
    var to: MediaTime
    var why: String
    var lost: Int
  }

  var header: Header?
  var time: MediaTime?
  var pts: Int64?
  var frame: Int?
  var detections: [Detection]?
  var tracks: [Track]?
  var gap: Stretch?
  var clockStep: Stretch?
}

/// What a recording holds.
public enum RecordKind: String, Sendable {
  case detections, tracks
  var format: String { "owlwatch.\(rawValue)/1" }
}
