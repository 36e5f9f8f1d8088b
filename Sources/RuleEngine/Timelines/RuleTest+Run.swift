import EventLog
import Scene

extension RuleSet {
  /// Proportions of the picture where the file counts in 0…1.
  private static let standardPicture = PictureSize(width: 1600, height: 900)

  /// The queries that the rules name, in their order; where they name none there is one.
  var testQueries: [String] {
    var named: [String] = []
    for query in rules.flatMap({ $0.queries + $0.settings.others }) where !named.contains(query) { named.append(query) }
    return named.isEmpty ? ["object"] : named
  }

  /// Runs a test of this file: the tracks through the rules.
  public func run(_ test: RuleTest) -> RuleTest.Outcome {
    let queries = testQueries.map { Query(id: $0, text: $0) }
    let context = RuleContext(queries: queries, size: size ?? Self.standardPicture, stream: "test", session: 1, epoch: test.start)
    var stage = RuleTest.Stage(test, RuleEngine(rules: self, context: context))
    return RuleTest.Outcome(test, stage.play())
  }
}

extension RuleTest {
  /// A test's tracks on their way through an engine.
  struct Stage {
    private let test: RuleTest
    private var engine: RuleEngine
    private var last = MediaTime.zero
    /// The track as it was last told; nil before and after its life.
    private var told: [Track?]

    init(_ test: RuleTest, _ engine: RuleEngine) {
      self.test = test; self.engine = engine
      told = Array(repeating: nil, count: test.actors.count)
    }

    mutating func play() -> [Event] {
      var events: [Event] = []
      var gaps = test.gaps[...]
      var time = MediaTime.zero, number: Int64 = 0
      while time <= test.until {
        while let gap = gaps.first, gap.to <= time {
          events += engine.gap(from: gap.from, to: gap.to, pts: number)
          gaps.removeFirst()
        }
        if gaps.first.map({ time <= $0.from }) ?? true {
          let tracks = test.actors.indices.compactMap { track($0, at: time) }
          events += engine.judge(tracks, at: time, pts: number)
          last = time
        }
        time += test.every
        number += 1
      }
      return events + engine.finish(at: last, reason: .endOfStream, pts: number)
    }

    /// A track that is not detected coasts for the tracker's own patience, five seconds that are known, and ends.
    private mutating func track(_ index: Int, at time: MediaTime) -> Track? {
      let actor = test.actors[index]
      if let place = actor.place(at: time) {
        let before = told[index]
        guard before != nil || place.isDetected else { return nil }
        var track = before ?? Track(id: TrackID(session: 1, number: index + 1), query: actor.query, state: .confirmed, box: place.box, score: actor.score,
                                    medianScore: actor.score, detected: true, wasConfirmed: true, firstDetected: time, lastDetected: time)
        track.box = place.box
        track.detected = place.isDetected
        track.state = place.isDetected ? .confirmed : .coasting
        if place.isDetected { track.lastDetected = time }
        told[index] = track
      } else if var track = told[index], time > actor.last {
        track.detected = false
        track.state = .coasting
        told[index] = track
      }
      guard var track = told[index] else { return nil }
      if known(from: track.lastDetected, to: time) >= .seconds(5) {
        track.state = .ended
        told[index] = nil
      }
      return track
    }

    private func known(from start: MediaTime, to end: MediaTime) -> MediaInterval {
      test.gaps.reduce(end - start) { rest, gap in
        let missing = min(gap.to, end) - max(gap.from, start)
        return missing > .zero ? rest - missing : rest
      }
    }
  }
}
