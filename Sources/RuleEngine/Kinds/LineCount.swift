import EventLog
import Scene

struct CountSettings: Sendable {
  var line: LineSettings
  var every: MediaInterval
  /// Local times at which counting starts anew; empty: never.
  var resets: LocalTimes
  /// The rule's queries, by index.
  var queries: [Int]
}

/// `line.count`: how often the line was crossed, told every `every` of media time, before each reset and at the end.
/// A crossing is counted on the keyframe that confirms it.
struct LineCount: Sendable, Equatable, Codable {
  private var watch = LineWatch()
  private var counts: CrossingCounts
  /// Which multiple of `every` was told last; nil before the first keyframe.
  private var told: Int64?
  /// Camera time, nanoseconds since 1970, at which counting starts anew; nil before the first keyframe and without resets.
  private var nextReset: Int64?
  private var since: Instant?
  /// When the counts were last told: the end of a stream on a multiple of `every` tells nothing twice.
  private var lastTold: Instant?

  init(queries: Int) { counts = CrossingCounts(queries: queries) }

  mutating func see(_ sight: Sight, _ settings: CountSettings) {
    guard let crossing = watch.see(sight, settings.line), settings.line.name(toRight: crossing.toRight) != nil else { return }
    _ = counts.count(query: sight.track.query, toRight: crossing.toRight)
  }

  /// Before the tracks of a keyframe are seen: what is due by then is told.
  mutating func begin(_ settings: CountSettings, epoch: Int64, _ moment: inout Moment) {
    let camera = epoch &+ moment.now.media
    if since == nil { since = moment.now }
    if told == nil { nextReset = settings.resets.next(after: camera) }
    if let reset = nextReset, camera >= reset {
      let at = Instant(media: reset &- epoch, known: moment.now.known &- (camera &- reset))
      tell(at, settings, &moment)
      counts.reset()
      since = at
      nextReset = settings.resets.next(after: camera)
    }
    let due = floorDivided(moment.now.media, by: settings.every.nanoseconds)
    if let told, due > told {
      let media = due &* settings.every.nanoseconds
      tell(Instant(media: media, known: moment.now.known &- (moment.now.media &- media)), settings, &moment)
    }
    told = due
  }

  func conditions(_ sight: Sight, _ settings: LineSettings) -> [Condition] { watch.conditions(sight, settings) }

  /// The judging is over: the last word.
  mutating func finish(_ settings: CountSettings, _ moment: inout Moment) {
    guard since != nil else { return }
    if lastTold != moment.now { tell(moment.now, settings, &moment) }
    rest()
  }

  /// Forgets the tracks and keeps the counts.
  mutating func rest() {
    watch = LineWatch()
    told = nil
    lastTold = nil
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
