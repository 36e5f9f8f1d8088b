import EventLog
import Foundation
import RuleEngine
import Scene

/// Where an analysis can go on after it was killed: written every few seconds, after the log is synced.
/// The log is cut back to `log` and the rest is seen again; since everything is a function of the frames, the finished
/// log is the undisturbed run's, byte for byte.
struct Checkpoint: Codable {
  static let version = 4

  /// What the states belong to. Going on with anything else would invent events.
  struct Identity: Codable, Equatable {
    var version: Int
    var model: Model
    var settings: String
    var rules: String
    var clips: [Clip]

    struct Model: Codable, Equatable {
      var name: String
      var digest: String
    }

    struct Clip: Codable, Equatable {
      var path: String
      var digest: String
    }
  }

  struct Progress: Codable {
    var seeing: SeeingState
    var rules: RuleEngine.State
    var session: Int
    var time: MediaTime
    var pts: Int64
    var frame: Int
    var recordings: [String: Recorder.Place]
  }

  var identity: Identity
  /// Index of the input that was being analysed; those before it are done.
  var input: Int
  /// Nil: the input had not begun.
  var progress: Progress?
  /// Where the log ended.
  var log: LogPosition
}

extension Checkpoint.Identity {
  /// Nil where `other` is the same; else what differs, in words.
  func difference(from other: Self) -> String? {
    if version != other.version { return "it was written by another version of owlwatch" }
    if model != other.model { return model.name == other.model.name ? "the model \(model.name) has changed since" : "it belongs to the model \(model.name), not to \(other.model.name)" }
    if rules != other.rules { return "the rule file has changed since" }
    if clips.count != other.clips.count { return "it belongs to \(clips.count) input(s), not to \(other.clips.count)" }
    // By content: a clip may have been moved.
    for (mine, theirs) in zip(clips, other.clips) where mine.digest != theirs.digest {
      return mine.path == theirs.path ? "\(mine.path) has changed since" : "it belongs to \(mine.path), not to \(theirs.path)"
    }
    if settings != other.settings { return "the settings (queries, sampling, thresholds) have changed since" }
    return nil
  }
}
