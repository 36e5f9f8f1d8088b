import Scene

/// What a log has to remember of its lines while it grows: each stream's last state, and what is open. Forgets an episode when it
/// ends; a stream is never forgotten, there are as many as the configuration names.
struct LogMemory {
  private struct Key: Hashable {
    var stream: String
    var episode: String
  }

  private var started: [Key: LoggedEvent] = [:]
  private(set) var streams: [String: RecoveredState.StreamState] = [:]

  /// In the order in which they started.
  var open: [LoggedEvent] { started.values.sorted { $0.sequence < $1.sequence } }

  var streamsByName: [RecoveredState.StreamState] { streams.values.sorted { $0.context.stream < $1.context.stream } }

  mutating func note(_ event: Event, in context: StreamContext, sequence: Int) {
    noteTime(event.mediaTime, in: context)
    guard let phase = event.phase, let episode = event.episode else { return }
    let key = Key(stream: context.stream, episode: episode)
    switch phase {
    case .start: started[key] = LoggedEvent(event: event, context: context, sequence: sequence)
    case .update: break
    case .end: started[key] = nil
    }
  }

  private mutating func noteTime(_ time: MediaTime, in context: StreamContext) {
    // In place: a dictionary update per event would be a third of the cost of a line.
    guard let known = streams[context.stream], known.context.session == context.session else {
      // The end of what a session before left open comes late, and makes that session no newer.
      if let known = streams[context.stream], known.context.session > context.session { return }
      streams[context.stream] = .init(context: context, mediaTime: time)
      return
    }
    if time > known.mediaTime { streams[context.stream]?.mediaTime = time }
  }

  /// The first line of a part after the first: carries over what the parts before it left open, so that a restart reads the current
  /// part alone, and parts may be deleted.
  func checkpoint(part: Int, mediaTime: MediaTime, pts: Int64?) -> Event {
    // The number in the subject: two small parts may begin at the same moment, and still no id comes twice.
    Event(type: .logCheckpoint, subject: "log/\(part)", mediaTime: mediaTime, pts: pts, details: [
      Detail("part", .integer(part)),
      Detail("streams", .list(streamsByName.map { .fields($0.details) })),
      Detail("open", .list(open.map { .fields($0.details) })),
    ])
  }

  /// Begins anew from a checkpoint line's `data`; returns the part's number, nil where the line has none.
  mutating func restore(_ data: JSONValue) -> Int? {
    guard let part = data["part"]?.integer, part > 0 else { return nil }
    self = LogMemory()
    for value in data["streams"]?.list ?? [] {
      guard let stream = LoggedEvent(value) else { continue }
      streams[stream.context.stream] = .init(context: stream.context, mediaTime: stream.event.mediaTime)
    }
    for value in data["open"]?.list ?? [] {
      guard let event = LoggedEvent(value), let episode = event.event.episode else { continue }
      started[Key(stream: event.context.stream, episode: episode)] = event
    }
    return part
  }
}

extension RecoveredState.StreamState {
  /// As a `stream.up` line would have it, so that one reader reads all.
  fileprivate var details: [Detail] {
    LoggedEvent(event: Event(type: .streamUp, subject: "stream", mediaTime: mediaTime), context: context, sequence: 0).details
  }
}

extension LoggedEvent {
  /// The line's own fields, less `specversion` and `id`.
  fileprivate var details: [Detail] {
    var time = ByteBuffer(capacity: 32)
    time.append(timeOf: context.cameraTime(of: event.mediaTime))
    var data: [Detail] = [
      Detail("seq", .integer(sequence)), Detail("session", .integer(context.session)), Detail("media_time", .seconds(event.mediaTime.seconds)),
    ]
    if let pts = event.pts { data.append(Detail("pts", .integer(Int(pts)))) }
    data.append(Detail("time_base", .text("\(context.timeBase.numerator)/\(context.timeBase.denominator)")))
    data.append(Detail("time_source", .text(context.timeSource.rawValue)))
    if let rule = event.rule { data.append(Detail("rule", .fields([Detail("id", .text(rule.id)), Detail("kind", .text(rule.kind))]))) }
    if let query = event.query { data.append(Detail("query", .fields([Detail("id", .text(query.id)), Detail("text", .text(query.text))]))) }
    if let object = event.object { data.append(Detail("object", .fields(object.details))) }
    if let phase = event.phase { data.append(Detail("phase", .text(phase.rawValue))) }
    if let episode = event.episode { data.append(Detail("episode", .text(episode))) }
    return [
      Detail("source", .text(Self.sourcePrefix + context.stream)), Detail("type", .text("owlwatch." + event.type.rawValue)),
      Detail("subject", .text(event.subject)), Detail("time", .text(String(decoding: time.bytes, as: UTF8.self))),
      Detail("data", .fields(data)),
    ]
  }
}

extension ObjectReport {
  fileprivate var details: [Detail] {
    [
      Detail("track", .text(track.description)), Detail("score", .number(score)), Detail("detected", .flag(detected)),
      Detail("box", .fields([
        Detail("left", .number(box.left)), Detail("top", .number(box.top)),
        Detail("right", .number(box.right)), Detail("bottom", .number(box.bottom)),
      ])),
    ]
  }
}
