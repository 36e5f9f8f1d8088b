import Scene

/// Events → lines: CloudEvents 1.0 in structured mode, keys in one order, numbers rounded, so that the same events give the
/// same bytes. Lines gather in a buffer that is reused; a line takes about 300 ns.
public struct EventEncoder: ~Copyable, @unchecked Sendable {
  private var line = ByteBuffer()
  private var identity = EventIdentity()

  public init() {}

  /// Bytes gathered since `clear`.
  public var count: Int { line.count }

  /// Lends the gathered lines, each with its line feed.
  public borrowing func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result { try body(line.bytes) }

  /// Empties the buffer and keeps its memory.
  public mutating func clear() { line.truncate(to: 0) }

  /// Appends the event's line with its line feed. Camera time is the context's epoch plus the event's media time.
  /// Throws `invalidValue` where a number is none (NaN, infinite), naming the field; nothing is appended then.
  public mutating func encode(_ event: Event, in context: StreamContext, sequence: Int) throws(EventLogError) {
    let start = line.count
    do {
      try encodeLine(event, in: context, sequence: sequence)
    } catch {
      line.truncate(to: start)
      throw error
    }
  }

  /// One event's line as bytes of its own, line feed included: for tests and for those who send events elsewhere.
  public static func line(_ event: Event, in context: StreamContext, sequence: Int) throws(EventLogError) -> [UInt8] {
    var encoder = EventEncoder()
    try encoder.encode(event, in: context, sequence: sequence)
    return encoder.withBytes { Array($0) }
  }

  private mutating func encodeLine(_ event: Event, in context: StreamContext, sequence: Int) throws(EventLogError) {
    line.append(LineText.begin)
    identity.append(event, in: context, to: &line)
    line.append(LineText.source)
    line.append(string: context.stream, after: "urn:owlwatch:")
    line.append(LineText.type)
    line.append(raw: event.type.rawValue)
    line.append(LineText.subject)
    line.append(string: event.subject)
    line.append(LineText.time)
    line.append(timeOf: context.cameraTime(of: event.mediaTime))
    line.append(LineText.sequence)
    line.append(integer: Int64(sequence))
    encodeStamp(event, in: context)
    try encodeAbout(event)
    encodeCourse(event)
    for detail in event.details {
      line.append(LineText.comma)
      try encode(detail, of: event)
    }
    line.append(LineText.end)
  }

  private mutating func encodeStamp(_ event: Event, in context: StreamContext) {
    line.append(LineText.session)
    line.append(integer: Int64(context.session))
    line.append(LineText.mediaTime)
    line.append(secondsOf: event.mediaTime.nanoseconds)
    if let pts = event.pts {
      line.append(LineText.pts)
      line.append(integer: pts)
    }
    line.append(LineText.timeBase)
    line.append(integer: Int64(context.timeBase.numerator))
    line.append(LineText.slash)
    line.append(integer: Int64(context.timeBase.denominator))
    line.append(LineText.timeSource)
    line.append(raw: context.timeSource.rawValue)
    line.append(LineText.quote)
  }

  private mutating func encodeAbout(_ event: Event) throws(EventLogError) {
    if let rule = event.rule {
      line.append(LineText.rule)
      line.append(string: rule.id)
      line.append(LineText.ruleKind)
      line.append(string: rule.kind)
      line.append(LineText.close)
    }
    if let query = event.query {
      line.append(LineText.query)
      line.append(string: query.id)
      line.append(LineText.queryText)
      line.append(string: query.text)
      line.append(LineText.close)
    }
    if let object = event.object { try encode(object, of: event) }
  }

  private mutating func encode(_ object: ObjectReport, of event: Event) throws(EventLogError) {
    line.append(LineText.object)
    line.append(track: object.track)
    line.append(LineText.score)
    try require(line.append(number: object.score), "object.score", of: event)
    line.append(object.detected ? LineText.detectedBox : LineText.carriedBox)
    var isNumber = line.append(number: object.box.left)
    line.append(LineText.top)
    isNumber = line.append(number: object.box.top) && isNumber
    line.append(LineText.right)
    isNumber = line.append(number: object.box.right) && isNumber
    line.append(LineText.bottom)
    isNumber = line.append(number: object.box.bottom) && isNumber
    try require(isNumber, "object.box", of: event)
    line.append(LineText.closeTwo)
  }

  private mutating func encodeCourse(_ event: Event) {
    if let phase = event.phase { append(LineText.phase, word: phase.rawValue) }
    if let episode = event.episode {
      line.append(LineText.episode)
      line.append(string: episode)
    }
    if let reason = event.reason { append(LineText.reason, word: reason.rawValue) }
    if let severity = event.severity { append(LineText.severity, word: severity.rawValue) }
  }

  /// A text of our own, which needs no escapes.
  private mutating func append(_ key: StaticString, word: String) {
    line.append(key)
    line.append(raw: word)
    line.append(LineText.quote)
  }

  private mutating func encode(_ detail: Detail, of event: Event) throws(EventLogError) {
    line.append(string: detail.key)
    line.append(LineText.colon)
    try encode(detail.value, named: detail.key, of: event)
  }

  private mutating func encode(_ value: DetailValue, named name: String, of event: Event) throws(EventLogError) {
    switch value {
    case .integer(let value): line.append(integer: Int64(value))
    case .number(let value): try require(line.append(number: value), name, of: event)
    case .seconds(let value): try require(line.append(seconds: value), name, of: event)
    case .text(let value): line.append(string: value)
    case .flag(let value): line.append(value ? "true" : "false")
    case .list(let values):
      line.append(LineText.openList)
      for (index, value) in values.enumerated() {
        if index > 0 { line.append(LineText.comma) }
        try encode(value, named: name, of: event)
      }
      line.append(LineText.closeList)
    case .fields(let fields):
      line.append(LineText.open)
      for (index, field) in fields.enumerated() {
        if index > 0 { line.append(LineText.comma) }
        try encode(field, of: event)
      }
      line.append(LineText.close)
    }
  }

  private func require(_ isNumber: Bool, _ field: String, of event: Event) throws(EventLogError) {
    guard !isNumber else { return }
    throw EventLogError(.invalidValue, path: "", attempted: "write \(event.type.rawValue) about \(event.subject)",
                        reason: "\(field) is not a finite number", remedy: "whoever made the event must give it one")
  }
}
