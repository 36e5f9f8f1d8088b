import EventLog
import RuleEngine
import Scene

extension Explanation {
  /// For programs.
  public var json: String {
    var members: [(String, JSON)] = [
      ("event", told.json), ("decided", .seconds(decided)),
      ("rule", .object([("id", .text(rule.id)), ("kind", .text(rule.kind.rawValue)), ("shadow", .flag(rule.isShadow)),
                        ("settings", .object(rule.settings.map { ($0.key, .object([("value", .text($0.text)), ("default", .flag($0.isDefault))])) }))])),
    ]
    if let standing { members.append(("conditions", .array(Self.deciding(standing, isEnd).map(\.json)))) }
    members.append(("course", .array(marks.map { mark in
      .object([("at", .seconds(mark.time)), ("keyframe", .seconds(mark.point.time)), ("pts", .number(Int(mark.point.pts))),
               ("change", .text(mark.change.rawValue)), ("condition", mark.condition.json), ("object", mark.point.standing.sight?.json ?? .object([]))])
    })))
    var seen: [(String, JSON)] = [("from", .seconds(sampling.from)), ("to", .seconds(sampling.to)), ("keyframes", .number(sampling.keyframes)),
                                  ("detected", .number(sampling.detected)), ("carried", .number(sampling.carried))]
    if let interval = sampling.interval, let longest = sampling.longest { seen += [("interval", .decimal(interval.seconds)), ("longest", .decimal(longest.seconds))] }
    members += [("sampling", .object(seen)),
                ("gaps", .array(sampling.gaps.map { .object([("from", .seconds($0.from)), ("to", .seconds($0.to)), ("why", .text($0.why))]) }))]
    return JSON.object(members).text()
  }
}

extension JSON {
  /// Media time with the log's milliseconds.
  static func seconds(_ time: MediaTime) -> JSON { .decimal((time.seconds * 1000).rounded() / 1000) }
  static func share(_ value: Double) -> JSON { .decimal((value * 10_000).rounded() / 10_000) }
}

extension Condition {
  var json: JSON {
    var members: [(String, JSON)] = [("name", .text(name)), ("met", .flag(isMet))]
    if let key { members.append(("setting", .text(key))) }
    if let value { members.append(("value", value.json)) }
    if let needed { members.append(("needed", needed.json)) }
    if let since { members.append(("since", .seconds(since))) }
    return .object(members)
  }
}

extension Measure {
  /// Seconds, shares and numbers bare; words as words.
  var json: JSON {
    switch self {
    case .time(let interval): .decimal((interval.seconds * 1000).rounded() / 1000)
    case .distance(let share), .share(let share): .share(share)
    case .number(let value, _): .share(value)
    case .word(let word): .text(word)
    }
  }
}

extension Conditions.Sight {
  var json: JSON {
    .object([("track", .text(track.id.description)), ("score", .share(track.score)), ("detected", .flag(isDetected)),
             ("box", .object([("left", .share(box.left)), ("top", .share(box.top)), ("right", .share(box.right)), ("bottom", .share(box.bottom))])),
             ("anchor", .array([.share(anchor.x), .share(anchor.y)]))])
  }
}

extension ToldEvent {
  var json: JSON {
    var members: [(String, JSON)] = [("id", .text(id)), ("stream", .text(context.stream)), ("type", .text("owlwatch.\(event.type.rawValue)")),
                                     ("media_time", .seconds(event.mediaTime))]
    if let rule = event.rule { members.append(("rule", .text(rule.id))) }
    if let query = event.query { members.append(("query", .text(query.id))) }
    if let object = event.object { members.append(("track", .text(object.track.description))) }
    if let phase = event.phase { members.append(("phase", .text(phase.rawValue))) }
    if let reason = event.reason { members.append(("reason", .text(reason.rawValue))) }
    if let severity = event.severity { members.append(("severity", .text(severity.rawValue))) }
    members += event.details.map { detail in (detail.key, .text(detail.value.plain)) }
    return .object(members)
  }
}
