import Scene

/// One line of a log, read back: the event, its number, and what the log had added. Times have the log's milliseconds.
public struct LoggedEvent: Sendable, Equatable {
  public var event: Event
  public var context: StreamContext
  public var sequence: Int

  public init(event: Event, context: StreamContext, sequence: Int) {
    self.event = event; self.context = context; self.sequence = sequence
  }

  /// Reads a line (its line feed may be there). Nil where it is no event of a type this version knows.
  public init?(line: UnsafeRawBufferPointer) {
    guard let value = JSONValue(line), value["specversion"]?.text == "1.0" else { return nil }
    self.init(value)
  }

  /// Reads the object that a line is; `specversion` and `id` may be missing, as in the list of a checkpoint.
  init?(_ value: JSONValue) {
    guard let source = value["source"]?.text, source.hasPrefix(Self.sourcePrefix),
          let typeName = value["type"]?.text, typeName.hasPrefix("owlwatch."),
          let type = EventType(rawValue: String(typeName.dropFirst("owlwatch.".count))),
          let subject = value["subject"]?.text, var timeText = value["time"]?.text,
          let time = timeText.withUTF8({ parseTime(UnsafeRawBufferPointer($0)) }),
          let data = value["data"], let sequence = data["seq"]?.integer, let session = data["session"]?.integer,
          let mediaSeconds = data["media_time"]?.number, abs(mediaSeconds) < 9e9 else { return nil }
    let mediaTime = MediaTime(seconds: mediaSeconds)
    event = Event(type: type, subject: subject, mediaTime: mediaTime)
    event.readCourse(data)
    let (epoch, overflow) = time.subtractingReportingOverflow(mediaTime.nanoseconds)
    guard !overflow else { return nil }
    context = StreamContext(stream: String(source.dropFirst(Self.sourcePrefix.count)), session: session,
                            timeBase: Self.rational(data["time_base"]?.text), epoch: epoch,
                            timeSource: data["time_source"]?.text)
    self.sequence = sequence
  }

  static let sourcePrefix = "urn:owlwatch:"

  /// Keys of `data` that every event may have; all others are details of its type.
  static let commonKeys: [String] = ["seq", "session", "media_time", "pts", "time_base", "time_source", "rule", "query", "object",
                                     "phase", "episode", "reason", "severity"]

  private static func rational(_ text: String?) -> Rational {
    let parts = (text ?? "").split(separator: "/").compactMap { Int($0) }
    return parts.count == 2 ? Rational(parts[0], parts[1]) : Rational(1, 1000)
  }
}

extension StreamContext {
  fileprivate init(stream: String, session: Int, timeBase: Rational, epoch: Int64, timeSource: String?) {
    self.init(stream: stream, session: session, timeBase: timeBase, timeSource: timeSource.flatMap { TimeSource(rawValue: $0) } ?? .media,
              epoch: epoch)
  }
}

extension Event {
  fileprivate mutating func readCourse(_ data: JSONValue) {
    pts = data["pts"]?.integer.map { Int64($0) }
    if let rule = data["rule"], let id = rule["id"]?.text { self.rule = RuleReference(id: id, kind: rule["kind"]?.text ?? "") }
    if let query = data["query"], let id = query["id"]?.text { self.query = QueryReference(id: id, text: query["text"]?.text ?? "") }
    if let object = data["object"] { self.object = ObjectReport(object) }
    phase = data["phase"]?.text.flatMap { Phase(rawValue: $0) }
    episode = data["episode"]?.text
    reason = data["reason"]?.text.flatMap { EndReason(rawValue: $0) }
    severity = data["severity"]?.text.flatMap { Severity(rawValue: $0) }
    details = data.fields.filter { !LoggedEvent.commonKeys.contains($0.key) }.map { Detail($0.key, DetailValue($0.value)) }
  }
}

extension ObjectReport {
  fileprivate init?(_ value: JSONValue) {
    guard let track = value["track"]?.text.flatMap({ TrackID($0) }), let score = value["score"]?.number, let box = value["box"],
          let left = box["left"]?.number, let top = box["top"]?.number, let right = box["right"]?.number,
          let bottom = box["bottom"]?.number else { return nil }
    self.init(track: track, score: score, detected: value["detected"]?.flag ?? false,
              box: Box(left: left, top: top, right: right, bottom: bottom))
  }
}

extension DetailValue {
  /// Three decimals are how seconds are written; a number that happens to have three is written the same either way.
  init(_ value: JSONValue) {
    switch value {
    case .null: self = .text("")
    case .flag(let flag): self = .flag(flag)
    case .text(let text): self = .text(text)
    case .list(let list): self = .list(list.map { DetailValue($0) })
    case .fields(let fields): self = .fields(fields.map { Detail($0.key, DetailValue($0.value)) })
    case .number(let digits):
      if let integer = Int(digits) {
        self = .integer(integer)
      } else if digits.suffix(4).first == "." && !digits.contains("e") {
        self = .seconds(Double(digits) ?? 0)
      } else {
        self = .number(Double(digits) ?? 0)
      }
    }
  }
}
