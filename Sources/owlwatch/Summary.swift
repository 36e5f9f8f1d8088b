import Foundation
import Worker

/// What a run did, on standard error, when it is over.
struct Summary {
  let outcomes: [AnalyzeJob.Outcome]
  let wall: Duration
  /// Whether `--from` was given, so that nothing looked at has a reason to tell.
  var skipsBeginning = false

  func say(style: ProgressStyle) {
    guard style != .none else { return }
    var all = RunStatistics.Counts()
    for outcome in outcomes { all.add(outcome.counts) }
    if all.lost > 0 || all.gaps > 0 {
      Terminal.say("owlwatch: warning: \(counted(all.gaps, "gap")) in the input, \(all.lost) damaged packets or frames lost; see the stream.gap events")
    }
    if let problem = all.snapshotProblem {
      Terminal.say("owlwatch: warning: \(counted(all.snapshotsLost, "keyframe")) without the snapshots that were wanted: \(problem)")
    }
    for outcome in outcomes where skipsBeginning && outcome.error == nil && outcome.counts.frames > 0 && outcome.counts.keyframes == 0 {
      Terminal.say("owlwatch: warning: nothing was looked at in \(outcome.source): --from lies beyond its end")
    }
    // Where nothing could be read, the error has said all there is to say.
    let isNothing = all.frames == 0 && outcomes.contains { $0.error != nil }
    if style == .json { sayJSON(all) } else if !isNothing { sayText(all) }
  }

  private func sayText(_ all: RunStatistics.Counts) {
    let perKeyframe = all.keyframes > 0 ? Double(all.regions) / Double(all.keyframes) : 0
    Terminal.say("""
      \(all.frames) frames in \(round(wall.seconds, 1)) s (\(Int(Double(all.frames) / max(wall.seconds, 1e-9))) a second), \
      \(all.keyframes) looked at through \(round(perKeyframe, 1)) regions each (\(Int((all.lookedAt * 100).rounded())) % of the picture)\
      \(all.dropped > 0 ? ", \(all.dropped) dropped" : "")
      \(all.detections) detections, \(all.tracks) tracks, \(all.events) events
      time by stage: decode \(seconds(all.times.decode)), regions \(seconds(all.times.look)), detect \(seconds(all.times.detect)), \
      track \(seconds(all.times.track)), rules and log \(seconds(all.times.judge))
      """)
  }

  private func sayJSON(_ all: RunStatistics.Counts) {
    let fields: [String: Double] = [
      "frames": Double(all.frames), "keyframes": Double(all.keyframes), "dropped": Double(all.dropped), "regions": Double(all.regions),
      "looked_at": round4(all.lookedAt), "detections": Double(all.detections), "tracks": Double(all.tracks), "events": Double(all.events),
      "gaps": Double(all.gaps), "lost": Double(all.lost), "wall_seconds": round4(wall.seconds),
      "decode_seconds": round4(Double(all.times.decode) / 1e9), "look_seconds": round4(Double(all.times.look) / 1e9),
      "detect_seconds": round4(Double(all.times.detect) / 1e9), "track_seconds": round4(Double(all.times.track) / 1e9),
      "judge_seconds": round4(Double(all.times.judge) / 1e9),
    ]
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    if let line = try? encoder.encode(["summary": fields]) { Terminal.say(String(decoding: line, as: UTF8.self)) }
  }

  private func round4(_ value: Double) -> Double { (value * 1e4).rounded() / 1e4 }
  private func seconds(_ nanoseconds: UInt64) -> String { "\(round(Double(nanoseconds) / 1e9, 2)) s" }
  private func round(_ value: Double, _ digits: Int) -> Double {
    let scale = pow(10.0, Double(digits))
    return (value * scale).rounded() / scale
  }
}
