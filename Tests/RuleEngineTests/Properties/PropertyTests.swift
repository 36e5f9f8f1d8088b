import EventLog
import Foundation
import RuleEngine
import Scene
import Testing

/// What must hold for every walk and every kind of rule. A walk for which it doesn't is shrunk to the shortest.
@Suite struct PropertyTests {
  /// An event without what may differ between two showings.
  struct Essence: Comparable, CustomStringConvertible {
    var rule: String, type: String, phase: String, track: String, reason: String
    /// Of line.count: how often in and out.
    var counts = ""
    var seconds: Double

    init(_ told: Screening.Told) {
      let event = told.event
      rule = event.rule?.id ?? ""; type = event.type.rawValue; phase = event.phase?.rawValue ?? ""
      track = event.object?.track.description ?? ""; reason = event.reason?.rawValue ?? ""
      seconds = event.mediaTime.seconds
      if case .fields(let fields)? = event.detail("counts") { counts = fields.map { "\($0.key) \($0.value)" }.joined(separator: ", ") }
    }

    var name: [String] { [rule, track, type, phase, reason, counts] }
    static func < (a: Essence, b: Essence) -> Bool {
      if a.rule != b.rule { return a.rule < b.rule }
      if a.track != b.track { return a.track < b.track }
      return a.seconds < b.seconds
    }
    var description: String { "\(rule) \(type) \(phase) \(track) \(reason)\(counts) at \(seconds)" }
  }

  static func essences(_ told: [Screening.Told]) -> [Essence] { told.map(Essence.init).sorted() }

  /// What two showings disagree about; nil: nothing.
  static func difference(_ a: [Essence], _ b: [Essence], within tolerance: Double, shift: (Double) -> Double = { $0 }) -> String? {
    for (x, y) in zip(a, b) where x.name != y.name || abs(shift(x.seconds) - y.seconds) > tolerance { return "\(x) is not \(y)" }
    if a.count != b.count { return "\(a.count) events, not \(b.count): \(a.dropFirst(b.count).first ?? b.dropFirst(a.count).first!)" }
    return nil
  }

  /// Checks generated walks; the first that fails is shrunk and told.
  static func check(_ walks: Int = 20, _ fault: (Walk) throws -> String?) rethrows {
    for seed in 1...walks {
      var dice = Dice(seed)
      var walk = Walk.random(&dice)
      guard var told = try fault(walk) else { continue }
      shrinking: while true {
        for simpler in walk.simpler {
          if let fault = try fault(simpler) { walk = simpler; told = fault; continue shrinking }
        }
        break
      }
      Issue.record("seed \(seed), \(walk): \(told)")
      return
    }
  }

  @Test("The same walk sampled at 30, 10, 5, 2, 1 and 0.5 Hz gives the same events, times within one interval")
  func rates() throws {
    try Self.check(30) { walk in
      let fine = try Self.essences(Screening(rate: 30).events(walk))
      for rate in [10, 5, 2, 1, 0.5] {
        let coarse = try Self.essences(Screening(rate: rate).events(walk))
        if let difference = Self.difference(fine, coarse, within: 1 / rate + 1 / 30 + 0.001) { return "at \(rate) Hz \(difference)" }
      }
      return nil
    }
  }

  @Test("Walks cross the line, so that what is said of its counts is not said of nothing")
  func counted() throws {
    let counts = try (1...20).flatMap { seed in
      var dice = Dice(seed)
      return try Self.essences(Screening().events(Walk.random(&dice))).map(\.counts)
    }
    #expect(Set(counts).count >= 6, "\(Set(counts))")
  }

  @Test("Mirrored: the same events")
  func mirrored() throws {
    try Self.check { walk in
      let plain = try Self.essences(Screening().events(walk)), mirrored = try Self.essences(Screening(isMirrored: true).events(walk))
      return Self.difference(plain, mirrored, within: 0.001)
    }
  }

  @Test("In a picture of another size: the same events")
  func scaled() throws {
    try Self.check { walk in
      let plain = try Self.essences(Screening().events(walk)), scaled = try Self.essences(Screening(size: 4000).events(walk))
      return Self.difference(plain, scaled, within: 0.001)
    }
  }

  @Test("A day later: the same events, a day later")
  func shifted() throws {
    try Self.check { walk in
      let plain = try Self.essences(Screening().events(walk)), shifted = try Self.essences(Screening(shift: 86_400).events(walk))
      return Self.difference(plain, shifted, within: 0.001) { $0 + 86_400 }
    }
  }

  @Test("Unrelated tracks between them: the same events")
  func interleaved() throws {
    try Self.check { walk in
      var dice = Dice(walk.actors.count)
      var crowd = walk
      let slots = walk.actors[0].slots.count
      crowd.actors += (20..<25).map { Walk.Actor(number: $0, query: 2, slots: Walk.life(slots, &dice) { $0.below(4) }) }
      crowd.actors.shuffle(using: &dice)
      return Self.difference(try Self.essences(Screening().events(walk)), try Self.essences(Screening().events(crowd)), within: 0)
    }
  }

  @Test("What starts ends, once, after it started; what ends has started")
  func ends() throws {
    try Self.check { walk in
      var dice = Dice(walk.description.count)
      let flicker = (0..<10_000).map { _ in dice.below(3) > 0 }
      for rate in [10, 2, 0.5] {
        let told = try Screening(rate: rate, isDetected: { flicker[($0 * 977 + $1) % flicker.count] }).events(walk)
        var open: [String: MediaTime] = [:]
        for event in told.map(\.event) {
          guard let phase = event.phase, let episode = event.episode else { continue }
          switch phase {
          case .start:
            if open[episode] != nil { return "\(episode) starts twice" }
            open[episode] = event.mediaTime
          case .update: if open[episode] == nil { return "\(episode) is updated and not open" }
          case .end:
            guard let start = open.removeValue(forKey: episode) else { return "\(episode) ends and has not started" }
            if event.mediaTime < start { return "\(episode) ends before it starts" }
            if event.reason == nil { return "\(episode) ends for no reason" }
          }
        }
        if let left = open.keys.sorted().first { return "\(left) never ends" }
      }
      return nil
    }
  }

  @Test("No event without a detected box of its object between when it happened and when it is told")
  func support() throws {
    try Self.check { walk in
      var dice = Dice(walk.description.count)
      let flicker = (0..<10_000).map { _ in dice.below(3) > 0 }
      let isDetected = { (track: Int, keyframe: Int) in flicker[(track * 977 + keyframe) % flicker.count] }
      let screening = Screening(rate: 5, isDetected: isDetected)
      for told in try screening.events(walk) {
        guard let object = told.event.object, told.event.type != .objectRemoved else { continue }
        let actor = walk.actors.first { $0.number == object.track.number }!
        let frames = screening.keyframes(walk).filter { frame in
          frame.number <= told.keyframe && frame.time >= actor.life!.from && frame.time <= actor.life!.to && isDetected(object.track.number, frame.number)
        }
        guard let last = frames.last, last.time >= told.event.mediaTime.seconds - 0.001 else {
          return "\(Essence(told)), told on keyframe \(told.keyframe), last detected at \(frames.last?.time ?? -1)"
        }
      }
      return nil
    }
  }

  @Test("Seen once and carried ever after: nothing is told but that it appeared")
  func carried() throws {
    try Self.check(10) { walk in
      var seen: Set<Int> = []
      let told = try Screening(rate: 5, isDetected: { track, _ in seen.insert(track).inserted }).events(walk)
      let other = told.first { !["appeared", "outside", "empty", "count"].contains($0.event.rule!.id) }
      return other.map { "\(Essence($0))" }
    }
  }

  @Test("A gap in which nothing moves invents nothing: the same events, later by the gap where they come after it")
  func gaps() throws {
    try Self.check { walk in
      // In the second slot's stay, before and after which everybody is seen where they stand.
      // It lasts four times as long as line.count waits, so that what is due after it is due at the same places.
      let from = Walk.slot + 20.05, length = 96.0
      let plain = try Self.essences(Screening().events(walk)), gap = try Self.essences(Screening(gap: (from, length)).events(walk))
      return Self.difference(plain, gap, within: 0.001) { $0 > from ? $0 + length : $0 }
    }
  }

  @Test("A clock that jumps back ends the session, and the next begins as if it were the first")
  func backwards() throws {
    try Self.check(10) { walk in
      let screening = Screening()
      var engine = try screening.engine()
      // In the middle of a stay, later than all of what follows.
      var broken = screening
      broken.shift = 1000
      broken.breaksOff = true
      broken.lasts = 1.9 * Walk.slot
      let before = broken.show(walk, &engine).map(\.event), after = screening.show(walk, &engine)
      func episodes(_ events: [Event], _ phase: Phase) -> Set<String> { Set(events.filter { $0.phase == phase }.compactMap(\.episode)) }
      let open = episodes(before, .start).subtracting(episodes(before, .end))
      let ended = episodes(after.map(\.event).filter { $0.reason == .gap }, .end)
      if let left = open.subtracting(ended).first { return "\(left) doesn't end" }
      let next = after.filter { told in told.event.reason != .gap && !(told.event.episode.map(ended.contains) ?? false) && told.event.mediaTime.seconds < 1000 }
      // Counts go on from session to session.
      let plain = { (told: [Screening.Told]) in Self.essences(told).map { var essence = $0; essence.counts = ""; return essence } }
      return Self.difference(plain(try screening.events(walk)), plain(next), within: 0)
    }
  }

  @Test("Resumed from a checkpoint at any keyframe: the same events")
  func resumed() throws {
    try Self.check(6) { walk in
      let screening = Screening(rate: 2)
      var engine = try screening.engine()
      let whole = Self.essences(screening.show(walk, &engine))
      for stop in stride(from: 3, to: screening.keyframes(walk).count, by: 7) {
        var first = try screening.engine()
        var resumed: RuleEngine?
        var told: [Screening.Told] = []
        try screening.show(walk, &first, before: { engine, number in
          guard number == stop, resumed == nil else { return }
          let state = try JSONDecoder().decode(RuleEngine.State.self, from: JSONEncoder().encode(engine.checkpoint()))
          var other = try screening.engine()
          guard other.restore(state) else { throw Failure("not restored") }
          engine = other
          resumed = other
        }) { told.append($0) }
        if let difference = Self.difference(whole, Self.essences(told), within: 0) { return "resumed at keyframe \(stop): \(difference)" }
      }
      return nil
    }
  }

  struct Failure: Error { var text: String; init(_ text: String) { self.text = text } }
}

extension Dice: RandomNumberGenerator {}
