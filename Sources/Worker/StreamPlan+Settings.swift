import EventLog
import Foundation
import OwlViT
import Regions
import RuleEngine
import Scene
import VideoInput

extension StreamPlan {
  /// OWL-ViT boxes of one object overlap less than those of most detectors (a token each, no one-to-one training finish):
  /// 0.45 merges them without joining people who walk side by side.
  static let defaultOverlap = 0.45
  static let defaultInterval = MediaInterval.milliseconds(500)

  /// Fills in what the settings leave open. Reads the rule file.
  init(_ settings: StreamSettings, model: ModelDirectory?, isStill: Bool = false) throws {
    guard let source = settings.source else { throw WorkerError(.usage, "no source: name a file, a URL, a device, or - for standard input") }
    guard settings.queries.contains(where: { !$0.suppresses }) else {
      throw WorkerError(.usage, "nothing to look for: give at least one query, e.g. --query person")
    }
    try QueryText.checkUnique(settings.queries)
    stream = settings.stream ?? Self.streamID(of: source)
    queries = settings.queries
    let fallback = settings.threshold ?? model?.notes?.threshold ?? SharedDetector.uncalibratedThreshold
    thresholds = settings.queries.map { $0.threshold ?? fallback }
    look = Self.lookOptions(settings, model: model, isStill: isStill)
    overlap = settings.overlap ?? Self.defaultOverlap
    classAgnostic = settings.classAgnostic ?? false
    startTime = settings.startTime
    let reported = settings.queries.filter { !$0.suppresses }
    rules = try settings.rules.map { path throws in try RuleSet.load(path: path, queries: reported) } ?? RuleSet.standard(queries: reported)
    input = InputOptions(source: source, sampling: settings.sampling ?? .every(Self.defaultInterval))
    input.from = settings.from
    input.to = settings.to
    if let stall = settings.stallTimeout { input.stallTimeout = stall }
  }

  /// A file's stream is called like the file; a URL's like its last part or host.
  static func streamID(of source: String) -> String {
    if source == "-" { return "stdin" }
    var path = Substring(source)
    if let scheme = source.range(of: "://") {
      path = source[scheme.upperBound...].prefix { $0 != "?" && $0 != "#" }
      if let at = path.lastIndex(of: "@") { path = path[path.index(after: at)...] }
    }
    while path.last == "/" { path.removeLast() }
    let name = path.split(separator: "/").last ?? "stream"
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return String(name) }
    return String(name[..<dot])
  }

  /// `auto` means what the model's own notes say, else the whole picture.
  private static func lookOptions(_ settings: StreamSettings, model: ModelDirectory?, isStill: Bool) -> LookOptions {
    let notes = model?.notes
    var look = settings.look ?? .auto
    if look == .auto { look = notes?.look.flatMap { Look(rawValue: $0.rawValue) } ?? .whole }
    var options = LookOptions(look: look, window: notes?.window ?? model?.config.vision.imageSize ?? 768, scales: notes?.scales ?? [1])
    options.isStill = isStill
    return options
  }

  func context(session: Int, info: StreamInfo, arrival: Int64?) -> StreamContext {
    let (source, epoch): (TimeSource, Int64) = if let arrival { (.arrival, arrival) }
      else if let start = startTime ?? info.startEpoch { (.file, start) } else { (.media, 0) }
    return StreamContext(stream: stream, session: session, timeBase: Rational(info.timeBase.numerator, info.timeBase.denominator), timeSource: source, epoch: epoch)
  }
}
