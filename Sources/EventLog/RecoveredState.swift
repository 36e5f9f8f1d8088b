public import Scene

/// What an existing log tells the worker that opens it.
public struct RecoveredState: Sendable, Equatable {
  /// The last number given; 0 where the log is empty.
  public var lastSequence = 0
  /// Each stream as its last line left it, by id.
  public var streams: [StreamState] = []
  /// What started and had not ended, in the order in which it started.
  public var open: [LoggedEvent] = []
  /// Bytes of a torn last line that were cut off.
  public var cutBytes: Int64 = 0
  /// Lines that could not be read, by number; the first 20.
  public var problems: [LineProblem] = []

  public struct StreamState: Sendable, Equatable {
    public var context: StreamContext
    /// The latest media time of its session.
    public var mediaTime: MediaTime
  }

  public init() {}

  /// The last session of a stream; 0 where the log has none.
  public func lastSession(of stream: String) -> Int {
    streams.first { $0.context.stream == stream }?.context.session ?? 0
  }

  /// The events that end what is open, each with the context it belongs in: reason `recovered`, at the last media time that the log has of
  /// that session, with the object as it was when it started. Append them and nothing is open any more.
  public var endings: [(event: Event, context: StreamContext)] {
    open.map { started in
      var event = started.event
      let stream = streams.first { $0.context.stream == started.context.stream && $0.context.session == started.context.session }
      event.mediaTime = max(event.mediaTime, stream?.mediaTime ?? event.mediaTime)
      event.type = event.type.ending
      event.phase = .end
      event.reason = .recovered
      event.severity = nil
      event.details = event.details.filter { $0.key == Event.shadowKey }
      event.object?.detected = false
      return (event, started.context)
    }
  }
}

extension EventType {
  /// The type that ends what this one starts.
  public var ending: EventType {
    switch self {
    case .objectAppeared, .objectUpdated: .objectEnded
    case .zoneEntered: .zoneExited
    case .objectStopped: .objectMoved
    case .relationStarted: .relationEnded
    case .conditionStarted: .conditionEnded
    default: self
    }
  }
}

/// A line that is no event.
public struct LineProblem: Sendable, Equatable, CustomStringConvertible {
  public enum Kind: Sendable, Equatable {
    /// Not a JSON object of the log's form.
    case garbage
    /// The file ends in the middle of it.
    case cut
    /// A CloudEvents version this program does not know.
    case newer(version: String)
    /// Longer than any line may be.
    case tooLong
  }

  public var path: String
  /// From 1, within the file.
  public var line: Int
  public var kind: Kind

  public init(path: String, line: Int, kind: Kind) { self.path = path; self.line = line; self.kind = kind }

  public var description: String {
    switch kind {
    case .garbage: "\(path):\(line): not an event; left out"
    case .cut: "\(path):\(line): the file ends in the middle of this line; left out"
    case .newer(let version): "\(path):\(line): written in version \(version) of the format, which this owlwatch doesn't know; left out (a newer owlwatch reads it)"
    case .tooLong: "\(path):\(line): longer than \(LineReader.longestLine >> 20) MiB; left out"
    }
  }
}
