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

/// A walker goes behind a post, turns round there, and comes out where constant velocity doesn't expect him.
@Suite struct ResumingTests {
  /// Walks right for two seconds, is hidden for two, and walks left from where he comes out.
  static func walker(_ keyframe: Int, back: Double) -> Box? {
    switch keyframe {
    case 0...10: .person(x: 0.2 + 0.02 * Double(keyframe))
    case 11...20: nil
    default: .person(x: back - 0.02 * Double(keyframe - 21))
    }
  }

  /// Numbers of the tracks that were ever confirmed, and all that ended before the end.
  static func numbers(resuming: ResumeOptions? = ResumeOptions(), back: Double = 0.4, others: (Int) -> [Box] = { _ in [] }) -> (confirmed: Set<Int>, ended: [Track], count: Int) {
    var options = TrackerOptions(thresholds: [0.5])
    options.resuming = resuming
    var tracker = Tracker(options: options, size: PictureSize(width: 1000, height: 500)), confirmed: Set<Int> = [], ended: [Track] = []
    for keyframe in 0..<28 {
      let boxes = others(keyframe) + [walker(keyframe, back: back)].compactMap { $0 }
      for track in tracker.update(boxes.map { Detection(box: $0, query: 0, score: 0.9) }, at: MediaTime(seconds: Double(keyframe) / 5)) {
        if track.state == .confirmed { confirmed.insert(track.id.number) }
        if track.state == .ended { ended.append(track) }
      }
    }
    return (confirmed, ended, tracker.totalConfirmed)
  }

  @Test func heKeepsHisNumber() throws {
    let told = Self.numbers()
    #expect(told.confirmed == [1] && told.count == 1)
    // The number he had until he was recognised ends, and was never shown to rules.
    #expect(told.ended.map(\.id.number) == [2] && told.ended.map(\.wasConfirmed) == [false])
    #expect(Self.numbers(resuming: nil).confirmed == [1, 2])
  }

  /// Somebody else vanished at the same place: either may have come back.
  @Test func betweenTwoItIsNeither() {
    let told = Self.numbers { $0 <= 10 ? [.person(x: 0.62 - 0.02 * Double($0))] : [] }
    #expect(told.confirmed.count == 3, "\(told.confirmed)")
  }

  /// Where two others stand about, it may have been anyone.
  @Test func inCompanyHeIsSomebodyNew() {
    let told = Self.numbers { _ in [.person(x: 0.42, y: 0.66), .person(x: 0.38, y: 0.34)] }
    #expect(told.confirmed.count == 4, "\(told.confirmed)")
  }

  @Test func farAwayHeIsSomebodyNew() {
    #expect(Self.numbers(back: 0.75).confirmed == [1])
    let told = Self.numbers(back: 0.95)
    #expect(told.confirmed == [1, 2])
  }
}
