import Scene
import Testing
import Tracking

@Suite struct AssociationTests {
  static let size = PictureSize(width: 1000, height: 500)

  /// Follows objects whose boxes are functions of seconds; returns the ids of believed tracks nearest to each object
  /// at the end, and how many tracks were ever confirmed.
  private func follow(every: Double, until end: Double, options: TrackerOptions = TrackerOptions(thresholds: [0.5]),
                      _ objects: [@Sendable (Double) -> Box?]) -> (ids: [[Int]], confirmed: Int) {
    var tracker = Tracker(options: options, size: Self.size)
    var ids: [[Int]] = Array(repeating: [], count: objects.count)
    for step in 0...Int((end / every).rounded()) {
      let seconds = Double(step) * every
      let boxes = objects.map { $0(seconds) }
      let tracks = tracker.update(boxes.compactMap { $0 }.map { Detection(box: $0, query: 0, score: 0.8) }, at: MediaTime(seconds: seconds))
      for (object, box) in boxes.enumerated() {
        guard let box else { continue }
        for track in tracks where track.state == .confirmed && track.box.iou(box) > 0.5 && ids[object].last != track.id.number {
          ids[object].append(track.id.number)
        }
      }
    }
    return (ids, tracker.totalConfirmed)
  }

  @Test("one id per walker at any sampling rate: 1.4 m/s across the picture", arguments: [30.0, 10, 5, 2, 1])
  func samplingRate(perSecond: Double) {
    // 0.2 high is 100 pixels, say 1.7 m: 82 pixels a second.
    let (ids, confirmed) = follow(every: 1 / perSecond, until: 10, [
      { .person(x: 0.05 + 0.082 * $0, y: 0.3) }, { .person(x: 0.95 - 0.082 * $0, y: 0.7) },
    ])
    #expect(ids.map(\.count) == [1, 1] && confirmed == 2)
  }

  @Test("walkers who cross at half a height's distance keep their ids", arguments: [30.0, 10, 5, 4])
  func crossing(perSecond: Double) {
    let (ids, confirmed) = follow(every: 1 / perSecond, until: 10, [
      { .person(x: 0.1 + 0.08 * $0, y: 0.5) }, { .person(x: 0.9 - 0.08 * $0, y: 0.6) },
    ])
    #expect(ids.map(\.count) == [1, 1] && confirmed == 2)
  }

  @Test("one who overtakes another behind him, both boxes merged into the front one's for a second, comes out with his id")
  func merging() {
    let (ids, _) = follow(every: 0.1, until: 10, [
      { .person(x: 0.3 + 0.02 * $0, y: 0.5) }, { abs($0 - 5) < 0.5 ? nil : .person(x: 0.1 + 0.06 * $0, y: 0.52) },
    ])
    #expect(ids.map(\.count) == [1, 1])
  }

  @Test("hidden while walking: shorter than lostAfter the same id, longer another one", arguments: [(4.0, 1), (6.0, 2)])
  func occlusion(hidden: Double, ids: Int) {
    let (seen, confirmed) = follow(every: 0.2, until: 14, [{ (3..<3 + hidden).contains($0) ? nil : .person(x: 0.1 + 0.05 * $0) }])
    #expect(seen[0].count == ids && confirmed == ids)
  }

  @Test("the camera pans by a third of a box in one keyframe: six people keep their ids, also one hidden during the pan")
  func pan() {
    let places = [0.1, 0.25, 0.4, 0.55, 0.7, 0.85]
    let objects: [@Sendable (Double) -> Box?] = places.enumerated().map { index, x in
      { seconds in
        if index == 5 && (2.9..<3.5).contains(seconds) { return nil }
        return .person(x: x - (seconds >= 3 ? 0.035 : 0), y: 0.4 + 0.02 * Double(index))
      }
    }
    let (ids, confirmed) = follow(every: 0.1, until: 6, objects)
    #expect(ids.map(\.count) == [1, 1, 1, 1, 1, 1] && confirmed == 6)
  }

  @Test("queries don't mix: a person and a bag on the same spot are two tracks, each with its own threshold")
  func perQuery() {
    var tracker = Tracker(options: TrackerOptions(thresholds: [0.6, 0.2]), size: Self.size)
    var last: [Track] = []
    for step in 0..<4 {
      last = tracker.update([0, 1].map { Detection(box: .person(x: 0.5), query: $0, score: 0.3 + 0.4 * Double(1 - $0)) },
                            at: MediaTime(seconds: Double(step) * 0.5))
    }
    #expect(last.map(\.query) == [0, 1] && last.map(\.state) == [.confirmed, .confirmed])
    // What only the other query sees keeps nobody alive.
    last = tracker.update([Detection(box: .person(x: 0.5), query: 1, score: 0.3)], at: MediaTime(seconds: 2))
    #expect(last.map(\.state) == [.coasting, .confirmed])
  }

  @Test("of two tracks of one query on one spot, the younger ends")
  func duplicates() {
    var tracker = Tracker(options: TrackerOptions(thresholds: [0.5]), size: Self.size)
    var ended: [Int] = []
    for step in 0..<40 {
      let seconds = Double(step) * 0.1
      // Two detections, the second walks into the first and vanishes there.
      var boxes: [Box] = [.person(x: 0.5)]
      if (10...30).contains(step) { boxes.append(.person(x: 0.5 + 0.002 * Double(30 - step))) }
      let tracks = tracker.update(boxes.map { Detection(box: $0, query: 0, score: 0.8) }, at: MediaTime(seconds: seconds))
      ended += tracks.filter { $0.state == .ended }.map(\.id.number)
    }
    #expect(ended == [2] && tracker.living == 1)
  }

  @Test("expected: where believed tracks will be, and only those")
  func expected() throws {
    var tracker = Tracker(options: TrackerOptions(thresholds: [0.5]), size: Self.size)
    #expect(tracker.expected(at: .zero).isEmpty)
    for step in 0...20 {
      _ = tracker.update([Detection(box: .person(x: 0.2 + 0.01 * Double(step)), query: 0, score: 0.8)], at: MediaTime(seconds: Double(step) / 10))
    }
    _ = tracker.update([Detection(box: .person(x: 0.41), query: 0, score: 0.8), Detection(box: .person(x: 0.8), query: 0, score: 0.8)],
                       at: MediaTime(seconds: 2.1))
    let boxes = tracker.expected(at: MediaTime(seconds: 3.1))
    try #require(boxes.count == 1)
    #expect(abs(boxes[0].center.x - 0.51) < 0.005 && abs(boxes[0].height - 0.2) < 0.01)
    #expect(tracker.expected(at: .zero)[0].center.x < 0.42, "a time before the last keyframe counts as the last keyframe")
  }
}
