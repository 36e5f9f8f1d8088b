import Foundation

/// Someone wants the work to stop: asked for once, from any thread, and passed on to whoever has to be woken.
public final class StopFlag: @unchecked Sendable {
  private let lock = NSLock()
  private var stopped = false
  private var listeners: [Int: @Sendable () -> Void] = [:]
  private var nextListener = 0

  public init() {}

  public var isSet: Bool { lock.withLock { stopped } }

  public func set() {
    let told = lock.withLock { () -> [@Sendable () -> Void] in
      guard !stopped else { return [] }
      stopped = true
      return listeners.sorted { $0.key < $1.key }.map(\.value)
    }
    for tell in told { tell() }
  }

  /// Runs `body`; if the flag is set meanwhile, or was before, `wake` is called once.
  func whileListening<Result>(_ wake: @escaping @Sendable () -> Void, _ body: () throws -> Result) rethrows -> Result {
    let token: Int? = lock.withLock {
      guard !stopped else { return nil }
      nextListener += 1
      listeners[nextListener] = wake
      return nextListener
    }
    if token == nil { wake() }
    defer { if let token { _ = lock.withLock { listeners.removeValue(forKey: token) } } }
    return try body()
  }

  /// Sleeps; returns early, and false, when the flag is set.
  func sleep(seconds: Double) -> Bool {
    let woken = DispatchSemaphore(value: 0)
    return whileListening({ woken.signal() }) { woken.wait(timeout: .now() + seconds) == .timedOut }
  }
}
