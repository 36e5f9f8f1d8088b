import EventLog
import Scene

/// How people write speeds.
enum SpeedUnit: String, Sendable, CaseIterable {
  case kilometresPerHour = "km/h", metresPerSecond = "m/s", milesPerHour = "mph"

  /// Metres per second.
  var size: Double {
    switch self {
    case .kilometresPerHour: 1 / 3.6
    case .metresPerSecond: 1
    case .milesPerHour: 0.44704
    }
  }
}

struct SpeedingSettings: KindSettings {
  var ground: Ground
  /// In `unit`.
  var limit: Double
  var unit: SpeedUnit
  /// Over which the mean is taken.
  var window: MediaInterval
  var anchor: Anchor

  /// The last bit of a float decides nothing.
  func isAbove(_ speed: Double) -> Bool { speed > limit * (1 + 1e-9) }

  func placed(in plane: Plane, queries: [Int]) -> SpeedingSettings {
    var placed = self
    placed.ground = ground.placed(in: plane)
    return placed
  }
}

/// `object.speeding`: the mean speed over `window`, from where the object stood on the ground that long ago to where it
/// stands now, is above the limit. Over once it has not been for as long as `window`.
struct Speeding: TrackMachine {
  private struct Footprint: Sendable, Equatable, Codable {
    var point: Point
    var at: Instant
  }

  /// Those of the last `window`, and the one before.
  private var footprints: [Footprint] = []
  /// Since when it is followed without a break; nil while it isn't.
  private var followedSince: Instant?
  /// The mean, in the settings' unit, on the keyframe before; nil before the window is full.
  private var mean: Double?
  private var isOver = HeldSwitch()
  private var top = 0.0

  init() {}

  mutating func see(_ sight: Sight, _ settings: SpeedingSettings, _ moment: inout Moment) {
    let now = sight.now.instant
    guard let point = settings.ground.point(sight.now.anchor(settings.anchor)) else { return forgetWay() }
    if sight.before == nil { forgetWay() }
    if followedSince == nil { followedSince = now }
    let last = footprints.last?.at
    footprints.append(Footprint(point: point, at: now))
    while footprints.count > 2, now.since(footprints[1].at) >= settings.window { footprints.removeFirst() }
    guard let speed = meanSpeed(settings) else { return }
    let was = mean
    mean = speed
    top = max(top, speed)
    let isAbove = settings.isAbove(speed)
    if let was, let last, settings.isAbove(was) != isAbove {
      turn(isAbove, last.toward(now, (settings.limit - was) / (speed - was)), speed, sight, settings, &moment)
    } else if was == nil {
      turn(isAbove, moment.clock.moment(settings.window, after: footprints[0].at), speed, sight, settings, &moment)
    }
    reach(now, speed, sight, settings, &moment)
  }

  private mutating func turn(_ isAbove: Bool, _ at: Instant, _ speed: Double, _ sight: Sight, _ settings: SpeedingSettings, _ moment: inout Moment) {
    reach(at, speed, sight, settings, &moment)
    isOver.turn(isAbove, at: at)
  }

  private mutating func reach(_ now: Instant, _ speed: Double, _ sight: Sight, _ settings: SpeedingSettings, _ moment: inout Moment) {
    switch isOver.reach(now, HeldSwitch.Holds(on: .zero, off: settings.window)) {
    case nil: break
    case .on(let at):
      top = speed
      moment.report(.objectSpeeding, .start, at: at, since: at, sight.track, numbers("speed", speed, settings))
    case .off(let since, let at): tellEnd(since, at, .over, sight, settings, &moment)
    }
  }

  private mutating func forgetWay() {
    followedSince = nil
    footprints = []
    mean = nil
  }

  /// In the settings' unit; nil before the window is full.
  private func meanSpeed(_ settings: SpeedingSettings) -> Double? {
    let now = footprints[footprints.count - 1], first = footprints[0]
    guard footprints.count > 1, now.at.since(first.at) >= settings.window else { return nil }
    let next = footprints[1]
    let share = 1 - Double((now.at.since(first.at) - settings.window).nanoseconds) / Double(next.at.since(first.at).nanoseconds)
    let origin = next.point.toward(first.point, min(max(share, 0), 1))
    return now.point.distance(to: origin) / settings.window.seconds / settings.unit.size
  }

  private func numbers(_ key: String, _ speed: Double, _ settings: SpeedingSettings) -> [Detail] {
    [Detail(key, .number(speed)), Detail("limit", .number(settings.limit)), Detail("unit", .text(settings.unit.rawValue))]
  }

  private func tellEnd(_ since: Instant, _ at: Instant, _ reason: EndReason, _ sight: Sight, _ settings: SpeedingSettings, _ moment: inout Moment) {
    moment.report(.objectSpeeding, .end, at: at, since: since, reason: reason, sight.track,
                  numbers("top", top, settings) + [.seconds("duration", at.since(since))])
  }

  mutating func end(_ sight: Sight, _ reason: EndReason, _ settings: SpeedingSettings, _ moment: inout Moment) {
    guard let since = isOver.since else { return }
    let at = isOver.turning ?? sight.now.instant
    tellEnd(since, max(at, since), isOver.turning == nil ? reason : .over, sight, settings, &moment)
    isOver = HeldSwitch()
  }

  func conditions(_ sight: Sight, _ settings: SpeedingSettings) -> [Condition] {
    let followed = followedSince.map { sight.now.instant.since($0) }
    return [
      .state("it stands on the measured ground", !footprints.isEmpty),
      .lasting("it was followed for long enough", followed.map { min($0, settings.window) }, since: followedSince, needed: settings.window, key: "window"),
      .above("its mean speed is above the limit", mean, needed: settings.limit, unit: settings.unit.rawValue, key: "limit"),
    ]
  }

  func endConditions(_ sight: Sight, _ settings: SpeedingSettings) -> [Condition] {
    guard isOver.isOn else { return [] }
    return [.timer("it is no longer too fast", since: isOver.turning, at: sight.now.instant, needed: settings.window, key: "window")]
  }

  func verdict(_ last: Instant) -> Verdict {
    Verdict(isOn: isOver.isOn, until: isOver.turning ?? (isOver.isOn ? last : nil))
  }
}
