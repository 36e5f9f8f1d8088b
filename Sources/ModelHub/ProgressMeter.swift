import Foundation

/// Adds up what several files report, and passes on ten reports a second.
final class ProgressMeter {
  private var total: Int
  private var finished = 0
  private var last = ContinuousClock.now - .seconds(1)
  private let report: (PullProgress) -> Void

  init(total: Int, report: @escaping (PullProgress) -> Void) {
    self.total = total
    self.report = report
  }

  func update(_ file: HubListing.File, done: Int, of size: Int) {
    let now = ContinuousClock.now
    guard done == size || now - last >= .milliseconds(100) else { return }
    last = now
    report(PullProgress(file: file.name, done: finished + done, total: total + size - (file.size ?? 0)))
  }

  func finish(_ file: HubListing.File, size: Int) {
    total += size - (file.size ?? 0)
    finished += size
  }
}
