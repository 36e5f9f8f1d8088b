import EventLog
import Scene

/// What an earlier process left open in the log when it died is ended, with reason `recovered`: whatever started always ends.
enum Recovery {
  static func close(_ recovered: RecoveredState, of stream: String, into sink: any EventSink) throws {
    for ending in recovered.endings where ending.context.stream == stream {
      try sink.append([ending.event], in: ending.context)
    }
  }
}
