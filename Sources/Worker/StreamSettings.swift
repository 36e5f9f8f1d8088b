public import EventLog
public import Regions
public import Scene
public import VideoInput
public import Tensors

/// Everything a stream's file or the command line can say. Nil: not said there; a layer above or the default decides.
/// Each property has a YAML key and a flag of the same name.
public struct StreamSettings: Sendable {
  public var stream: String?
  public var source: String?
  public var sampling: Sampling?
  public var from: MediaTime?
  public var to: MediaTime?
  /// Camera time of the file's first frame, nanoseconds since 1970.
  public var startTime: Int64?

  public var model: String?
  public var engine: Engine?
  /// Threads of the detector.
  public var threads: Int?
  public var look: Look?
  public var queries: [Query] = []
  /// Default score threshold for queries that have none of their own, 0…1.
  public var threshold: Double?
  /// Overlap (intersection over union) from which two detections of a query are one object.
  public var overlap: Double?
  public var classAgnostic: Bool?

  /// Path of a rule file; relative to the working directory once read.
  public var rules: String?
  /// Path of the event log; nil or `-`: standard output.
  public var output: String?
  public var recordDetections: String?
  public var recordTracks: String?
  /// Folder for the pictures of rules with `snapshot: true`; nil: `snapshots` beside the log.
  public var snapshots: String?

  public var sync: LogOptions.SyncPolicy?
  public var rotateAtBytes: Int64?
  public var rotateDaily: Bool?
  public var keepBytes: Int64?
  public var whenFull: LogOptions.WhenFull?

  /// A live stream that is silent for this long is down.
  public var stallTimeout: MediaInterval?

  public init() {}

  /// These settings, with those of another layer where this one says nothing.
  public func over(_ base: StreamSettings) -> StreamSettings {
    var merged = base
    func take<Value>(_ path: WritableKeyPath<StreamSettings, Value?>) { if let value = self[keyPath: path] { merged[keyPath: path] = value } }
    take(\.stream); take(\.source); take(\.sampling); take(\.from); take(\.to); take(\.startTime)
    take(\.model); take(\.engine); take(\.threads); take(\.look); take(\.threshold); take(\.overlap); take(\.classAgnostic)
    take(\.rules); take(\.output); take(\.recordDetections); take(\.recordTracks); take(\.snapshots)
    take(\.sync); take(\.rotateAtBytes); take(\.rotateDaily); take(\.keepBytes); take(\.whenFull); take(\.stallTimeout)
    if !queries.isEmpty { merged.queries = queries }
    return merged
  }

  public var logOptions: LogOptions {
    var options = LogOptions()
    if let sync { options.sync = sync }
    if let rotateAtBytes { options.rotateAtBytes = rotateAtBytes }
    if let rotateDaily { options.rotateDaily = rotateDaily }
    if let keepBytes { options.keepBytes = keepBytes }
    if let whenFull { options.whenFull = whenFull }
    return options
  }
}
