public import Scene

/// What must hold for a rule to fire, and how it stands, on the last keyframe.
public struct Conditions: Sendable {
  /// The track that was asked about; nil where it is gone, or the rule was asked about as a whole.
  public var sight: Sight?
  /// What must hold for the rule to fire, in order.
  public var toFire: [Condition]
  /// What must hold for what it started to end by itself, in order; empty: nothing of that kind.
  public var toEnd: [Condition]

  /// The first condition that doesn't hold.
  public var firstFailed: Condition? { toFire.first { !$0.isMet } }

  /// A track as the rule sees it.
  public struct Sight: Sendable {
    public var track: Track
    /// Normalised to the picture; where it was last detected.
    public var box: Box
    /// Its anchor, as the rule takes it, normalised.
    public var anchor: Point
    public var isDetected: Bool
  }
}

extension RuleEngine {
  /// Media time of the last keyframe; nil before the first.
  public var lastTime: MediaTime? { last }

  /// How a rule stands to a track after the last keyframe, or as a whole. Changes nothing; costs nothing unless asked.
  /// - Parameter track: nil: the rule as a whole.
  /// - Returns: nil where there is no such rule, or it has nothing to say of such a track.
  public func conditions(of track: TrackID?, rule: String) -> Conditions? {
    guard let judge = judges.first(where: { $0.rule.id == rule }), let last else { return nil }
    let sights = roster.all().map { sight in
      var sight = sight
      sight.isFresh = sight.track.detected
      return sight
    }
    let seen = sights.first { $0.track.id == track }
    guard var conditions = judge.conditions(seen, about: track, among: sights, context, now: clock.instant(last)) else { return nil }
    let names = judge.rule.members.map { "'\(rules.rules[$0].id)'" }
    for (index, name) in names.enumerated() {
      for place in conditions.toFire.indices { conditions.toFire[place].name.replace("{\(index)}", with: name) }
    }
    guard let seen else { return conditions }
    let plane = Plane(size: context.size), box = seen.now.box
    conditions.sight = Conditions.Sight(track: seen.track, box: plane.pictureBox(box), anchor: plane.picturePoint(judge.settings.anchor.of(box)), isDetected: seen.isFresh)
    return conditions
  }
}

extension Plane {
  func pictureBox(_ box: Box) -> Box {
    let start = picturePoint(Point(x: box.left, y: box.top)), end = picturePoint(Point(x: box.right, y: box.bottom))
    return Box(left: start.x, top: start.y, right: end.x, bottom: end.y)
  }
}
