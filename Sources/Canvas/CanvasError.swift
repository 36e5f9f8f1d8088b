/// A drawing that could not be made or written.
public struct CanvasError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was attempted: `write the annotated picture`.
  public var attempt: String
  /// The file or the call.
  public var subject: String
  /// The library's or the system's words.
  public var reason: String
  public var remedy: String

  public init(attempt: String, subject: String, reason: String, remedy: String) {
    self.attempt = attempt; self.subject = subject; self.reason = reason; self.remedy = remedy
  }

  public var description: String { "cannot \(attempt) (\(subject)): \(reason); \(remedy)" }
}
