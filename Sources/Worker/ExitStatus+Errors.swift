import Canvas
import Configuration
import EventLog
import ModelHub
import OwlViT
import Tracking
import VideoInput

extension ExitStatus {
  /// How the process ends for an error of any floor; nil: not one of ours.
  public init?(of error: any Error) {
    switch error {
    case let error as WorkerError: self = error.status
    case let error as VideoInputError: self.init(of: error)
    case let error as EventLogError: self.init(of: error)
    case let error as ConfigurationError: self = error.isOfMissingFile ? .noInput : .badData
    case is MOTError: self = .badData
    case let error as ModelError: self = ExitStatus(rawValue: error.exitCode) ?? .noInput
    case let error as HubError: self = ExitStatus(rawValue: error.exitCode) ?? .unavailable
    case is CanvasError: self = .cannotCreate
    case is ClosedPipe: self = .ioError
    default: return nil
    }
  }

  private init(of error: EventLogError) {
    switch error.kind {
    case .usage: self = .usage
    case .notALog, .damaged, .invalidValue: self = .badData
    case .notFound, .notReadable: self = .noInput
    case .inUse, .notWritable, .directory: self = .cannotCreate
    case .closedPipe, .noRoom, .device, .interrupted, .system: self = .ioError
    }
  }

  private init(of error: VideoInputError) {
    switch error.kind {
    case .notFound, .isDirectory, .unreadable: self = .noInput
    case .unavailable, .timedOut, .authentication: self = .unavailable
    default: self = .badData
    }
  }
}
