import ArgumentParser
import Foundation
import Scene
import Worker

enum ProgressStyle: String, ExpressibleByArgument, CaseIterable { case auto, json, none }

/// Shows twice a second, on standard error, how far the work is: a line for people, JSON for programs, nothing where nobody looks.
final class ProgressReporter: @unchecked Sendable {
  private let style: ProgressStyle
  private let total: Int
  private let lock = NSLock()
  private var running: [(index: Int, source: String, statistics: RunStatistics)] = []
  private let start_ = ContinuousClock.now
  private var timer: (any DispatchSourceTimer)?

  init(style: ProgressStyle, inputs: Int) { self.style = style; total = inputs }

  var wall: Duration { ContinuousClock.now - start_ }

  var outcomes: [AnalyzeJob.Outcome] {
    lock.withLock { running.map { AnalyzeJob.Outcome(source: $0.source, counts: $0.statistics.now) } }
  }

  func began(_ index: Int, _ source: String, _ statistics: RunStatistics) {
    lock.withLock { running.append((index, source, statistics)) }
  }

  func start() {
    guard style == .json || (style == .auto && Terminal.isInteractive) else { return }
    let timer = DispatchSource.makeTimerSource(queue: .global())
    timer.schedule(deadline: .now() + 0.5, repeating: style == .json ? 1 : 0.5)
    timer.setEventHandler { [self] in show() }
    timer.resume()
    self.timer = timer
  }

  func stop() {
    guard timer != nil else { return }
    timer?.cancel()
    timer = nil
    if style == .auto { Terminal.clearStatus() }
  }

  private func show() {
    var all = RunStatistics.Counts()
    var share = 0.0, timed = true
    let begun = lock.withLock { running }
    for one in begun {
      let counts = one.statistics.now
      all.add(counts)
      if let length = one.statistics.duration, length > .zero { share += min(1, counts.mediaTime.seconds / length.seconds) } else { timed = false }
    }
    let elapsed = wall.seconds
    let done = timed && !begun.isEmpty ? share / Double(total) : nil
    let left = done.flatMap { $0 > 0.001 ? elapsed / $0 * (1 - $0) : nil }
    style == .json ? showJSON(all, elapsed: elapsed, done: done, left: left) : showLine(all, elapsed: elapsed, done: done, left: left)
  }

  private func showLine(_ all: RunStatistics.Counts, elapsed: Double, done: Double?, left: Double?) {
    var parts: [String] = []
    if let done { parts.append("\(Int(done * 100)) %") }
    parts.append("\(all.frames) frames, \(Int(Double(all.frames) / elapsed)) a second")
    parts.append("\(all.keyframes) looked at")
    parts.append("\(all.events) events")
    if let left { parts.append("\(clock(left)) left") }
    Terminal.status(parts.joined(separator: " · "))
  }

  private func showJSON(_ all: RunStatistics.Counts, elapsed: Double, done: Double?, left: Double?) {
    var fields: [String: Double] = ["frames": Double(all.frames), "keyframes": Double(all.keyframes), "events": Double(all.events),
                                    "elapsed": (elapsed * 10).rounded() / 10, "frames_per_second": (Double(all.frames) / elapsed * 10).rounded() / 10]
    fields["done"] = done.map { ($0 * 1e4).rounded() / 1e4 }
    fields["left"] = left.map { ($0 * 10).rounded() / 10 }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    if let line = try? encoder.encode(fields) { Terminal.say(String(decoding: line, as: UTF8.self)) }
  }

  private func clock(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    let two = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
    return whole >= 3600 ? "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))" : "\(whole / 60):\(two(whole % 60))"
  }
}

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
