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
    line.append(#"{"specversion":"1.0","id":""#)
    identity.append(event, in: context, to: &line)
    line.append(#"","source":"#)
    line.append(string: context.stream, after: "urn:owlwatch:")
    line.append(#","type":"owlwatch."#)
    line.append(raw: event.type.rawValue)
    line.append(#"","subject":"#)
    line.append(string: event.subject)
    line.append(#","time":""#)
    line.append(timeOf: context.cameraTime(of: event.mediaTime))
    line.append(#"","datacontenttype":"application/json","data":{"seq":"#)
    line.append(integer: Int64(sequence))
    encodeStamp(event, in: context)
    try encodeAbout(event)
    encodeCourse(event)
    for detail in event.details {
      line.append(byte: UInt8(ascii: ","))
      try encode(detail, of: event)
    }
    line.append("}}\n")
  }

  private mutating func encodeStamp(_ event: Event, in context: StreamContext) {
    line.append(#","session":"#)
    line.append(integer: Int64(context.session))
    line.append(#","media_time":"#)
    line.append(secondsOf: event.mediaTime.nanoseconds)
    if let pts = event.pts {
      line.append(#","pts":"#)
      line.append(integer: pts)
    }
    line.append(#","time_base":""#)
    line.append(integer: Int64(context.timeBase.numerator))
    line.append(byte: UInt8(ascii: "/"))
    line.append(integer: Int64(context.timeBase.denominator))
    line.append(#"","time_source":""#)
    line.append(raw: context.timeSource.rawValue)
    line.append(byte: UInt8(ascii: "\""))
  }

  private mutating func encodeAbout(_ event: Event) throws(EventLogError) {
    if let rule = event.rule {
      line.append(#","rule":{"id":"#)
      line.append(string: rule.id)
      line.append(#","kind":"#)
      line.append(string: rule.kind)
      line.append(byte: UInt8(ascii: "}"))
    }
    if let query = event.query {
      line.append(#","query":{"id":"#)
      line.append(string: query.id)
      line.append(#","text":"#)
      line.append(string: query.text)
      line.append(byte: UInt8(ascii: "}"))
    }
    if let object = event.object { try encode(object, of: event) }
  }

  private mutating func encode(_ object: ObjectReport, of event: Event) throws(EventLogError) {
    line.append(#","object":{"track":""#)
    line.append(track: object.track)
    line.append(#"","score":"#)
    try require(line.append(number: object.score), "object.score", of: event)
    line.append(object.detected ? #","detected":true,"box":{"left":"# : #","detected":false,"box":{"left":"#)
    var isNumber = line.append(number: object.box.left)
    line.append(#","top":"#)
    isNumber = line.append(number: object.box.top) && isNumber
    line.append(#","right":"#)
    isNumber = line.append(number: object.box.right) && isNumber
    line.append(#","bottom":"#)
    isNumber = line.append(number: object.box.bottom) && isNumber
    try require(isNumber, "object.box", of: event)
    line.append("}}")
  }

  private mutating func encodeCourse(_ event: Event) {
    if let phase = event.phase {
      line.append(#","phase":""#)
      line.append(raw: phase.rawValue)
      line.append(byte: UInt8(ascii: "\""))
    }
    if let episode = event.episode {
      line.append(#","episode":"#)
      line.append(string: episode)
    }
    if let reason = event.reason {
      line.append(#","reason":""#)
      line.append(raw: reason.rawValue)
      line.append(byte: UInt8(ascii: "\""))
    }
    if let severity = event.severity {
      line.append(#","severity":""#)
      line.append(raw: severity.rawValue)
      line.append(byte: UInt8(ascii: "\""))
    }
  }

  private mutating func encode(_ detail: Detail, of event: Event) throws(EventLogError) {
    line.append(string: detail.key)
    line.append(byte: UInt8(ascii: ":"))
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
      line.append(byte: UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { line.append(byte: UInt8(ascii: ",")) }
        try encode(value, named: name, of: event)
      }
      line.append(byte: UInt8(ascii: "]"))
    case .fields(let fields):
      line.append(byte: UInt8(ascii: "{"))
      for (index, field) in fields.enumerated() {
        if index > 0 { line.append(byte: UInt8(ascii: ",")) }
        try encode(field, of: event)
      }
      line.append(byte: UInt8(ascii: "}"))
    }
  }

  private func require(_ isNumber: Bool, _ field: String, of event: Event) throws(EventLogError) {
    guard !isNumber else { return }
    throw EventLogError(.invalidValue, path: "", attempted: "write \(event.type.rawValue) about \(event.subject)",
                        reason: "\(field) is not a finite number", remedy: "whoever made the event must give it one")
  }
}
