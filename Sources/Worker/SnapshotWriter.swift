import Canvas
import EventLog
import Foundation
import RuleEngine
import Scene

/// The picture of an event, for rules with `snapshot: true`: the object marked, zones and lines drawn, beside the log.
final class SnapshotWriter: @unchecked Sendable {
  private let folder: String
  /// What the event says before the picture's name: relative to the log's folder, so that both can be moved together.
  private let shownFolder: String
  private let rules: RuleSet

  /// Nil where no rule asks for pictures.
  init?(rules: RuleSet, folder: String?, log: String?) {
    guard rules.wantsSnapshots else { return nil }
    self.rules = rules
    let base = log.map { URL(filePath: $0).deletingLastPathComponent().path } ?? "."
    self.folder = folder ?? base + "/snapshots"
    shownFolder = log == nil ? folder ?? "snapshots" : Self.path(to: self.folder, from: base)
  }

  /// Where the folder lies as seen from another: beneath it, or beneath the folder that holds it; elsewhere the whole path.
  static func path(to folder: String, from base: String) -> String {
    func parts(_ path: String) -> [String] { URL(filePath: path).standardizedFileURL.pathComponents.filter { $0 != "/" } }
    let base = parts(base), folder = parts(folder)
    if folder.starts(with: base) { return folder.dropFirst(base.count).joined(separator: "/") }
    let above = base.dropLast()
    guard !above.isEmpty, folder.starts(with: above) else { return "/" + folder.joined(separator: "/") }
    return ([".."] + folder.dropFirst(above.count)).joined(separator: "/")
  }

  /// Draws what the events' rules ask for, and puts the path into each event.
  func attach(to events: inout [Event], picture: Picture, plan: StreamPlan) throws {
    for index in events.indices {
      guard rules.wantsSnapshot(events[index]) else { continue }
      let name = fileName(for: events[index], stream: plan.stream)
      try makeFolder()
      try drawAnnotated(picture, annotation(of: events[index], plan: plan), to: folder + "/" + name)
      events[index].details.append(Detail("snapshot", .text(shownFolder.isEmpty ? name : shownFolder + "/" + name)))
    }
  }

  private func makeFolder() throws {
    do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
      let system = (error as? CocoaError)?.underlying as? POSIXError
      let reason = system.map { String(cString: strerror($0.code.rawValue)) } ?? error.localizedDescription
      throw WorkerError(.cannotCreate, "\(folder): cannot make the folder for snapshots: \(reason); name another with --snapshots")
    }
  }

  private func fileName(for event: Event, stream: String) -> String {
    let parts = [stream, event.rule?.id ?? "", event.object?.track.description ?? "", event.pts.map(String.init) ?? "0", event.phase?.rawValue ?? ""]
    let plain = parts.filter { !$0.isEmpty }.joined(separator: "_")
    return String(plain.map { $0.isLetter || $0.isNumber || "_-.".contains($0) ? $0 : "-" }) + ".png"
  }

  private func annotation(of event: Event, plan: StreamPlan) -> Annotation {
    var annotation = Annotation()
    if let object = event.object {
      let query = plan.queries.firstIndex { $0.id == event.query?.id } ?? 0
      let label = "\(event.query?.id ?? "object") \(object.track)"
      annotation.boxes.append(Annotation.LabelledBox(box: object.box, label: label, color: query))
    }
    annotation.zones = rules.zones
    annotation.lines = rules.lines
    annotation.caption = "\(plan.stream)  \(event.rule?.id ?? "")  \(event.type.rawValue)  \(formatSeconds(event.mediaTime.seconds))"
    return annotation
  }

  private func formatSeconds(_ seconds: Double) -> String {
    let tenths = Int((seconds * 10).rounded())
    return "\(tenths / 600):\(tenths / 10 % 60 < 10 ? "0" : "")\(tenths / 10 % 60).\(tenths % 10)"
  }
}

extension RuleSet {
  /// Whether any rule wants pictures: only then are they kept until they are judged.
  var wantsSnapshots: Bool { rules.contains(where: \.wantsSnapshot) }
}
