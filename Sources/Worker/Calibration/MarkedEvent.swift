import EventLog
import Scene
import VideoInput

/// An event of a recording that a person can call right or wrong.
public struct MarkedEvent: Sendable {
  public enum Mark: String, Sendable { case right, wrong }

  public var told: ToldEvent
  /// Index among the stream's queries.
  var query: Int
  /// The best median score of its track: up to this threshold the track is believed in.
  public var score: Double
  public var mark: Mark?
}

extension Rejudging {
  /// What begins or happens by these rules about objects of some queries, with the score that its track came to: an event
  /// that ends what was told before is no alarm of its own.
  func markable(of queries: Set<Int>) throws -> [MarkedEvent] {
    var scores: [TrackID: Double] = [:]
    for case .keyframe(let seen) in observations {
      for track in seen.tracks where track.detected { scores[track.id] = max(scores[track.id] ?? 0, track.medianScore) }
    }
    return try run().compactMap { told in
      let event = told.event
      guard event.rule != nil, event.phase == nil || event.phase == .start, !event.isShadow, let object = event.object,
            let query = plan.queries.firstIndex(where: { $0.id == event.query?.id }), queries.contains(query) else { return nil }
      return MarkedEvent(told: told, query: query, score: scores[object.track] ?? object.score, mark: nil)
    }
  }

  /// How long the recording saw something.
  var seenTime: MediaInterval {
    let times = times
    guard let first = times.first, let last = times.last else { return .zero }
    let missing = observations.reduce(MediaInterval.zero) { sum, observation in
      if case .gap(let gap) = observation { sum + (gap.to - gap.from) } else { sum }
    }
    return last - first - missing
  }
}
