import Foundation

/// Standard error, for people: progress, warnings, summaries. Data goes to standard output, and nothing else does.
enum Terminal {
  static let isInteractive = isatty(STDERR_FILENO) == 1
  private static let lock = NSLock()
  nonisolated(unsafe) private static var statusShown = false

  /// One line that stays.
  static func say(_ line: String) {
    lock.withLock {
      write((statusShown ? "\r\u{1B}[K" : "") + line + "\n")
      statusShown = false
    }
  }

  /// A question; the answer is typed behind it.
  static func ask(_ question: String) { lock.withLock { write(question + " ") } }

  /// One line that the next replaces. The cursor goes back to its beginning: an event that standard output shows on the same terminal covers it.
  static func status(_ line: String) {
    lock.withLock {
      write("\r" + line + "\u{1B}[K\r")
      statusShown = true
    }
  }

  static func clearStatus() {
    lock.withLock {
      if statusShown { write("\r\u{1B}[K") }
      statusShown = false
    }
  }

  private static func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}

/// `1 rule`, `2 rules`
func counted(_ number: Int, _ thing: String) -> String { "\(number) \(thing)\(number == 1 ? "" : "s")" }
