import EventLog

/// What an earlier process left open in the log when it died is ended, with reason `recovered`: whatever started always ends. All streams of the log,
/// since it is ours alone: also those that are no longer watched.
enum Recovery {
  static func close(in writer: EventLogWriter) throws {
    for ending in writer.recovered.endings { try writer.append([ending.event], in: ending.context) }
  }
}
