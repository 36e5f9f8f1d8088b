import Foundation
import Scene
import Testing
import Tracking

@Suite struct ContinuityTests {
  /// A seeded crowd: walkers who come, jitter, are missed, score low and go.
  static func crowd(keyframes: Int, people: Int, seed: UInt64) -> [[Detection]] {
    var random = Random(seed: seed)
    var walkers = (0..<people).map { _ in (x: Double.random(in: 0...1, using: &random), y: Double.random(in: 0.2...0.9, using: &random),
                                           vx: Double.random(in: -0.02...0.02, using: &random)) }
    return (0..<keyframes).map { _ in
      walkers.indices.compactMap { index in
        walkers[index].x += walkers[index].vx
        if !(-0.1...1.1).contains(walkers[index].x) { walkers[index].vx.negate() }
        guard Double.random(in: 0...1, using: &random) < 0.85 else { return nil }
        let box = Box.person(x: walkers[index].x + 0.002 * random.normal(), y: walkers[index].y + 0.004 * random.normal())
        return Detection(box: box, query: index % 2, score: Double.random(in: 0.2...0.95, using: &random))
      }
    }
  }

  static let options = TrackerOptions(thresholds: [0.5, 0.4], session: 3)
  static let size = PictureSize(width: 1920, height: 1080)

  @Test("saved and restored at any keyframe, by JSON, it goes on exactly as if nothing had been", arguments: [0, 1, 17, 40])
  func restored(at keyframe: Int) throws {
    let crowd = Self.crowd(keyframes: 60, people: 12, seed: 5)
    var tracker = Tracker(options: Self.options, size: Self.size)
    var twin = tracker
    for (index, detections) in crowd.enumerated() {
      let time = MediaTime(seconds: Double(index) / 5)
      if index == keyframe {
        tracker.gap(from: time - .milliseconds(150), to: time)
        twin.gap(from: time - .milliseconds(150), to: time)
        twin = try JSONDecoder().decode(Tracker.self, from: JSONEncoder().encode(twin))
      }
      #expect(tracker.update(detections, at: time) == twin.update(detections, at: time))
    }
    #expect(tracker.totalConfirmed == twin.totalConfirmed && tracker.totalConfirmed > 10)
    #expect(tracker.finish(at: MediaTime(seconds: 60)) == twin.finish(at: MediaTime(seconds: 60)))
  }

  @Test("tracks come sorted by number, each ended track once, and whatever was confirmed ends")
  func wholeLives() {
    var tracker = Tracker(options: Self.options, size: Self.size)
    var confirmed: Set<TrackID> = [], ended: Set<TrackID> = []
    func check(_ tracks: [Track]) {
      #expect(tracks.map(\.id) == tracks.map(\.id).sorted())
      for track in tracks {
        #expect(!ended.contains(track.id), "\(track.id) was reported after its end")
        if track.state == .confirmed { confirmed.insert(track.id) }
        if track.state == .ended { ended.insert(track.id); #expect(track.wasConfirmed == confirmed.contains(track.id)) }
      }
    }
    for (index, detections) in Self.crowd(keyframes: 400, people: 20, seed: 9).enumerated() {
      check(tracker.update(detections, at: MediaTime(seconds: Double(index) / 2)))
    }
    check(tracker.finish(at: MediaTime(seconds: 200)))
    #expect(confirmed.count == tracker.totalConfirmed && confirmed.isSubset(of: ended) && confirmed.count >= 20)
  }

  @Test("100 tracks: one update costs a small part of a keyframe's time")
  func cost() {
    let crowd = Self.crowd(keyframes: 300, people: 100, seed: 11)
    var tracker = Tracker(options: Self.options, size: Self.size)
    let clock = ContinuousClock()
    let spent = clock.measure {
      for (index, detections) in crowd.enumerated() { _ = tracker.update(detections, at: MediaTime(seconds: Double(index) / 5)) }
    }
    // Reports/tracking.md has the figure; ten times that still passes on a busy machine.
    #expect(spent / 300 < .milliseconds(20), "\(spent / 300) an update, \(tracker.living) living")
  }
}
