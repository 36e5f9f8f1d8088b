import EventLog
import Scene

struct CountSettings: KindSettings {
  var line: LineSettings
  var every: MediaInterval
  /// Local times at which counting starts anew; empty: never.
  var resets: LocalTimes
  /// The rule's queries, by index.
  var queries: [Int]

  var anchor: Anchor { line.anchor }

  func placed(in plane: Plane, queries: [Int]) -> CountSettings {
    var placed = self
    placed.line = line.placed(in: plane, queries: queries)
    placed.queries = queries
    return placed
  }
}

/// `line.count`: how often the line was crossed, told every `every` of media time, before each reset and at the end.
/// A crossing is counted on the keyframe that confirms it.
struct LineCount: KindMachine {
  static let outlivesSessions = true

  private var watch = LineWatch()
  private var counts: CrossingCounts
  /// Which multiple of `every` was told last; nil before the first keyframe.
  private var told: Int64?
  private var resets = Resets()
  private var since: Instant?
  /// When the counts were last told: the end of a stream on a multiple of `every` tells nothing twice.
  private var lastTold: Instant?

  init(queries: Int) { counts = CrossingCounts(queries: queries) }

  mutating func judge(_ view: View, _ settings: CountSettings, _ moment: inout Moment) {
    begin(settings, &moment)
    for sight in view.own { see(sight, settings) }
  }

  private mutating func see(_ sight: Sight, _ settings: CountSettings) {
    guard let crossing = watch.see(sight, settings.line), settings.line.name(toRight: crossing.toRight) != nil else { return }
    _ = counts.count(query: sight.track.query, toRight: crossing.toRight)
  }

  /// Before the tracks of a keyframe are seen: what is due by then is told.
  private mutating func begin(_ settings: CountSettings, _ moment: inout Moment) {
    if told == nil, let before = since {
      // Told in the media time of this session.
      since = Instant(media: before.media &+ (resets.epoch ?? moment.epoch) &- moment.epoch, known: before.known)
    }
    if since == nil { since = moment.now }
    if let reset = resets.due(settings.resets, since: since ?? moment.now, moment) {
      // One that fell between two sessions was told when the first of them ended.
      if told != nil { tell(reset, settings, &moment) }
      counts.reset()
      since = reset
    }
    let due = floorDivided(moment.now.media, by: settings.every.nanoseconds)
    if let told, due > told {
      let media = due &* settings.every.nanoseconds
      // What falls into a gap is told with the next: nobody counted then.
      if !moment.clock.isUnknown(media) { tell(Instant(media: media, known: moment.now.known &- (moment.now.media &- media)), settings, &moment) }
    }
    told = due
  }

  func conditions(_ sight: Sight, _ others: [Sight], _ settings: CountSettings) -> (toFire: [Condition], toEnd: [Condition]) {
    (watch.conditions(sight, settings.line), [])
  }

  /// The last word. Forgets the tracks and keeps the counts.
  mutating func finish(_ sights: [Sight], _ reason: EndReason, _ settings: CountSettings, _ moment: inout Moment) {
    guard since != nil else { return }
    if lastTold != moment.now { tell(moment.now, settings, &moment) }
    watch = LineWatch()
    told = nil
    lastTold = nil
  }

  /// When counting starts anew, by a clock that may yet be corrected: each of the times once.
  private struct Resets: Sendable, Equatable, Codable {
    /// Camera time at media time zero, as it was known on the keyframe before; nil before the first.
    private(set) var epoch: Int64?
    /// Camera time, nanoseconds since 1970.
    private var next: Int64?
    private var last: Int64?

    /// The moment of a reset that has come; nil where none has.
    /// - Parameter since: when counting began; negative where that was in an earlier session.
    mutating func due(_ times: LocalTimes, since: Instant, _ moment: Moment) -> Instant? {
      let camera = moment.epoch &+ moment.now.media
      if epoch != moment.epoch {
        epoch = moment.epoch
        // One that was waited for is due even if the clock, corrected, jumped over it: but not from before counting began.
        let waiting = next.flatMap { $0 > moment.epoch &+ since.media ? $0 : nil }
        next = [waiting, times.next(after: max(camera, last ?? camera))].compactMap { $0 }.min()
      }
      guard let reset = next, camera >= reset else { return nil }
      last = reset
      next = times.next(after: camera)
      let late = min(camera &- reset, moment.now.media)
      return Instant(media: moment.now.media &- late, known: moment.now.known &- late)
    }
  }

  private mutating func tell(_ at: Instant, _ settings: CountSettings, _ moment: inout Moment) {
    lastTold = at
    for query in settings.queries {
      var fields: [Detail] = []
      if let name = settings.line.right { fields.append(Detail(name, .integer(counts.value(query: query, toRight: true)))) }
      if let name = settings.line.left { fields.append(Detail(name, .integer(counts.value(query: query, toRight: false)))) }
      moment.report(.lineCount, nil, at: at, since: at, nil, query: query,
                    [.moment("since", since ?? at), Detail("counts", .fields(fields))])
    }
  }
}
