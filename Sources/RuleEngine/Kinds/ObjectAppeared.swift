import EventLog
import Scene

/// `object.appeared` / `object.ended`: the life of a track, from its first detection to its last.
struct ObjectAppeared: TrackMachine {
  struct Settings: KindSettings {}

  private var since: Instant?

  init() {}

  mutating func see(_ sight: Sight, _ settings: Settings, _ moment: inout Moment) {
    guard since == nil else { return }
    // A track that the rule could see from its first keyframe on appeared when it was first detected; one that only
    // now has the score, or the hour, appears now.
    var start = moment.now
    if sight.isNew {
      let before = moment.now.media &- sight.track.firstDetected.nanoseconds
      if before > 0 { start = Instant(media: start.media &- before, known: start.known &- before) }
    }
    since = start
    moment.report(.objectAppeared, .start, at: start, since: start, sight.track)
  }

  mutating func end(_ sight: Sight, _ reason: EndReason, _ settings: Settings, _ moment: inout Moment) {
    guard let since else { return }
    let last = sight.now.instant
    moment.report(.objectEnded, .end, at: last, since: since, reason: reason, sight.track, [.seconds("duration", last.since(since))])
    self.since = nil
  }

  func verdict(_ last: Instant) -> Verdict { Verdict(isOn: since != nil, until: since == nil ? nil : last) }
}
