import EventLog
import RuleEngine
import Scene

/// How a walk is shown to the rules.
struct Screening {
  var rate = 10.0
  /// Left and right exchanged.
  var isMirrored = false
  /// Seconds that everything is later.
  var shift = 0.0
  /// Pixels of the picture and of the rule file.
  var size = 1000
  /// From, to: a stretch of which nothing is known. Nothing moves in it.
  var gap: (from: Double, length: Double)?
  /// Whether a box is detected on a keyframe, by track and number of the keyframe; else it is carried.
  var isDetected: (Int, Int) -> Bool = { _, _ in true }
  /// It breaks off in the end: nobody says that it is over.
  var breaksOff = false
  /// Seconds; nil: to the end.
  var lasts: Double?

  static let queries = [Query(id: "person", text: "a person"), Query(id: "truck", text: "red truck"), Query(id: "dog", text: "dog")]

  /// All kinds, over one zone, one line and one street.
  func rules() -> String {
    func x(_ value: Double) -> Int { Int(((isMirrored ? 1 - value : value) * Double(size)).rounded()) }
    func y(_ value: Double) -> Int { Int((value * Double(size)).rounded()) }
    let line = isMirrored ? "[[\(x(0.5)), \(size)], [\(x(0.5)), 0]]" : "[[\(x(0.5)), 0], [\(x(0.5)), \(size)]]"
    let corners = isMirrored ? [(1.0, 0.0), (0.0, 0.0), (0.0, 1.0), (1.0, 1.0)] : [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
    let ground = "{picture: [\(corners.map { "[\(x($0.0)), \(y($0.1))]" }.joined(separator: ", "))], metres: [[0, 0], [40, 0], [40, 40], [0, 40]]}"
    return """
      size: \(size)x\(size)
      zones: {yard: [[\(x(0.5)), 0], [\(x(1)), 0], [\(x(1)), \(size)], [\(x(0.5)), \(size)]]}
      lines: {gate: \(line)}
      rules:
        - {id: appeared, kind: object.appeared, query: person}
        - {id: entered, kind: zone.entered, zone: yard, query: person}
        - {id: exited, kind: zone.exited, zone: yard, query: person}
        - {id: loitering, kind: zone.loitering, zone: yard, query: person, after: 11500ms}
        - {id: full, kind: zone.occupancy, zone: yard, query: person, max: 2}
        - {id: empty, kind: zone.occupancy, zone: yard, query: person, min: 0}
        - {id: count, kind: line.count, line: gate, query: person, every: 24s, directions: {right: in, left: out}}
        - {id: crossed, kind: line.crossed, line: gate, query: person, directions: {right: in, left: out}}
        - {id: stopped, kind: object.stopped, query: person, after: 3s}
        - {id: moved, kind: object.moved, query: person, after: 3s}
        - {id: wrong, kind: object.wrong_direction, query: person, forbidden: \(isMirrored ? "left" : "right")}
        - {id: fast, kind: object.speeding, query: person, limit: 12 km/h, ground: \(ground)}
        - {id: abandoned, kind: object.abandoned, query: truck, owner: person, after: 5s}
        - {id: removed, kind: object.removed, query: truck, standing: 4s, after: 5s}
        - {id: near, kind: relation, query: person, with: truck, how: near}
        - {id: alone, kind: relation, query: person, without: truck, how: overlaps}
        - {id: both, kind: all, rules: [entered, near], same: track}
        - {id: either, kind: any, rules: [entered, near], same: track}
        - {id: outside, kind: not, rule: entered, same: track}
        - {id: busy, kind: all, rules: [full, abandoned], same: stream}
        - {id: in-out, kind: then, first: crossed, next: exited, within: 27s, same: track}
        - {id: in-alone, kind: then, first: entered, next: abandoned, within: 5m, same: stream}
        - {id: in-yard, kind: object.stopped, query: person, after: 3s, zone: yard}
      """
  }

  func engine() throws -> RuleEngine {
    let set = try RuleSet.parse(rules(), file: "walk.yaml", queries: Self.queries)
    let context = RuleContext(queries: Self.queries, size: PictureSize(width: size, height: size), stream: "walk", session: 1, epoch: 0)
    return RuleEngine(rules: set, context: context)
  }

  /// What the rules tell, with the keyframe on which they tell it.
  func events(_ walk: Walk) throws -> [Told] {
    var engine = try engine()
    return show(walk, &engine)
  }

  struct Told {
    var event: Event
    var keyframe: Int
  }

  /// The number of the keyframe and its time, in seconds of the walk. After the last slot nobody is there for another.
  func keyframes(_ walk: Walk) -> [(number: Int, time: Double)] {
    (0...Int((lasts ?? walk.length + Walk.slot) * rate)).map { ($0, Double($0) / rate) }
  }

  func show(_ walk: Walk, _ engine: inout RuleEngine) -> [Told] {
    var told: [Told] = []
    show(walk, &engine, before: { _, _ in }) { told.append($0) }
    return told
  }

  /// - Parameter before: called before each keyframe, with its number; may put another engine in place.
  func show(_ walk: Walk, _ engine: inout RuleEngine, before: (inout RuleEngine, Int) throws -> Void, told: (Told) -> Void) rethrows {
    var live: [Int: Track] = [:]
    var last = MediaTime.zero
    var isBeforeGap = true
    for (number, time) in keyframes(walk) {
      let late = gap.map { time > $0.from ? $0.length : 0 } ?? 0
      let media = MediaTime(seconds: time + shift + late)
      if let gap, late > 0, isBeforeGap {
        isBeforeGap = false
        _ = engine.gap(from: last, to: MediaTime(nanoseconds: last.nanoseconds + Int64(gap.length * 1e9)), pts: nil)
      }
      try before(&engine, number)
      let tracks = walk.actors.compactMap { track($0, time, media, number, &live) }
      for event in engine.judge(tracks, at: media, pts: Int64(number)) { told(Told(event: event, keyframe: number)) }
      last = media
    }
    if breaksOff { return }
    let end = keyframes(walk).count
    for event in engine.finish(at: last, reason: .endOfStream, pts: nil) { told(Told(event: event, keyframe: end)) }
  }

  private func track(_ actor: Walk.Actor, _ time: Double, _ media: MediaTime, _ number: Int, _ live: inout [Int: Track]) -> Track? {
    guard let life = actor.life, time >= life.from else { return nil }
    guard time <= life.to else {
      guard var track = live.removeValue(forKey: actor.number) else { return nil }
      track.state = .ended
      track.detected = false
      return track
    }
    let place = actor.place(at: time), x = isMirrored ? 1 - place.x : place.x
    let box = Box(left: x - 0.03, top: place.y - 0.1, right: x + 0.03, bottom: place.y)
    let isSeen = isDetected(actor.number, number)
    var track = live[actor.number] ?? Track(id: TrackID(session: 1, number: actor.number), query: actor.query, state: .confirmed, box: box, score: 0.8, medianScore: 0.8,
                                            detected: true, wasConfirmed: true, firstDetected: media, lastDetected: media)
    guard isSeen || live[actor.number] != nil else { return nil }
    track.state = isSeen ? .confirmed : .coasting
    track.detected = isSeen
    track.box = box
    if isSeen { track.lastDetected = media }
    live[actor.number] = track
    return track
  }
}
