import Scene
import Testing
import Tracking

@Suite struct LifeTests {
  @Test("lives by time", arguments: [
    ("the second sighting is believed", "HHH", "tCC"),
    ("one sighting is not, and is given up after 2 s", "H.....", "ttttE."),
    ("a second sighting 2 s later still counts", "H...H", "ttttC"),
    ("a second sighting later than that begins anew", "H....H", "ttttEt"),
    ("low scores keep a track alive", "HHllll", "tCCCCC"),
    ("low scores begin nothing", "llllll", "......"),
    ("a low second sighting is a hit, but the median is below the threshold until high ones outweigh it", "Hll.HHH", "tttttCC"),
    ("unseen for less than 5 s it coasts and comes back", "HH.........H", "tCcccccccccC"),
    ("unseen for 5 s it ends, once", "HH............", "tCcccccccccE.."),
    ("what comes after that is somebody new", "HH..........HH", "tCcccccccccEtC"),
    ("over a gap the timers pause", "HH.....~~~~~~~~~~....H", "tCcccccccccC"),
    ("and go on where they were", "HH.....~~~~~~~~~~........", "tCcccccccccE..."),
    ("a gap doesn't make two sightings later than 2 s: unknown is not empty", "H~~~~~~~~~~H", "tC"),
    ("nothing in, nothing out", "...", "..."),
  ])
  func timeline(sentence: String, input: String, output: String) {
    #expect(Timeline().run(input) == output, "\(sentence)")
  }

  @Test("slow sampling: windows are never shorter than the keyframes allow", arguments: [
    ("every 10 s, two keyframes in a row confirm though they are more than 2 s apart", "HHH", "tCC"),
    ("one missed keyframe is not the end though it is 10 s away", "HH.H", "tCcC"),
    ("two are", "HH..", "tCcE"),
    ("a tentative track has one chance", "H.H", "tEt"),
  ])
  func slow(sentence: String, input: String, output: String) {
    #expect(Timeline(every: .seconds(10)).run(input) == output, "\(sentence)")
  }

  @Test("options: more hits, a shorter life, one hit enough")
  func options() {
    var timeline = Timeline()
    timeline.options.confirmHits = 3
    #expect(timeline.run("HHHH") == "ttCC")
    timeline.options.confirmHits = 1
    #expect(timeline.run("HH") == "CC")
    timeline.options.lostAfter = .seconds(1)
    #expect(timeline.run("HH...") == "CCcE.")
    timeline.options.birthShare = 2
    #expect(timeline.run("HH") == "..")
  }

  @Test("the reported fields: id, query, scores, median, support, first and last sighting")
  func fields() throws {
    var tracker = Tracker(options: TrackerOptions(thresholds: [0.9, 0.5], session: 7), size: PictureSize(width: 1000, height: 500))
    for (index, score) in [0.6, 0.8, 0.7, 0.4].enumerated() {
      _ = tracker.update([Detection(box: .person(x: 0.5), query: 1, score: score)], at: MediaTime(seconds: Double(index)))
    }
    let track = try #require(tracker.update([], at: MediaTime(seconds: 4)).first)
    #expect(track.id.description == "7-1" && track.query == 1 && track.state == .coasting)
    #expect(track.score == 0.4 && abs(track.medianScore - 0.65) < 1e-12 && !track.detected && track.wasConfirmed)
    #expect(track.firstDetected == .zero && track.lastDetected == MediaTime(seconds: 3))
    #expect(tracker.living == 1 && tracker.totalConfirmed == 1)
    let ended = tracker.finish(at: MediaTime(seconds: 5))
    #expect(ended.map(\.state) == [.ended] && ended[0].wasConfirmed && tracker.living == 0)
    #expect(tracker.finish(at: MediaTime(seconds: 6)).isEmpty)
  }

  @Test("100,000 objects come and go: what is held stays small")
  func forgets() throws {
    var tracker = Tracker(options: TrackerOptions(thresholds: [0.5]), size: PictureSize(width: 1000, height: 500))
    var ended = 0, most = 0
    for keyframe in 0..<30_000 {
      // Every minute ten people at ten places, seen on two keyframes.
      let time = MediaTime(seconds: Double(keyframe / 3) * 60 + Double(keyframe % 3) / 10)
      let people = (0..<10).map { Detection(box: .person(x: 0.05 + 0.1 * Double($0)), query: 0, score: 0.8) }
      ended += tracker.update(keyframe % 3 == 2 ? [] : people, at: time).count { $0.state == .ended }
      most = max(most, tracker.living)
      if keyframe % 3 == 2 { ended += tracker.update([], at: time + .seconds(20)).count { $0.state == .ended } }
    }
    #expect(ended == 100_000 && tracker.totalConfirmed == 100_000)
    #expect(most == 10 && tracker.living == 0)
  }

  @Test("what is no box, no score or no query is refused and counted; times that jump don't crash")
  func hostile() {
    var tracker = Tracker(options: TrackerOptions(thresholds: [0.5]), size: PictureSize(width: 1000, height: 500))
    let nan = Double.nan, infinite = Double.infinity
    let bad = [
      Detection(box: Box(left: nan, top: 0, right: 1, bottom: 1), query: 0, score: 0.9),
      Detection(box: Box(left: 0, top: 0, right: infinite, bottom: 1), query: 0, score: 0.9),
      Detection(box: Box(left: 0.5, top: 0, right: 0.4, bottom: 1), query: 0, score: 0.9),
      Detection(box: Box(left: 0.5, top: 0, right: 0.5, bottom: 1), query: 0, score: 0.9),
      Detection(box: Box(left: 1e300, top: 0, right: 1e301, bottom: 1), query: 0, score: 0.9),
      Detection(box: .person(x: 0.5), query: 0, score: nan), Detection(box: .person(x: 0.5), query: 0, score: infinite),
      Detection(box: .person(x: 0.5), query: 1, score: 0.9), Detection(box: .person(x: 0.5), query: -1, score: 0.9),
    ]
    #expect(tracker.update(bad, at: .zero).isEmpty)
    #expect(tracker.refused == bad.count)
    let times: [Int64] = [5, .max, .min, 0, .max, -7, .min]
    for (index, time) in times.enumerated() {
      tracker.gap(from: MediaTime(nanoseconds: times[(index + 3) % 7]), to: MediaTime(nanoseconds: times[(index + 5) % 7]))
      let tracks = tracker.update([Detection(box: .person(x: 0.5), query: 0, score: 0.9)], at: MediaTime(nanoseconds: time))
      #expect(tracks.allSatisfy { $0.box.isFinite })
      #expect(tracker.expected(at: MediaTime(nanoseconds: .max)).allSatisfy { $0.isFinite })
    }
  }
}
