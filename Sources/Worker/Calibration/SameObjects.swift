import EventLog
import Scene

/// Which tracks of two judgings of the same detections are about the same object: another threshold lets a track begin later
/// and gives it another number, and yet it is made of the same boxes.
struct SameObjects {
  /// Boxes of the same detections, smoothed by filters that began at different times.
  private static let leastOverlap = 0.7

  /// By track of the second judging, the one of the first that it shares most keyframes with.
  private var partners: [TrackID: TrackID] = [:]

  init(_ first: Rejudging, _ second: Rejudging) {
    var shared: [TrackID: [TrackID: Int]] = [:]
    for (a, b) in zip(first.observations, second.observations) {
      guard case .keyframe(let before) = a, case .keyframe(let after) = b else { continue }
      for track in after.tracks where track.detected {
        let best = before.tracks.filter { $0.detected && $0.query == track.query }.max { $0.box.iou(track.box) < $1.box.iou(track.box) }
        if let best, best.box.iou(track.box) >= Self.leastOverlap { shared[track.id, default: [:]][best.id, default: 0] += 1 }
      }
    }
    partners = shared.mapValues { counts in counts.max { ($0.value, $1.key) < ($1.value, $0.key) }!.key }
  }

  /// The event of the first judging that one of the second is, by its rule, type and object; the nearest in time among several.
  func nearest(to event: MarkedEvent, among events: [MarkedEvent]) -> Int? {
    let wanted = event.told.event
    guard let partner = wanted.object.flatMap({ partners[$0.track] }) else { return nil }
    func distance(_ index: Int) -> Int64 { abs((events[index].told.event.mediaTime - wanted.mediaTime).nanoseconds) }
    return events.indices.filter { index in
      let other = events[index].told.event
      return other.type == wanted.type && other.rule?.id == wanted.rule?.id && other.object?.track == partner
    }.min { distance($0) < distance($1) }
  }
}
