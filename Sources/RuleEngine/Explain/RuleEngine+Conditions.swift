public import Scene

/// How things stand between a rule and a track, on the last keyframe.
public struct Conditions: Sendable {
  /// The track as the rule sees it: where it was last detected where it is carried.
  public var track: Track
  /// Normalised to the picture; where the track was last detected.
  public var box: Box
  /// Where its anchor is, as the rule takes it, normalised.
  public var anchor: Point
  public var isDetected: Bool
  /// What must hold for the rule to fire, in order.
  public var toFire: [Condition]
  /// What must hold for what it started to end by itself, in order; empty: nothing of that kind.
  public var toEnd: [Condition]

  /// The first condition that doesn't hold.
  public var firstFailed: Condition? { toFire.first { !$0.isMet } }
}

extension RuleEngine {
  /// Media time of the last keyframe; nil before the first.
  public var lastTime: MediaTime? { last }

  /// How a rule stands to a track after the last keyframe. Changes nothing; costs nothing unless asked.
  /// Nil where there is no such rule, or it was not shown such a track.
  public func conditions(of track: TrackID, rule: String) -> Conditions? {
    guard let judge = judges.first(where: { $0.rule.id == rule }), let sight = roster.sight(of: track), let last else { return nil }
    let (toFire, toEnd) = judge.conditions(sight, context, now: clock.instant(last))
    let plane = Plane(size: context.size)
    let box = sight.now.box
    return Conditions(track: sight.track, box: plane.pictureBox(box), anchor: plane.picturePoint(judge.settings.anchor.of(box)), isDetected: sight.isFresh,
                    toFire: toFire, toEnd: toEnd)
  }
}

extension Plane {
  func pictureBox(_ box: Box) -> Box {
    let start = picturePoint(Point(x: box.left, y: box.top)), end = picturePoint(Point(x: box.right, y: box.bottom))
    return Box(left: start.x, top: start.y, right: end.x, bottom: end.y)
  }
}

extension Roster {
  /// A live track as it was last detected.
  func sight(of track: TrackID) -> Sight? {
    guard var sight = all().first(where: { $0.track.id == track }) else { return nil }
    sight.isFresh = sight.track.detected
    return sight
  }
}
