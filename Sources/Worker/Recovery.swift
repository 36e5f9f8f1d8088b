import EventLog
import Scene

/// What an earlier process left open in the log when it died is ended, with reason `recovered`: whatever started always ends.
enum Recovery {
  static func close(_ recovered: RecoveredState, of stream: String, into sink: any EventSink) throws {
    for episode in recovered.open where episode.context.stream == stream {
      try sink.append([episode.end(reason: .recovered)], in: episode.context)
    }
  }
}
