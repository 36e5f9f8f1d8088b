import EventLog
import RuleEngine
import Scene

extension WhyNot {
  /// For people.
  public var text: String {
    let asked = "rule \(question.rule)\(question.track.map { ", track \($0)" } ?? ""), at \(TimeText.text(at, in: context))"
    switch answer {
    case .fired(let told):
      return "\(asked): it fired: \(words(told))\nowlwatch explain \(told.id) says what made it"
    case .doubted(let doubt):
      let reason = doubt.isScoreTooLow ? "the median of its scores was \(tidied(doubt.track.medianScore, 3)), needed \(tidied(doubt.threshold, 3))  [threshold of the stream]"
        : "it had been detected on \(doubt.detections == 1 ? "one keyframe" : "\(doubt.detections) keyframes"), needed two within 2s  [sampling of the stream]"
      return "\(asked): the rules never saw this track: the tracker did not believe in it\nat \(TimeText.text(doubt.at, in: context)) \(reason)"
    case .failed(let failure): return "\(asked): it did not fire\n" + lines(failure).joined(separator: "\n")
    }
  }

  private func lines(_ failure: Failure) -> [String] {
    let standing = failure.point.standing
    var lines = ["nearest on the keyframe at \(TimeText.text(failure.point.time, in: context))\(standing.sight.map { ": \($0.text(size))" } ?? "")"]
    for condition in standing.toFire {
      lines.append("  " + condition.line(size))
      if !condition.isMet { break }
    }
    lines.append("failed: \(failure.condition.name)" + (failure.shortage.map { ": \($0.text(size)) \(failure.isTooMuch ? "too far" : "too little")" } ?? ""))
    if let told = failure.told {
      lines.append("nearest setting that fires: \(failure.remedy.map(\.description).joined(separator: ", "))")
      lines.append("judged again with it: \(words(told))")
    } else {
      lines.append("no setting of this rule was found that fires here")
    }
    return lines
  }

  private func words(_ told: ToldEvent) -> String {
    let details = told.event.details.map { "\($0.key) \($0.value.plain)" }
    return (["\(told.event.type.rawValue)\(told.event.phase.map { " \($0.rawValue)" } ?? "") at \(TimeText.text(told.event.mediaTime, in: context))"] + details).joined(separator: ", ")
  }

  /// For programs.
  public var json: String {
    var members: [(String, JSON)] = [("rule", .text(question.rule)), ("track", .text(question.track?.description ?? "")), ("at", .seconds(at))]
    switch answer {
    case .fired(let told): members += [("fired", .flag(true)), ("event", told.json)]
    case .doubted(let doubt):
      let (setting, value, needed) = doubt.isScoreTooLow ? ("threshold", doubt.track.medianScore, doubt.threshold) : ("every", Double(doubt.detections), 2)
      members += [("fired", .flag(false)), ("keyframe", .seconds(doubt.at)),
                  ("failed", .object([("name", "the tracker believes in it"), ("met", .flag(false)), ("setting", .text(setting)),
                                      ("value", .share(value)), ("needed", .share(needed))]))]
    case .failed(let failure):
      members += [("fired", .flag(false)), ("keyframe", .seconds(failure.point.time)), ("object", failure.point.standing.sight?.json ?? .object([])),
                  ("conditions", .array(failure.point.standing.toFire.map(\.json))), ("failed", failure.condition.json)]
      if let shortage = failure.shortage { members.append(("by", shortage.json)) }
      if let told = failure.told { members += [("nearest", .array(failure.remedy.map { .text($0.description) })), ("event", told.json)] }
    }
    return JSON.object(members).text()
  }
}

extension WhyNot.Failure {
  /// By how much the condition failed.
  var shortage: Measure? {
    guard let value = condition.value, let needed = condition.needed else { return nil }
    return Measure.gap(value, needed)
  }

  var isTooMuch: Bool {
    switch (condition.value, condition.needed) {
    case (.distance(let value)?, .distance(let needed)?): value > needed
    case (.number(let value, _)?, .number(let needed, _)?): value > needed
    default: false
    }
  }
}
