import EventLog
import Foundation
public import Scene

/// Where keyframes come from that are to be judged again: a recording, or the source itself, which is looked at once more.
public struct RecordingSource: Sendable {
  public enum Origin: Sendable, Equatable {
    case tracks(String), detections(String)
    /// The settings' source.
    case source
  }

  public var origin: Origin
  /// MOT text alone needs these.
  public var framesPerSecond: Double?
  public var size: PictureSize?
  public var settings: StreamSettings

  public init(_ origin: Origin, settings: StreamSettings) { self.origin = origin; self.settings = settings }

  /// Reads the recording; a source is analysed first, exactly as `analyze` does.
  func open(stop: StopFlag, tell: (String) -> Void) throws -> Rejudging {
    switch origin {
    case .tracks(let path): return try read(path, .tracks)
    case .detections(let path): return try read(path, .detections)
    case .source: return try inTemporaryFolder { folder in try read(try record(.tracks, in: folder, stop: stop, tell: tell), .tracks) }
    }
  }

  private func read(_ path: String, _ kind: RecordKind) throws -> Rejudging {
    try Rejudging(recorded(path, kind), settings: settings, source: path)
  }

  func recorded(_ path: String, _ kind: RecordKind) throws -> RecordedStream {
    var job = ReplayJob(recording: path, kind: kind, settings: settings)
    job.framesPerSecond = framesPerSecond
    job.size = size
    return try RecordedStream.open(job)
  }

  func inTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "owlwatch-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
  }

  /// Analyses the source and records what was seen; the path of the recording.
  func record(_ kind: RecordKind, in folder: String, stop: StopFlag, tell: (String) -> Void) throws -> String {
    var settings = settings
    let path = folder + "/\(kind.rawValue).jsonl"
    settings.output = folder + "/events.jsonl"
    settings.recordTracks = kind == .tracks ? path : nil
    settings.recordDetections = kind == .detections ? path : nil
    tell("looking at \(settings.source ?? "the source"); a recording (analyze --record-\(kind.rawValue)) saves this")
    let detector = try DetectorFactory.make(settings)
    let outcomes = try AnalyzeJob(inputs: [settings]).run(detector: detector, stop: stop, warn: tell, began: { _, _, _ in })
    if let error = outcomes.compactMap(\.error).first { throw error }
    return path
  }
}
