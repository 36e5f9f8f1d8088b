import EventLog
import Scene

// From findings to events: cooldown, shadow, severity, names.
extension RuleJudge {
  mutating func tell(_ findings: [Finding], _ pts: Int64?, _ context: RuleContext, _ events: inout [Event]) {
    for finding in findings {
      if let event = told(finding, pts, context) { events.append(event) }
    }
  }

  private mutating func told(_ finding: Finding, _ pts: Int64?, _ context: RuleContext) -> Event? {
    guard !rule.common.isSilent else { return nil }
    var phase = finding.phase
    if rule.kind.tellsEndOnly {
      guard phase == .end else { return nil }
      phase = nil
    }
    let episode = phase == nil ? nil : episodeText(finding, context)
    guard !isKeptBack(finding, phase, episode) else { return nil }
    var details = finding.details
    if rule.common.limit != nil, let zone = rule.zone { details.append(Detail("zone", .text(zone))) }
    let track = finding.track
    let query = (track?.query ?? finding.query).flatMap { context.queries.indices.contains($0) ? context.queries[$0] : nil }
    var event = Event(
      type: finding.type, subject: rule.subject ?? track.map { "track/\($0.id)" } ?? "rule/\(rule.id)", mediaTime: finding.at.time, pts: pts,
      rule: RuleReference(id: rule.id, kind: rule.kind.rawValue), query: query.map { QueryReference(id: $0.id, text: $0.text) },
      object: track.map { ObjectReport($0) }, phase: phase, episode: episode, reason: finding.reason, severity: rule.severity, details: details)
    event.isShadow = rule.isShadow
    return event
  }

  /// `someone-waits/7-12/93480`: rule, track (or session), and the millisecond of media time at which it began.
  private func episodeText(_ finding: Finding, _ context: RuleContext) -> String {
    let owner = finding.track.map { $0.id.description } ?? String(context.session)
    return "\(rule.id)/\(owner)/\(floorDivided(finding.since.media, by: 1_000_000))"
  }
}
