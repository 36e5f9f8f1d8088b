import EventLog
import Scene

struct OccupancySettings: KindSettings {
  var region: Region
  var anchor: Anchor
  /// From this many on the zone is full; nil: never.
  var max: Int?
  /// Down to this many it is empty; nil: never.
  var min: Int?
  var hold: MediaInterval
  /// The rule's only query, by index; nil where it has several.
  var query: Int?

  var delay: MediaInterval { hold }

  func placed(in plane: Plane, queries: [Int]) -> OccupancySettings {
    var placed = self
    placed.region = region.placed(in: plane)
    placed.query = queries.count == 1 ? queries[0] : nil
    return placed
  }
}

/// `zone.occupancy`: at least `max`, or at most `min`, objects are in the zone at once, for `hold`; over once neither is so for `hold`.
///
/// Counted is what the paths say: an object is in from where its path crosses the border inward to where it crosses it
/// outward or was last seen. So the count is settled only up to when every object inside was last detected; it is known
/// then, to the moment, whether the object stayed, left, or was lost.
struct ZoneOccupancy: KindMachine {
  /// Nobody is waited for longer than this: a track that is told of and not detected has left when it was last seen.
  private static let patience = MediaInterval.seconds(10)

  private struct Step: Sendable, Equatable, Codable {
    var at: Instant
    var by: Int
  }

  /// By slot: when a track that is inside was last detected there.
  private var inside: [Instant?] = []
  /// What is not settled yet, in order.
  private var steps: [Step] = []
  private var count = 0
  /// Up to where the count is settled; nil before the first keyframe.
  private var settled: Instant?
  private var full = HeldSwitch()
  private var empty = HeldSwitch()
  /// The most, or the least, while it is full, or empty.
  private var extreme = 0

  init(queries: Int) {}

  mutating func judge(_ view: View, _ settings: OccupancySettings, _ moment: inout Moment) {
    for sight in view.own { follow(sight, settings) }
    for slot in inside.indices {
      guard let last = inside[slot], moment.now.since(last) > Self.patience else { continue }
      step(last, -1)
      inside[slot] = nil
    }
    settle(inside.lazy.compactMap { $0 }.min() ?? moment.now, settings, &moment)
  }

  private mutating func follow(_ sight: Sight, _ settings: OccupancySettings) {
    inside.hold(sight.slot)
    let slot = sight.slot, now = sight.now.instant
    if sight.ending != nil {
      if let last = inside[slot] { step(last, -1) }
      inside[slot] = nil
      return
    }
    guard sight.isFresh else { return }
    let way = sight.before.map { Way($0, sight.now, settings.anchor) }
    let isIn = settings.region.contains(sight.now.anchor(settings.anchor))
    let border = way.flatMap { way in settings.region.lastBorder(from: way.start, to: way.end).map { way.moment(at: $0) } }
    if let last = inside[slot] {
      if !isIn { step(border ?? last, -1) }
    } else if isIn {
      step(border ?? now, 1)
    }
    inside[slot] = isIn ? now : nil
  }

  private mutating func step(_ at: Instant, _ by: Int) {
    let index = steps.lastIndex { $0.at <= at }.map { $0 + 1 } ?? 0
    steps.insert(Step(at: at, by: by), at: index)
  }

  private mutating func settle(_ horizon: Instant, _ settings: OccupancySettings, _ moment: inout Moment) {
    var now = settled ?? moment.now
    if settled == nil { turn(now, settings) }
    while let next = steps.first, next.at <= horizon || next.at <= now {
      now = max(now, next.at)
      reach(now, settings, &moment)
      steps.removeFirst()
      count += next.by
      turn(now, settings)
    }
    now = max(now, horizon)
    reach(now, settings, &moment)
    settled = now
  }

  private mutating func turn(_ at: Instant, _ settings: OccupancySettings) {
    if let most = settings.max { full.turn(count >= most, at: at) }
    if let least = settings.min { empty.turn(count <= least, at: at) }
    if full.isOn { extreme = max(extreme, count) } else if empty.isOn { extreme = min(extreme, count) }
  }

  private mutating func reach(_ now: Instant, _ settings: OccupancySettings, _ moment: inout Moment) {
    let holds = HeldSwitch.Holds(on: settings.hold, off: settings.hold)
    // What is over ends before the next begins.
    if full.isOn { tell(full.reach(now, holds), "max", settings, &moment) }
    if empty.isOn { tell(empty.reach(now, holds), "min", settings, &moment) }
    if !full.isOn { tell(full.reach(now, holds), "max", settings, &moment) }
    if !empty.isOn { tell(empty.reach(now, holds), "min", settings, &moment) }
  }

  private mutating func tell(_ change: HeldSwitch.Change?, _ bound: String, _ settings: OccupancySettings, _ moment: inout Moment) {
    switch change {
    case nil: break
    case .on(let at):
      extreme = count
      moment.report(.zoneOccupancy, .start, at: at, since: at, nil, query: settings.query, [Detail("bound", .text(bound)), Detail("count", .integer(count))])
    case .off(let since, let at):
      tellEnd(since, at, .over, bound, settings, &moment)
    }
  }

  private func tellEnd(_ since: Instant, _ at: Instant, _ reason: EndReason, _ bound: String, _ settings: OccupancySettings,
                       _ moment: inout Moment) {
    moment.report(.zoneOccupancy, .end, at: at, since: since, reason: reason, nil, query: settings.query,
                  [Detail("bound", .text(bound)), Detail("count", .integer(count)), Detail(bound == "max" ? "most" : "least", .integer(extreme)),
                   .seconds("duration", at.since(since))])
  }

  mutating func finish(_ sights: [Sight], _ reason: EndReason, _ settings: OccupancySettings, _ moment: inout Moment) {
    settle(moment.now, settings, &moment)
    for (which, bound) in [(full, "max"), (empty, "min")] {
      if let since = which.since { tellEnd(since, which.turning ?? moment.now, which.turning == nil ? reason : .over, bound, settings, &moment) }
    }
    self = ZoneOccupancy(queries: 0)
  }

  func conditions(about track: TrackID?, _ settings: OccupancySettings, now: Instant) -> (toFire: [Condition], toEnd: [Condition]) {
    // Of two bounds the one in question.
    let isFull = settings.min == nil || settings.max != nil && (full.isOn || full.turning != nil || !empty.isOn && empty.turning == nil)
    let bound = isFull ? full : empty, settled = settled ?? now
    let needed = Double((isFull ? settings.max : settings.min) ?? 0), value = Double(count)
    let isSo = bound.isOn || (isFull ? value >= needed : value <= needed)
    let hold: (String, Instant?) -> Condition = { .timer($0, since: $1, at: settled, needed: settings.hold, key: "hold") }
    return ([.state(isFull ? "enough objects are in the zone" : "few enough objects are in the zone", isSo, .number(value, unit: ""), needed: .number(needed, unit: ""),
                    key: isFull ? "max" : "min", remedy: isFull && count == 0 ? nil : .write(String(count))),
             hold("for long enough", bound.since ?? bound.turning)],
            bound.isOn ? [hold("it is no longer so", bound.turning)] : [])
  }

  func standings(_ view: View, _ moment: Moment) -> [Standing] {
    let question = [full.turning, empty.turning, settled.flatMap { $0 < moment.now ? $0 : nil }].compactMap { $0 }.min()
    return [Standing(slot: nil, verdict: Verdict(isOn: full.isOn || empty.isOn, until: question))]
  }
}
