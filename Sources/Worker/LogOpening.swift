import EventLog

/// Opens the log that settings name: a file, or standard output.
func openLog(_ settings: StreamSettings) throws -> EventLogWriter {
  guard let path = settings.output, path != "-" else { return EventLogWriter() }
  do throws(EventLogError) {
    return try EventLogWriter(path: path, options: settings.logOptions)
  } catch {
    guard error.kind == .notFound else { throw error }
    throw WorkerError(.cannotCreate, "\(path): cannot write the event log: its folder does not exist; create it, or name a file elsewhere")
  }
}
