import EventLog
import RuleEngine
import Scene
import Testing

/// Rules of every kind over crowded random walks: what a rule tells and what its conditions say are the same thing.
@Suite struct ConditionsAgreementTests {
  static let rules = """
    size: 1000x1000
    zones: {yard: [[400, 100], [900, 100], [900, 900], [400, 900]]}
    lines: {gate: [[500, 0], [500, 1000]]}
    rules:
      - {id: appeared, kind: object.appeared, query: person, min_size: 5%}
      - {id: yard, kind: zone.entered, zone: yard, query: person}
      - {id: waits, kind: zone.loitering, zone: yard, query: person, after: 4s}
      - {id: sums, kind: zone.loitering, zone: yard, query: person, after: 6s, cumulative: true}
      - {id: gate, kind: line.crossed, line: gate, still: ignore}
      - {id: stands, kind: object.stopped, after: 3s, query: truck}
      - {id: against, kind: object.wrong_direction, forbidden: left, query: person}
      - {id: fast, kind: object.speeding, query: person, limit: 8 m/s, ground: {picture: [[100, 100], [900, 100], [900, 900], [100, 900]], metres: [[0, 0], [40, 0], [40, 40], [0, 40]]}}
      - {id: left, kind: object.abandoned, query: truck, after: 4s, owner: person, near: 3%}
      - {id: taken, kind: object.removed, query: truck, standing: 3s, after: 2s}
      - {id: beside, kind: relation, query: truck, with: person, how: near, distance: 6%}
      - {id: alone, kind: relation, query: truck, without: person, how: near, distance: 6%}
      - {id: full, kind: zone.occupancy, zone: yard, query: person, max: 3, hold: 1s}
      - {id: empty, kind: zone.occupancy, zone: yard, query: person, min: 1, hold: 1s}
      - {id: both, kind: all, same: track, rules: [yard, against], hold: 400ms}
      - {id: either, kind: any, same: stream, rules: [stands, left]}
      - {id: nobody, kind: not, same: stream, rule: beside, hold: 1s}
      - {id: next, kind: then, same: track, first: yard, next: gate, within: 4s}
    """

  /// Persons and trucks that walk, stand, are lost for a while, and end.
  struct Crowd {
    struct Actor {
      var track: Track
      var target: Point
      var speed = 0.0
      var wait = 0
      var hidden = 0
    }

    var random: Dice
    var actors: [Actor] = []
    var born = 0

    mutating func place() -> Point { Point(x: 0.05 + 0.9 * random.unit(), y: 0.15 + 0.8 * random.unit()) }

    mutating func step(at time: MediaTime) -> [Track] {
      while actors.count < 8 { actors.append(actor(at: time)) }
      var ended: [Track] = []
      for index in actors.indices {
        var actor = actors[index]
        move(&actor, at: time)
        actors[index] = actor
        if random.unit() < 0.01 { actors[index].track.state = .ended; actors[index].track.detected = false; ended.append(actors[index].track) }
      }
      actors.removeAll { $0.track.state == .ended }
      return actors.map(\.track) + ended
    }

    private mutating func actor(at time: MediaTime) -> Actor {
      born += 1
      let at = place()
      let track = Track(id: TrackID(session: 1, number: born), query: born % 3 == 0 ? 1 : 0, state: .confirmed, box: Box(left: at.x - 0.03, top: at.y - 0.12, right: at.x + 0.03, bottom: at.y),
                        score: 0.8, medianScore: 0.8, detected: true, wasConfirmed: true, firstDetected: time, lastDetected: time)
      return Actor(track: track, target: at)
    }

    private mutating func move(_ actor: inout Actor, at time: MediaTime) {
      let foot = actor.track.box.bottomCenter, way = actor.target - foot, rest = (way.x * way.x + way.y * way.y).squareRoot()
      if rest < 0.01 {
        if actor.wait > 0 { actor.wait -= 1 } else {
          actor.target = place(); actor.speed = 0.01 + 0.06 * random.unit(); actor.wait = Int(random.unit() * 40)
        }
      } else {
        let share = min(1, actor.speed / rest), by = way * share, box = actor.track.box
        actor.track.box = Box(left: box.left + by.x, top: box.top + by.y, right: box.right + by.x, bottom: box.bottom + by.y)
      }
      if actor.hidden > 0 { actor.hidden -= 1 } else if random.unit() < 0.03 { actor.hidden = Int(random.unit() * 6) }
      actor.track.detected = actor.hidden == 0
      actor.track.state = actor.hidden == 0 ? .confirmed : .coasting
      if actor.hidden == 0 { actor.track.lastDetected = time }
    }
  }

  @Test("When a rule tells that something begins, all its conditions hold; while they hold, it has been told", arguments: [1, 2, 3, 4])
  func agreement(seed: UInt64) throws {
    let set = try RuleSet.parse(Self.rules, file: "r.yaml", queries: Timeline.queries)
    var engine = RuleEngine(rules: set, context: RuleContext(queries: Timeline.queries, size: Timeline.size, stream: "test", session: 1, epoch: 0))
    var crowd = Crowd(random: Dice(state: seed)), told: [String: Int] = [:], open: Set<String> = []
    for number in 0..<1500 {
      let time = MediaTime(nanoseconds: Int64(number) * 200_000_000)
      let tracks = crowd.step(at: time)
      let events = engine.judge(tracks, at: time, pts: Int64(number))
      for event in events where event.phase == .start || event.phase == nil {
        guard event.reason == nil, let rule = event.rule?.id, let conditions = engine.conditions(of: event.object?.track, rule: rule) else { continue }
        // What the track's own end brought about is told when the track is gone.
        guard tracks.first(where: { $0.id == event.object?.track })?.state != .ended else { continue }
        told[rule, default: 0] += 1
        // What is over on the same keyframe stands no more.
        guard !events.contains(where: { $0.phase == .end && $0.episode == event.episode && event.episode != nil }) else { continue }
        #expect(conditions.firstFailed == nil, "\(rule) at \(time.seconds) of \(event.subject): \(String(describing: conditions.firstFailed))")
      }
      for event in events {
        guard let episode = event.episode else { continue }
        if event.phase == .start { open.insert(episode) } else if event.phase == .end { open.remove(episode) }
      }
      for rule in set.ruleIDs where !["gate", "taken", "next", "appeared"].contains(rule) {
        for track in tracks.filter({ $0.detected }).map({ Optional($0.id) }) + [nil] {
          guard let conditions = engine.conditions(of: track, rule: rule), (conditions.sight == nil) == (track == nil), conditions.firstFailed == nil,
                conditions.toFire.contains(where: { $0.since != nil }) else { continue }
          let owner = "\(rule)/\(track?.description ?? "1")/"
          #expect(open.contains { $0.hasPrefix(owner) || track != nil && $0.hasPrefix("\(rule)/1/") }, "\(rule) of \(owner) at \(time.seconds): all holds and nothing is told")
        }
      }
    }
    #expect(set.ruleIDs.filter { told[$0] == nil } == [], "these rules never told anything")
  }
}
