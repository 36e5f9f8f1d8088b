import Configuration
import EventLog
import RuleEngine
import Scene
import Testing

/// A diagram of one track, one letter a keyframe, judged by the rules of a small file.
///
/// Letters of the track: a letter of `places` — detected there; the same after `'` — carried there, not detected;
/// `_` — a gap: nothing is known; ` ` — not there (yet); `!` — ended.
/// The answer has one letter a keyframe as well: what was told on it, `.` for nothing.
struct Timeline {
  /// 1000×1000: an x of 0.01 is 0.00707 of the diagonal.
  static let size = PictureSize(width: 1000, height: 1000)
  static let queries = [Query(id: "person", text: "a person"), Query(id: "truck", text: "red truck")]

  var rules: String
  /// Where each letter's anchor is.
  var places: [Character: Point]
  var step = MediaInterval.milliseconds(200)
  var epoch: Int64 = 0
  var boxSize = Point(x: 0.05, y: 0.1)

  struct Answer {
    var events: [[Event]] = []
    var all: [Event] { events.flatMap { $0 } }
    /// Letters of the events told on each keyframe; the last stands for `finish`.
    func diagram(_ letters: [EventType: Character]) -> String {
      String(events.map { told in
        told.isEmpty ? "." : told.count > 1 ? "#" : letters[told[0].type].map { told[0].phase == .update ? "u" : $0 } ?? "?"
      })
    }
  }

  func run(_ diagram: String, query: Int = 0, finish: EndReason = .endOfStream) throws -> Answer {
    try run([(diagram, query)], finish: finish)
  }

  /// Several tracks at once, one diagram each, all of one length.
  func run(_ diagrams: [(String, query: Int)], finish: EndReason = .endOfStream) throws -> Answer {
    let set = try RuleSet.parse(rules, file: "test.yaml", queries: Self.queries)
    var engine = RuleEngine(rules: set, context: RuleContext(queries: Self.queries, size: Self.size, stream: "test", session: 1, epoch: epoch))
    var actors = diagrams.enumerated().map { Actor(number: $0.offset + 1, query: $0.element.query, keyframes: Self.keyframes($0.element.0)) }
    let length = actors.map(\.keyframes.count).max() ?? 0
    var answer = Answer()
    var gapStart: MediaTime?
    var last = MediaTime.zero
    for index in 0..<length {
      let time = MediaTime(nanoseconds: Int64(index) * step.nanoseconds)
      if actors.contains(where: { index < $0.keyframes.count && $0.keyframes[index].letter == "_" }) {
        if gapStart == nil { gapStart = last }
        answer.events.append([])
        continue
      }
      var events: [Event] = []
      if let from = gapStart {
        events += engine.gap(from: from, to: time, pts: Int64(index))
        gapStart = nil
      }
      let tracks = actors.indices.compactMap { actors[$0].track(at: index, time, places, boxSize) }
      events += engine.judge(tracks, at: time, pts: Int64(index))
      last = time
      answer.events.append(events)
    }
    answer.events.append(engine.finish(at: last, reason: finish, pts: Int64(length)))
    return answer
  }

  struct Keyframe { var letter: Character; var isCarried: Bool }

  static func keyframes(_ diagram: String) -> [Keyframe] {
    var keyframes: [Keyframe] = []
    var isCarried = false
    for letter in diagram {
      if letter == "'" { isCarried = true; continue }
      keyframes.append(Keyframe(letter: letter, isCarried: isCarried))
      isCarried = false
    }
    return keyframes
  }

  struct Actor {
    var number: Int
    var query: Int
    var keyframes: [Keyframe]
    private var first: MediaTime?
    private var last = MediaTime.zero
    private var box = Box.unit

    init(number: Int, query: Int, keyframes: [Keyframe]) { self.number = number; self.query = query; self.keyframes = keyframes }

    mutating func track(at index: Int, _ time: MediaTime, _ places: [Character: Point], _ size: Point) -> Track? {
      guard index < keyframes.count else { return nil }
      let keyframe = keyframes[index]
      if keyframe.letter == " " { return nil }
      var state = keyframe.isCarried ? Track.State.coasting : .confirmed
      if keyframe.letter == "!" { state = .ended }
      if let place = places[keyframe.letter] {
        box = Box(left: place.x - size.x / 2, top: place.y - size.y, right: place.x + size.x / 2, bottom: place.y)
      }
      if state == .confirmed { last = time; if first == nil { first = time } }
      return Track(id: TrackID(session: 1, number: number), query: query, state: state, box: box, score: 0.8, medianScore: 0.8,
                   detected: state == .confirmed, wasConfirmed: true, firstDetected: first ?? time, lastDetected: last)
    }
  }
}

/// A row of a table of timelines: a sentence, a track's diagram in, what is told out.
struct TimelineRow: CustomTestStringConvertible {
  var sentence: String
  var track: String
  var told: String
  /// Milliseconds of media time of each event.
  var at: [Int]
  var reasons: [EndReason] = []
  /// Further fields of the rule.
  var more = ""
  var testDescription: String { sentence }
}

extension Timeline.Answer {
  /// Expects what a row of a table says: the diagram, when each event happened, and why what ended did.
  func expect(_ told: String, at times: [Int], reasons: [EndReason], in letters: [EventType: Character],
              sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(diagram(letters) == told, sourceLocation: sourceLocation)
    #expect(all.map { milliseconds($0.mediaTime) } == times, sourceLocation: sourceLocation)
    #expect(all.compactMap(\.reason) == reasons, sourceLocation: sourceLocation)
  }
}

extension Event {
  func detail(_ key: String) -> DetailValue? { details.first { $0.key == key }?.value }
  func seconds(_ key: String) -> Double? { if case .seconds(let value)? = detail(key) { value } else { nil } }
  func text(_ key: String) -> String? { if case .text(let value)? = detail(key) { value } else { nil } }
  func integer(_ key: String) -> Int? { if case .integer(let value)? = detail(key) { value } else { nil } }
}

/// Milliseconds, so that tables compare plainly.
func milliseconds(_ time: MediaTime) -> Int { Int((Double(time.nanoseconds) / 1e6).rounded()) }
