import Glibc

/// What went wrong with a log: what was attempted, on what, the system's words, what to do about it.
public struct EventLogError: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Kind: Sendable, Equatable {
    /// Whoever read our output went away (EPIPE).
    case closedPipe
    /// The disk or the quota is full.
    case noRoom
    /// The device failed (EIO).
    case device
    /// Another worker holds the log; its process id where it could be read.
    case inUse(processID: Int32?)
    case notWritable
    case notFound
    /// It is there, and cannot be read: a directory, or this user has no right to.
    case notReadable
    case directory
    /// The file holds something else than an event log.
    case notALog
    /// A value that no line can carry: NaN, infinity.
    case invalidValue
    /// A file that cannot be what was once written: a wrong digest, a part that is gone.
    case damaged
    /// Stopped while it waited for room.
    case interrupted
    /// Text that a filter or an option cannot be read from.
    case usage
    case system(code: Int32)
  }

  public var kind: Kind
  /// The file; empty where it is about no file.
  public var path: String
  /// `write an event`, `open the log`, …
  public var attempted: String
  /// The system's words, or ours where the system had none.
  public var reason: String
  public var remedy: String?

  public init(_ kind: Kind, path: String, attempted: String, reason: String, remedy: String? = nil) {
    self.kind = kind; self.path = path; self.attempted = attempted; self.reason = reason; self.remedy = remedy
  }

  public var description: String {
    let place = path.isEmpty ? "" : "\(path): "
    let advice = remedy.map { "; \($0)" } ?? ""
    return "\(place)cannot \(attempted): \(reason)\(advice)"
  }

  /// From `errno`, or from a code kept from it.
  init(code: Int32, path: String, attempted: String) {
    let (kind, remedy) = Self.meaning(of: code)
    self.init(kind, path: path, attempted: attempted, reason: String(cString: strerror(code)), remedy: remedy)
  }

  /// A log that was to be read.
  init(reading path: String, code: Int32) {
    self.init(code: code, path: path, attempted: "read the log")
    switch kind {
    case .notWritable: (kind, remedy) = (.notReadable, "give this user the right to read it")
    case .directory: (kind, remedy) = (.notReadable, "name a log in it")
    default: break
    }
  }

  private static func meaning(of code: Int32) -> (Kind, String?) {
    switch code {
    case EPIPE: (.closedPipe, nil)
    case ENOSPC, EDQUOT: (.noRoom, "make room on that file system, or let the log keep less (--keep)")
    case EIO: (.device, "look at the disk (dmesg)")
    case EACCES, EPERM, EROFS: (.notWritable, "give this user the right to write there, or choose another place")
    case ENOENT: (.notFound, "see whether the path is right and its directory exists")
    case EISDIR: (.directory, "name a file in it")
    case ENOTDIR: (.notFound, "a part of the path is a file, not a directory")
    default: (.system(code: code), nil)
    }
  }
}
