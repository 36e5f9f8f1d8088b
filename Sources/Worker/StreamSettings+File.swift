import Configuration
import EventLog
import Foundation
import Regions
import Scene
import Tensors
import VideoInput

extension StreamSettings {
  static let keys = ["stream", "source", "every", "sample-fps", "sample", "from", "to", "start-time", "model", "engine", "threads", "look",
                     "queries", "suppress", "threshold", "overlap", "class-agnostic", "rules", "output", "record-detections",
                     "record-tracks", "snapshots", "sync", "rotate-size", "rotate-daily", "keep", "when-full", "stall-timeout"]

  /// Reads a stream's file. Paths in it are relative to it; `${NAME}` stands for a variable of the environment.
  public static func load(path: String) throws -> StreamSettings {
    let fields = try ConfigurationNode.load(path: path).fields(known: keys, of: "a stream")
    let reader = StreamFileReader(fields: fields, folder: URL(filePath: path).deletingLastPathComponent().relativePath)
    return try reader.settings()
  }
}

/// One stream's file, field by field.
private struct StreamFileReader {
  let fields: ConfigurationFields
  let folder: String

  func settings() throws -> StreamSettings {
    var settings = StreamSettings()
    settings.stream = try fields["stream"]?.identifier()
    settings.source = try source(fields.required("source"))
    settings.sampling = try told("every") { try SamplingText.parse(every: fields["every"]?.text(), rate: fields["sample-fps"]?.number(), sample: fields["sample"]?.text()) }
    settings.from = try position("from")
    settings.to = try position("to")
    settings.startTime = try told("start-time") { try fields["start-time"].map { try CameraTimeText.parse($0.text(), "start-time") } }
    settings.model = try fields["model"].map { try model($0) }
    settings.engine = try choice("engine", Engine.init(rawValue:), Engine.allCases.map(\.rawValue))
    settings.threads = try fields["threads"]?.integer(in: 1...1024)
    settings.look = try choice("look", Look.init(rawValue:), Look.allCases.map(\.rawValue))
    settings.queries = try queries() + suppressed()
    settings.threshold = try fields["threshold"]?.number(in: 0...1)
    settings.overlap = try fields["overlap"]?.number(in: 0...1)
    settings.classAgnostic = try fields["class-agnostic"]?.flag()
    settings.rules = try path("rules")
    settings.output = try path("output")
    settings.recordDetections = try path("record-detections")
    settings.recordTracks = try path("record-tracks")
    settings.snapshots = try path("snapshots")
    try log(&settings)
    settings.stallTimeout = try fields["stall-timeout"]?.duration(atLeast: .milliseconds(100))
    return settings
  }

  private func log(_ settings: inout StreamSettings) throws {
    settings.sync = try told("sync") { try fields["sync"].map { try LogText.sync($0.text()) } }
    settings.rotateAtBytes = try told("rotate-size") { try fields["rotate-size"].map { try LogText.bytes($0.text(), "rotate-size") } }
    settings.rotateDaily = try fields["rotate-daily"]?.flag()
    settings.keepBytes = try told("keep") { try fields["keep"].map { try LogText.bytes($0.text(), "keep") } }
    settings.whenFull = try choice("when-full", LogOptions.WhenFull.init(rawValue:), LogOptions.WhenFull.allCases.map(\.rawValue))
  }

  /// `person: a person`, or `truck: {text: red truck, threshold: 0.25}`.
  private func queries() throws -> [Query] {
    try fields["queries"]?.mapping(of: "queries").map { field in
      guard case .mapping = field.value.content else { return Query(id: field.key, text: try field.value.text()) }
      let query = try field.value.fields(known: ["text", "threshold"], of: "a query")
      return Query(id: field.key, text: try query.required("text").text(), threshold: try query["threshold"]?.number(in: 0...1))
    } ?? []
  }

  private func suppressed() throws -> [Query] {
    try fields["suppress"]?.oneOrMore(of: "suppress").map { node in
      let text = try node.text()
      return Query(id: QueryText.defaultID(of: text), text: text, suppresses: true)
    } ?? []
  }

  /// A URL, a device or `-` stays as it is; a file is relative to the stream's file.
  private func source(_ node: ConfigurationNode) throws -> String {
    let text = try expand(node)
    return text == "-" || text.contains("://") ? text : relative(text)
  }

  private func model(_ node: ConfigurationNode) throws -> String {
    let text = try expand(node)
    let file = relative(text)
    return FileManager.default.fileExists(atPath: file + "/config.json") ? file : text
  }

  private func path(_ key: String) throws -> String? {
    try fields[key].map { node in
      let text = try expand(node)
      return text == "-" ? text : relative(text)
    }
  }

  private func relative(_ path: String) -> String {
    path.hasPrefix("/") || folder == "." || folder.isEmpty ? path : climbed(folder, path)
  }

  /// `Streams` and `../Reports` make `Reports`, as a person would write it; not where a folder is a link and `..` leads elsewhere.
  private func climbed(_ folder: String, _ path: String) -> String {
    let isLink = (try? FileManager.default.destinationOfSymbolicLink(atPath: folder)) != nil
    guard path.hasPrefix("../"), !isLink, let last = folder.split(separator: "/").last, last != ".." else { return folder + "/" + path }
    let parent = folder.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    let rest = String(path.dropFirst(3))
    return folder == "/" + last ? "/" + rest : parent.isEmpty ? rest : climbed(parent, rest)
  }

  /// `${NAME}` from the environment, so that passwords need not stand in files.
  private func expand(_ node: ConfigurationNode) throws -> String {
    let text = try node.text()
    var expanded = "", rest = text[...]
    while let start = rest.range(of: "${") {
      expanded += rest[..<start.lowerBound]
      guard let end = rest[start.upperBound...].firstIndex(of: "}") else { throw node.mistake("'${' without '}'") }
      let name = String(rest[start.upperBound..<end])
      guard let value = ProcessInfo.processInfo.environment[name] else {
        throw node.mistake("the environment has no variable \(name)", suggestion: "set it: export \(name)=…")
      }
      expanded += value
      rest = rest[rest.index(after: end)...]
    }
    return expanded + rest
  }

  private func position(_ key: String) throws -> MediaTime? {
    try told(key) { try fields[key].map { try PositionText.parse($0.text(), key) } }
  }

  private func choice<Value>(_ key: String, _ read: (String) -> Value?, _ words: [String]) throws -> Value? {
    try fields[key].flatMap { read(try $0.choice(words)) }
  }

  /// What a text's own parser says, told with file and line.
  private func told<Value>(_ key: String, _ body: () throws -> Value) throws -> Value {
    do { return try body() } catch let error as WorkerError { throw (fields[key] ?? fields.node).mistake(error.message) }
  }
}
