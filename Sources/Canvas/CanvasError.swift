internal import CCairo

/// A drawing that could not be made or written.
public struct CanvasError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was attempted: `write an annotated picture`.
  public var attempt: String
  /// The file, or the library's call.
  public var subject: String
  /// The library's or the system's words.
  public var reason: String
  public var remedy: String

  public init(attempt: String, subject: String, reason: String, remedy: String) {
    self.attempt = attempt; self.subject = subject; self.reason = reason; self.remedy = remedy
  }

  public var description: String { "cannot \(attempt) (\(subject)): \(reason); \(remedy)" }
}

/// Every status of Cairo comes through here.
func check(_ status: cairo_status_t, _ call: String) throws(CanvasError) {
  guard status != CAIRO_STATUS_SUCCESS else { return }
  let remedy = switch status {
  case CAIRO_STATUS_NO_MEMORY: "free memory, or annotate a smaller picture"
  case CAIRO_STATUS_INVALID_SIZE: "annotate a picture of at most 32767 pixels a side"
  default: "this is a fault of owlwatch: please report it with the picture's size and the labels drawn"
  }
  throw CanvasError(attempt: "draw over the picture", subject: call, reason: String(cString: cairo_status_to_string(status)), remedy: remedy)
}
