import EventLog
import RuleEngine
import Scene

extension Explanation {
  /// More marks than fit a screen are told by their number.
  private static let marksShown = 24

  /// For people, lines without an end.
  public var text: String {
    var lines = heading + rulePart + ["", "what had to hold, on the keyframe that decided"]
    if let standing {
      lines += Self.deciding(standing, isEnd).map { "  " + $0.line(size) }
    } else {
      lines.append(told.event.reason.map { "  nothing: the track or the stream was over (\($0.rawValue))" } ?? "  this kind tells of no single track")
    }
    if !marks.isEmpty { lines += ["", "what began, was reset and was reached"] + markPart }
    return (lines + [""] + samplingPart).joined(separator: "\n")
  }

  var isEnd: Bool { told.event.phase == .end || told.event.reason != nil }

  /// What ends something is asked instead of what began it.
  static func deciding(_ standing: Conditions, _ isEnd: Bool) -> [Condition] { isEnd && !standing.toEnd.isEmpty ? standing.toEnd : standing.toFire }

  private var heading: [String] {
    let event = told.event
    var words = ["\(event.type.rawValue)"]
    if let phase = event.phase { words.append(phase.rawValue) }
    if let object = event.object { words.append("of \(event.query?.id ?? "track") \(object.track)") }
    words.append("at \(TimeText.text(event.mediaTime, in: told.context))")
    words += event.details.map { "\($0.key) \($0.value.plain)" }
    if let reason = event.reason { words.append("reason \(reason.rawValue)") }
    if let severity = event.severity { words.append("severity \(severity.rawValue)") }
    return [words.joined(separator: ", ").replacing("\(event.type.rawValue), ", with: "\(event.type.rawValue) ", maxReplacements: 1),
            "event \(told.id) of stream \(told.context.stream), told on the keyframe at \(TimeText.text(decided, in: told.context))", ""]
  }

  private var rulePart: [String] {
    let place = rule.file.map { "\($0)\(rule.line.map { ":\($0)" } ?? "")" } ?? "the standard rules"
    return ["rule \(rule.id), \(rule.kind.rawValue)\(rule.isShadow ? ", on trial (shadow)" : ""), in \(place)"]
      + rule.settings.map { "  \($0.key): \($0.text)\($0.isDefault ? "   (default)" : "")" }
  }

  private var markPart: [String] {
    let shown = marks.suffix(Self.marksShown)
    let left = marks.count - shown.count
    return (left > 0 ? ["  … \(left) before these"] : []) + shown.map { mark in
      let standing = mark.point.standing
      let known = mark.point.time == mark.time ? "" : ", known at \(TimeText.seconds(mark.point.time))"
      return "  \(TimeText.text(mark.time, in: told.context))  \(mark.condition.name): \(mark.change.rawValue)\(mark.condition.measured(size))\(known); "
        + (standing.sight?.text(size) ?? "the rule as a whole")
    }
  }

  private var samplingPart: [String] {
    var words = "sampling: \(sampling.keyframes) keyframes from \(TimeText.seconds(sampling.from)) to \(TimeText.seconds(sampling.to))"
    if let interval = sampling.interval, let longest = sampling.longest { words += ", every \(Measure.time(interval).text), at most \(Measure.time(longest).text)" }
    if told.event.object != nil { words += "; the track was detected on \(sampling.detected), carried on \(sampling.carried)" }
    let gaps = sampling.gaps.map { "\(TimeText.seconds($0.from)) to \(TimeText.seconds($0.to)) (\($0.why))" }
    return [words, "gaps: " + (gaps.isEmpty ? "none" : gaps.joined(separator: ", "))]
  }
}

extension Conditions.Sight {
  /// `anchor (540, 500), score 0.31, detected`
  func text(_ size: PictureSize) -> String { "anchor \(anchor.text(size)), score \(tidied(track.score, 2)), \(isDetected ? "detected" : "carried")" }
}

extension Condition {
  /// `yes  it stays there   400ms of 400ms (hold)`
  func line(_ size: PictureSize) -> String {
    let padded = name + String(repeating: " ", count: max(0, 46 - name.count))
    return "\(isMet ? "yes" : "NO ")  \(padded)\(measured(size))\(key.map { "  [\($0)]" } ?? "")"
  }

  /// `  200ms of 400ms`; empty where nothing is measured.
  func measured(_ size: PictureSize) -> String {
    switch (value, needed) {
    case (let value?, .distance(0)?): "  \(value.text(size)) away"
    case (let value?, let needed?): "  \(value.text(size)), needed \(needed.text(size))"
    case (let value?, nil): "  \(value.text(size))"
    case (nil, let needed?): isMet ? "" : "  needed \(needed.text(size))"
    case (nil, nil): ""
    }
  }
}

extension Measure {
  /// Distances with their pixels.
  func text(_ size: PictureSize) -> String {
    guard case .distance(let share) = self, share > 0 else { return text }
    return "\(text) (\(tidied(share * size.diagonal, 0)) px)"
  }
}

extension Point {
  /// In pixels of the picture.
  func text(_ size: PictureSize) -> String { "(\(tidied(x * Double(size.width), 0)), \(tidied(y * Double(size.height), 0)))" }
}
