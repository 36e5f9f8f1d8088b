import EventLog
import Scene

/// Events as a busy camera gives them: crossings and visits of people, each with a track of its own.
enum SampleEvents {
  static let context = StreamContext(stream: "gate", session: 1, timeBase: Rational(1, 90_000), timeSource: .arrival, epoch: 1_777_852_800_000_000_000)

  /// The n-th, at a media time in seconds.
  static func event(_ n: Int, at seconds: Double) -> Event {
    let isCrossing = n % 3 != 0, shift = Double(n % 97) / 200
    let object = ObjectReport(track: TrackID(session: 1, number: n / 3 + 8), score: 0.3 + Double(n % 61) / 100, detected: true,
                              box: Box(left: 0.1 + shift, top: 0.2, right: 0.2 + shift, bottom: 0.5))
    var event = Event(type: isCrossing ? .lineCrossed : n % 2 == 0 ? .zoneEntered : .zoneExited, subject: isCrossing ? "line/gate" : "zone/yard",
                      mediaTime: MediaTime(seconds: seconds), pts: Int64(seconds * 90_000),
                      rule: RuleReference(id: isCrossing ? "gate-in" : "in-the-yard", kind: isCrossing ? "line.crossed" : "zone.entered"),
                      query: QueryReference(id: "person", text: "a person"), object: object)
    if isCrossing {
      event.details = [Detail("direction", .text(n % 2 == 0 ? "in" : "out")), Detail("count", .integer(n))]
    } else {
      event.phase = n % 2 == 0 ? .start : .end
      event.episode = "in-the-yard/1-\(n / 6)"
      if n % 2 == 1 { event.reason = .left }
    }
    return event
  }
}
