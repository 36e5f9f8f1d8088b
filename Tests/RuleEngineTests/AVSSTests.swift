import EventLog
import Foundation
import RuleEngine
import Scene
import Testing

/// A suitcase on a platform (AVSS 2007, easy): its truth says when and where it was put down and when its owner left it. The
/// truth has no box of the owner: one stands beside the suitcase until then, and walks off.
@Suite struct AVSSTests {
  static let truth = testdata("events/avss2007-ab-easy-clip/AVSSS07_EASY.viper.xml")
  static let size = PictureSize(width: 720, height: 576)
  /// Of the original, in which the truth counts its frames.
  static let framesPerSecond = 25.0

  struct Span { var from: Double; var to: Double; var box: Box }

  /// An event of the truth: its frames in seconds, its box normalised.
  static func span(_ name: String) throws -> Span {
    let text = try String(contentsOfFile: #require(truth), encoding: .utf8)
    let object = try #require(text.firstMatch(of: try Regex("(?s)<object framespan=\"(\\d+):(\\d+)\" id=\"0\" name=\"\(name)\">.*?height=\"(\\d+)\" width=\"(\\d+)\" x=\"(\\d+)\" y=\"(\\d+)\"")))
    let numbers = try (1...6).map { try #require(object[$0].substring.flatMap { Double($0) }) }
    let w = Double(size.width), h = Double(size.height)
    let box = Box(left: numbers[4] / w, top: numbers[5] / h, right: (numbers[4] + numbers[3]) / w, bottom: (numbers[5] + numbers[2]) / h)
    return Span(from: numbers[0] / framesPerSecond, to: numbers[1] / framesPerSecond, box: box)
  }

  static func track(_ number: Int, _ query: Int, _ box: Box, _ first: Double, _ time: Double) -> Track {
    Track(id: TrackID(session: 1, number: number), query: query, state: .confirmed, box: box, score: 0.7, medianScore: 0.7, detected: true, wasConfirmed: true,
          firstDetected: MediaTime(seconds: first), lastDetected: MediaTime(seconds: time))
  }

  @Test("Abandoned 60 s after its owner left it, once, whatever the rate and whoever passes by", .enabled(if: truth != nil, testdataComment), arguments: [10.0, 5, 1])
  func abandoned(_ rate: Double) throws {
    let put = try Self.span("PutObject"), left = try Self.span("AbandonedObject")
    let queries = [Query(id: "suitcase", text: "a suitcase"), Query(id: "person", text: "a person")]
    let rules = try RuleSet.parse("rules: [{id: left, kind: object.abandoned, query: suitcase, owner: person}]", file: "avss.yaml", queries: queries)
    var engine = RuleEngine(rules: rules, context: RuleContext(queries: queries, size: Self.size, stream: "avss", session: 1, epoch: 0))
    var events: [Event] = []
    var time = put.from
    while time <= put.to {
      var tracks = [Self.track(1, 0, put.box, put.from, time)]
      let beside = put.box.right + 0.01
      // Walks across the picture in five seconds, as the clip shows.
      let walked = max(0, time - left.from) / 5
      if walked < 1 { tracks.append(Self.track(2, 1, Box(left: beside + walked, top: 0.3, right: beside + 0.1 + walked, bottom: 0.7), put.from, time)) }
      // Somebody passes by every twenty seconds, near it for one.
      let passing = time.truncatingRemainder(dividingBy: 20) / 5
      if passing < 1 {
        let first = time - time.truncatingRemainder(dividingBy: 20)
        tracks.append(Self.track(100 + Int(time / 20), 1, Box(left: passing, top: 0.3, right: passing + 0.05, bottom: 0.35), first, time))
      }
      events += engine.judge(tracks, at: MediaTime(seconds: time), pts: Int64(time * 90_000))
      time += 1 / rate
    }
    events += engine.finish(at: MediaTime(seconds: put.to), reason: .endOfStream, pts: nil)
    let starts = events.filter { $0.type == .objectAbandoned && $0.phase == .start }
    #expect(starts.count == 1)
    let start = try #require(starts.first)
    #expect(abs(start.mediaTime.seconds - (left.from + 60)) <= 2, "\(start.mediaTime.seconds), not \(left.from + 60)")
    #expect(events.count == 2 && events.last?.reason == .endOfStream)
  }
}
