import EventLog
import Foundation

/// Finds one event in a log by its id.
enum LoggedEventSearch {
  /// Fewer characters name an event by accident.
  private static let shortest = 6

  /// - Parameter id: the whole id, or its beginning where that is unique in the log.
  static func event(_ id: String, in log: String) throws -> (event: LoggedEvent, id: String) {
    let wanted = id.lowercased()
    guard wanted.count >= shortest, wanted.allSatisfy({ $0.isHexDigit || $0 == "-" }) else {
      throw WorkerError(.usage, "'\(id)' is no event id: give the `id` of a line of the log, or at least its first \(shortest) characters")
    }
    // How the log begins its lines; other writers' lines are read as a whole.
    let head = Array(#"{"specversion":"1.0","id":""#.utf8), start = head + Array(wanted.utf8)
    var found: [(event: LoggedEvent, id: String)] = []
    let tail = LogTail(path: log)
    try tail.run(LogTail.Callbacks { line in
      guard line.starts(with: start) || !line.starts(with: head), let object = try? JSONSerialization.jsonObject(with: Data(line)) as? [String: Any],
            let whole = object["id"] as? String, whole.hasPrefix(wanted), let event = LoggedEvent(line: line) else { return }
      if !found.contains(where: { $0.id == whole }) { found.append((event, whole)) }
    })
    guard let first = found.first else {
      throw WorkerError(.noInput, "\(log): no event has the id \(id); `owlwatch tail \(log) --format json` shows what there is")
    }
    guard found.count == 1 else { throw WorkerError(.usage, "\(log): \(found.count) events have ids that begin with \(id); give more of it") }
    return first
  }
}
