import RuleEngine
import Scene

extension Calibration {
  /// What was found and what is proposed; and the thresholds by the queries' ids.
  public func report() throws -> (text: String, thresholds: [(query: String, text: String, threshold: Double)]) {
    let proposals = proposals()
    let trials = try trial(proposals)
    let parts = zip(proposals, trials).map { lines($0, $1).joined(separator: "\n") }
    let changed = proposals.filter { !$0.marked.isEmpty && $0.threshold != $0.now }
    return (parts.joined(separator: "\n\n"), changed.map { ($0.query.id, $0.query.text, $0.threshold) })
  }

  private func lines(_ proposal: ThresholdProposal, _ trial: Trial) -> [String] {
    let right = proposal.count(.right), wrong = proposal.count(.wrong)
    var lines = ["\(proposal.query.id): \(right + wrong) events marked in \(tidied(length.seconds / 3600, 3)) hours, from score \(tidied(proposal.floor, 3)) up: \(right) right, \(wrong) wrong"]
    if proposal.unmarked > 0 { lines.append("  \(proposal.unmarked) events are not marked and not counted") }
    guard !proposal.marked.isEmpty else { return lines }
    lines += ["", "  score        said  right  events"] + proposal.bins.map { bin in
      "  " + [pad("\(tidied(bin.from, 1)) to \(tidied(bin.to, 1))", 11), pad(fixed(bin.said), 4), pad(fixed(bin.share), 5), String(bin.events)].joined(separator: "  ")
    }
    if let error = proposal.error { lines.append("  said and right differ by \(fixed(error)) on average") }
    let keptWrong = proposal.kept(.wrong, at: proposal.threshold)
    let bound = budget.rate(FalseAlarmBudget.upperBound(seen: keptWrong), in: length)
    lines += [
      "",
      "  threshold \(tidied(proposal.threshold, 3)), now \(tidied(proposal.now, 3)): keeps \(proposal.kept(.right, at: proposal.threshold)) of \(right) right (now \(proposal.kept(.right, at: proposal.now))), "
        + "\(keptWrong) of \(wrong) wrong (now \(proposal.kept(.wrong, at: proposal.now))); the budget of \(budget.text) allows \(proposal.allowed) here",
      "  judged again with it: \(trial.events) events, \(trial.right) right, \(trial.wrong) wrong" + (trial.other > 0 ? ", \(trial.other) about objects that are not marked" : ""),
    ]
    if bound > budget.count {
      lines.append("  so short a recording proves no more than this: fewer than \(tidied(bound, bound < 10 ? 1 : 0))/\(budget.unit) false alarms, with 95 % confidence")
    }
    return lines
  }

  private func pad(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }

  private func fixed(_ share: Double) -> String {
    let hundredths = Int((share * 100).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }
}
