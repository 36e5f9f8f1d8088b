/// What the process says with its exit code (sysexits.h where it has a word for it).
public enum ExitStatus: Int32, Sendable, CaseIterable {
  case done = 0
  /// Some input failed, others went through.
  case someFailed = 1
  case usage = 64
  case badData = 65
  case noInput = 66
  case unavailable = 69
  case internalError = 70
  case cannotCreate = 73
  case ioError = 74

  public var meaning: String {
    switch self {
    case .done: "done"
    case .someFailed: "some input failed, the others went through"
    case .usage: "wrong use of the command line"
    case .badData: "bad configuration, model or data"
    case .noInput: "an input does not exist or cannot be read"
    case .unavailable: "a stream or a server is unavailable"
    case .internalError: "an error inside owlwatch"
    case .cannotCreate: "an output cannot be created"
    case .ioError: "reading or writing failed"
    }
  }
}

/// An error that ends a verb: one line for people, and the exit status.
public struct WorkerError: Error, Sendable, CustomStringConvertible {
  public var status: ExitStatus
  public var message: String
  public init(_ status: ExitStatus, _ message: String) { self.status = status; self.message = message }
  public var description: String { message }
}
