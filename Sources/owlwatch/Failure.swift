import ArgumentParser
import Worker

/// What an error of any floor says to people and to the shell.
struct Failure {
  var status: ExitStatus
  var message: String

  /// Nil for what ArgumentParser words itself: usage, help, version.
  init?(_ error: any Error) {
    switch error {
    case is ExitCode, is CleanExit, is ValidationError: return nil
    default: break
    }
    guard let known = ExitStatus(of: error) else {
      // ArgumentParser's own errors are not public types.
      if String(reflecting: type(of: error)).hasPrefix("ArgumentParser.") { return nil }
      status = .internalError
      message = "\(error)"
      return
    }
    status = known
    message = "\(error)"
  }
}
