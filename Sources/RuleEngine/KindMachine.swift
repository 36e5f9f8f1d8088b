import EventLog
import Scene

/// What a rule says beside the common fields, geometry normalised until it is placed in a picture's plane.
protocol KindSettings: Sendable {
  /// The same in the plane of a stream's picture, the rule's queries as indices of the stream's.
  func placed(in plane: Plane, queries: [Int]) -> Self
  /// Queries that the kind looks at beside the rule's own, by id or text: owners, helmets.
  var others: [String] { get }
  /// Which point of the box the kind goes by.
  var anchor: Anchor { get }
  /// So long after it happened the start of something, or what happens in a moment, may be told though everything is detected.
  var delay: MediaInterval { get }
}

extension KindSettings {
  func placed(in plane: Plane, queries: [Int]) -> Self { self }
  var others: [String] { [] }
  var anchor: Anchor { .bottomCenter }
  var delay: MediaInterval { .zero }
}

/// One keyframe as one rule sees it.
struct View {
  /// The tracks that the rule is about.
  var own: [Sight]
  /// The tracks of `KindSettings.others`; scores, sizes and zones that the rule asks for are not asked of them.
  var others: [Sight] = []
}

/// The sights of a keyframe by query: rules about the same queries share them.
struct Sightings {
  let all: [Sight]
  private var shared: [(queries: [Bool], sights: [Sight])] = []

  init(_ all: [Sight]) { self.all = all }

  /// - Parameter queries: by query of the stream, whether it is asked for.
  mutating func of(_ queries: [Bool]) -> [Sight] {
    if let known = shared.first(where: { $0.queries == queries }) { return known.sights }
    let sights = all.filter { queries.indices.contains($0.track.query) && queries[$0.track.query] }
    shared.append((queries, sights))
    return sights
  }
}

/// A kind's state machine for one rule: everything it remembers, over all tracks. Knows tracks, zones and media time.
protocol KindMachine: Sendable, Equatable, Codable {
  associatedtype Settings: KindSettings
  /// - Parameter queries: how many the stream has.
  init(queries: Int)
  /// A keyframe.
  mutating func judge(_ view: View, _ settings: Settings, _ moment: inout Moment)
  /// The judging is over, the sights are all live tracks as they were last detected: everything open gets its end.
  /// Afterwards the machine is as new, except for what outlives a session.
  mutating func finish(_ sights: [Sight], _ reason: EndReason, _ settings: Settings, _ moment: inout Moment)
  /// How the rule stands, for combinations; of kinds that tell moments only: nothing.
  func standings(_ view: View, _ moment: Moment) -> [Standing]
  /// What must hold for it to report for a track, in the order in which it asks, as it stands after a keyframe; and for what
  /// it reported to end by itself.
  /// - Parameter others: the tracks of `KindSettings.others`.
  func conditions(_ sight: Sight, _ others: [Sight], _ settings: Settings) -> (toFire: [Condition], toEnd: [Condition])
  /// The same where it reports of no track, or of one that is gone; `{0}`, `{1}` … in names stand for the rules that it combines.
  func conditions(about track: TrackID?, _ settings: Settings, now: Instant) -> (toFire: [Condition], toEnd: [Condition])
  /// Counts go on in the next session of the stream.
  static var outlivesSessions: Bool { get }
}

extension KindMachine {
  static var outlivesSessions: Bool { false }
  func standings(_ view: View, _ moment: Moment) -> [Standing] { [] }
  func conditions(_ sight: Sight, _ others: [Sight], _ settings: Settings) -> (toFire: [Condition], toEnd: [Condition]) { ([], []) }
  func conditions(about track: TrackID?, _ settings: Settings, now: Instant) -> (toFire: [Condition], toEnd: [Condition]) { ([], []) }
}

/// How a rule stands for one track, or as a whole.
struct Standing: Sendable {
  /// nil: the rule as a whole.
  var slot: Int?
  var verdict: Verdict
}

struct Verdict: Sendable {
  var isOn: Bool
  /// What happened before this moment has been told; nil: nothing is in question up to now.
  var until: Instant?
}

/// One rule's machine, whatever its kind.
struct RuleState: Sendable {
  let kind: RuleKind
  private var machine: any KindMachine

  init(_ kind: RuleKind, queries: Int) {
    self.kind = kind
    machine = kind.definition.machine.init(queries: queries)
  }

  mutating func judge(_ view: View, _ settings: any KindSettings, _ moment: inout Moment) {
    machine.judge(view, any: settings, &moment)
  }

  mutating func finish(_ sights: [Sight], _ reason: EndReason, _ settings: any KindSettings, _ moment: inout Moment) {
    machine.finish(sights, reason, any: settings, &moment)
  }

  func standings(_ view: View, _ moment: Moment) -> [Standing] { machine.standings(view, moment) }

  /// The kind's own conditions for a track.
  func conditions(_ sight: Sight, _ others: [Sight], _ settings: any KindSettings) -> (toFire: [Condition], toEnd: [Condition]) {
    machine.conditions(sight, others, any: settings)
  }

  /// Those that are about no track, or about one that is gone.
  func conditions(about track: TrackID?, _ settings: any KindSettings, now: Instant) -> (toFire: [Condition], toEnd: [Condition]) {
    machine.conditions(about: track, any: settings, now: now)
  }

  var outlivesSessions: Bool { type(of: machine).outlivesSessions }
}

extension KindMachine {
  fileprivate mutating func judge(_ view: View, any settings: any KindSettings, _ moment: inout Moment) {
    judge(view, Self.own(settings), &moment)
  }

  fileprivate mutating func finish(_ sights: [Sight], _ reason: EndReason, any settings: any KindSettings, _ moment: inout Moment) {
    finish(sights, reason, Self.own(settings), &moment)
  }

  fileprivate func conditions(_ sight: Sight, _ others: [Sight], any settings: any KindSettings) -> (toFire: [Condition], toEnd: [Condition]) {
    conditions(sight, others, Self.own(settings))
  }

  fileprivate func conditions(about track: TrackID?, any settings: any KindSettings, now: Instant) -> (toFire: [Condition], toEnd: [Condition]) {
    conditions(about: track, Self.own(settings), now: now)
  }

  private static func own(_ settings: any KindSettings) -> Settings {
    guard let own = settings as? Settings else { preconditionFailure("a rule's machine and settings are of one kind") }
    return own
  }

  fileprivate func equals(_ other: any KindMachine) -> Bool { self == other as? Self }
}

extension RuleState: Equatable, Codable {
  static func == (a: RuleState, b: RuleState) -> Bool { a.kind == b.kind && a.machine.equals(b.machine) }

  private enum CodingKeys: CodingKey { case kind, machine }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    kind = try container.decode(RuleKind.self, forKey: .kind)
    machine = try kind.definition.machine.init(from: container.superDecoder(forKey: .machine))
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(kind, forKey: .kind)
    try machine.encode(to: container.superEncoder(forKey: .machine))
  }
}
