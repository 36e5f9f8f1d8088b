import Foundation

/// A short queue that joins two threads: one puts, one takes.
///
/// With `.wait` nothing is lost: the putting thread waits while the slot is full (files). With `.keepNewest` an element that
/// may be dropped gives way to a newer one, and is counted (live streams).
package final class BoundedSlot<Element: Sendable>: @unchecked Sendable {
  package enum Policy: Sendable { case wait, keepNewest }
  /// What may not be dropped waits in `.keepNewest`, too, once there is this much of it: memory is bounded whoever sleeps.
  package static var mostWaiting: Int { 64 }

  private let condition = NSCondition()
  private let capacity: Int
  private let policy: Policy
  private let droppable: @Sendable (Element) -> Bool
  private var waiting: [Element] = []
  private var ending: Ending?
  private var droppedCount = 0

  private enum Ending { case finished, failed(any Error), abandoned }

  /// - Parameter droppable: which elements may give way to a newer one; gaps and the like may not.
  package init(capacity: Int, policy: Policy, droppable: @escaping @Sendable (Element) -> Bool = { _ in true }) {
    precondition(capacity > 0)
    self.capacity = capacity; self.policy = policy; self.droppable = droppable
  }

  /// How many elements gave way to newer ones.
  package var dropped: Int { condition.withLock { droppedCount } }

  /// Returns false when nobody will take any more: the putting thread should stop.
  package func put(_ element: Element) -> Bool {
    condition.withLock {
      if case .keepNewest = policy, droppable(element) {
        let before = waiting.count
        waiting.removeAll(where: droppable)
        droppedCount += before - waiting.count
      }
      let room = policy == .wait ? capacity : Self.mostWaiting
      while waiting.count >= room, ending == nil { condition.wait() }
      guard ending == nil else { return false }
      waiting.append(element)
      condition.broadcast()
      return true
    }
  }

  /// The next element; nil after `finish`. Throws what `fail` was given, once all that came before it is taken.
  package func take() throws -> Element? {
    try condition.withLock {
      while waiting.isEmpty, ending == nil { condition.wait() }
      if !waiting.isEmpty {
        let element = waiting.removeFirst()
        condition.broadcast()
        return element
      }
      if case .failed(let error) = ending { throw error }
      return nil
    }
  }

  /// The putting side has no more.
  package func finish() { end(.finished) }
  /// The putting side met an error, which the taking side gets.
  package func fail(_ error: any Error) { end(.failed(error)) }
  /// The taking side wants no more; what waits is forgotten.
  package func abandon() { condition.withLock { waiting.removeAll() }; end(.abandoned) }

  private func end(_ how: Ending) {
    condition.withLock {
      if ending == nil { ending = how }
      condition.broadcast()
    }
  }
}

/// A thread of our own: decoding and detecting block for long, and nothing may block Swift's cooperative pool.
final class WorkerThread: @unchecked Sendable {
  private let done = DispatchSemaphore(value: 0)

  init(_ name: String, _ body: @escaping @Sendable () -> Void) {
    let thread = Thread { [done] in body(); done.signal() }
    thread.name = name
    thread.stackSize = 8 << 20
    thread.start()
  }

  /// Waits for the thread's end. Call it once.
  func join() { done.wait() }
}
