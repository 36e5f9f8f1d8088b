import Foundation
import Worker

/// SIGINT and SIGTERM ask the work to stop; a second one ends the process at once.
final class Signals {
  let stop = StopFlag()
  private var sources: [any DispatchSourceSignal] = []
  private let received = Received()

  private final class Received: @unchecked Sendable {
    private let lock = NSLock()
    private var first: Int32?
    /// True for the first signal.
    func note(_ signal: Int32) -> Bool {
      lock.withLock {
        if first != nil { return false }
        first = signal
        return true
      }
    }
    var value: Int32? { lock.withLock { first } }
  }

  init() {
    let queue = DispatchQueue(label: "signals")
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { [stop, received] in
        guard received.note(number) else { _exit(128 + number) }
        stop.set()
      }
      source.resume()
      sources.append(source)
    }
  }

  /// Ends the process as the shell expects of one that a signal ended; returns where none came.
  func exitIfStopped() {
    if let signal = received.value { exit(128 + signal) }
  }
}
