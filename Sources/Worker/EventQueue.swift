import EventLog
import Foundation

/// Puts the events of inputs that are analysed side by side into the log in the inputs' order, so that the log's bytes do
/// not depend on which was faster. The current input writes through; those behind it wait in memory.
final class EventQueue: @unchecked Sendable {
  private let writer: EventLogWriter
  private let lock = NSLock()
  private var current: Int
  private var waiting: [Int: [(events: [Event], context: StreamContext)]] = [:]
  private var finished: Set<Int> = []

  /// - Parameter first: index of the input that writes first.
  init(_ writer: EventLogWriter, first: Int = 0) { self.writer = writer; current = first }

  struct Place: EventSink {
    let queue: EventQueue
    let index: Int
    func append(_ events: [Event], in context: StreamContext) throws { try queue.append(events, in: context, at: index) }
    /// Whether what is appended here goes straight into the log.
    var isCurrent: Bool { queue.lock.withLock { queue.current == index } }
  }

  func place(_ index: Int) -> Place { Place(queue: self, index: index) }

  private func append(_ events: [Event], in context: StreamContext, at index: Int) throws {
    try lock.withLock {
      if index == current { try writer.append(events, in: context) }
      else { waiting[index, default: []].append((events, context)) }
    }
  }

  /// An input has said all it will. Those that waited behind it move up.
  /// - Parameter moved: called with the input that writes next, before what it has waiting is written.
  func finish(_ index: Int, moved: (Int) throws -> Void) throws {
    try lock.withLock {
      finished.insert(index)
      while finished.remove(current) != nil {
        current += 1
        try moved(current)
        for (events, context) in waiting.removeValue(forKey: current) ?? [] { try writer.append(events, in: context) }
      }
    }
  }
}
