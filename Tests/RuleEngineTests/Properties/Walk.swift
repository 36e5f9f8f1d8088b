import EventLog
import RuleEngine
import Scene

/// A generated scene: what people and things do from slot to slot of 24 seconds. In a slot each goes to one of four
/// places, or stays where it is: four seconds on the way, at a steady pace, and twenty seconds there. So whatever lasts
/// outlasts every hold and every sampling interval of these tests, and what is sampled is the only thing that differs.
struct Walk: CustomStringConvertible {
  static let slot = 24.0, way = 4.0

  /// Left and right of the middle, near and far from the camera: no straight way between two of them leads past a third.
  static let places = [Point(x: 0.3, y: 0.3), Point(x: 0.7, y: 0.3), Point(x: 0.3, y: 0.7), Point(x: 0.7, y: 0.7)]

  struct Actor: Equatable {
    var number: Int
    /// Index of the query.
    var query: Int
    /// The place in each slot; nil: not there. It comes and goes while it stays.
    var slots: [Int?]
  }

  var actors: [Actor]

  var description: String {
    actors.map { "\(["person", "truck", "dog"][$0.query]) \($0.number): " + $0.slots.map { $0.map(String.init) ?? "-" }.joined() }.joined(separator: ", ")
  }

  var length: Double { Self.slot * Double(actors.map(\.slots.count).max() ?? 0) }

  /// Walks of people (numbers from 1) and a thing that stands (number 9) and may vanish.
  static func random(_ generator: inout Dice) -> Walk {
    let slots = 2 + generator.below(3)
    var actors = (1...1 + generator.below(3)).map { number in
      Actor(number: number, query: 0, slots: life(slots, &generator) { $0.below(4) })
    }
    let place = generator.below(4)
    actors.append(Actor(number: 9, query: 1, slots: life(slots, &generator) { _ in place }))
    return Walk(actors: actors)
  }

  /// One life: from one slot to another, not always from the first to the last.
  static func life(_ slots: Int, _ generator: inout Dice, _ place: (inout Dice) -> Int) -> [Int?] {
    let first = generator.below(2), last = slots - generator.below(2)
    return (0..<slots).map { $0 >= first && $0 < last ? place(&generator) : nil }
  }

  /// Simpler walks: an actor less, a slot less, a stay for a way.
  var simpler: [Walk] {
    var walks: [Walk] = []
    for index in actors.indices where actors.count > 1 { var walk = self; walk.actors.remove(at: index); walks.append(walk) }
    let slots = actors.map(\.slots.count).max() ?? 0
    for slot in 0..<slots where slots > 1 {
      var walk = self
      for index in walk.actors.indices { walk.actors[index].slots.remove(at: slot) }
      walks.append(walk)
    }
    for index in actors.indices {
      for slot in 1..<max(1, slots) where actors[index].slots[slot] != nil && actors[index].slots[slot - 1] != nil && actors[index].slots[slot] != actors[index].slots[slot - 1] {
        var walk = self
        walk.actors[index].slots[slot] = walk.actors[index].slots[slot - 1]
        walks.append(walk)
      }
    }
    return walks.filter { walk in walk.actors.contains { $0.slots.contains { $0 != nil } } }
  }
}

extension Walk.Actor {
  /// From when to when it is there, in seconds; nil: never.
  var life: (from: Double, to: Double)? {
    guard let first = slots.firstIndex(where: { $0 != nil }), let last = slots.lastIndex(where: { $0 != nil }) else { return nil }
    // It stands at its first place from the beginning, and goes before the end of its last stay.
    return (Walk.slot * Double(first) + 9, Walk.slot * Double(last) + 17)
  }

  /// Where it stands at a time of its life.
  func place(at time: Double) -> Point {
    let slot = min(Int(time / Walk.slot), slots.count - 1)
    let here = Walk.places[slots[slot]!]
    guard slot > 0, let before = slots[slot - 1] else { return here }
    let share = min((time - Walk.slot * Double(slot)) / Walk.way, 1)
    let from = Walk.places[before]
    return Point(x: from.x + (here.x - from.x) * share, y: from.y + (here.y - from.y) * share)
  }
}

/// A small generator of pseudo-random numbers, the same everywhere (SplitMix64: Steele, Lea, Flood, 2014).
struct Dice {
  private var state: UInt64
  init(state: UInt64) { self.state = state }
  init(_ seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }

  /// 0 ..< 1
  mutating func unit() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }
}
