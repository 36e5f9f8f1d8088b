import Configuration
import EventLog
import Foundation
import Scene

// Kinds about an object and what it does.
extension KindDefinition {
  static let appeared = KindDefinition(fields: [], machine: PerTrack<ObjectAppeared>.self) { _ throws(ConfigurationError) in
    (ObjectAppeared.Settings(), nil)
  }

  private static let leeway: [FieldSpec] = [
    FieldSpec(name: "leeway", type: .distance, standard: "3%", about: "An object whose centre stays within a square of this side stands still.", example: "2%"),
    FieldSpec(name: "size_leeway", type: .share, standard: "25%", about: "The box of an object that stands still is at its largest this much wider and higher than at its smallest.", example: "40%"),
    FieldSpec(name: "hold", type: .duration, standard: "1s", about: "It must be away from where it stood this long to have moved.", example: "2s"),
  ]

  static let stopped = KindDefinition(fields: [
    FieldSpec(name: "after", type: .duration, standard: "10s", about: "It must stand still this long to have stopped.", example: "30s"),
  ] + leeway, machine: PerTrack<ObjectStopped>.self) { reader throws(ConfigurationError) in
    (StoppedSettings(stillness: try reader.stillness(settle: try reader.duration("after"))), nil)
  }

  static let wrongDirection = KindDefinition(fields: [
    FieldSpec(name: "forbidden", type: .heading, isNeeded: true, about: "The forbidden heading: left, right, up, down in the picture, or from one point to another.", example: "[[0.2, 0.9], [0.5, 0.1]]"),
    FieldSpec(name: "tolerance", type: .angle, standard: "60°", about: "A heading within this of the forbidden one is forbidden, too.", example: "45°"),
    FieldSpec(name: "displacement", type: .distance, standard: "5%", about: "So far it must have come.", example: "10%"),
    FieldSpec(name: "hold", type: .duration, standard: "1s", about: "For this long it must not come back.", example: "2s"),
    RuleFields.anchor,
  ], machine: PerTrack<WrongDirection>.self) { reader throws(ConfigurationError) in
    let settings = WrongDirectionSettings(forbidden: try reader.heading("forbidden"), tolerance: try reader.angle("tolerance"),
                                          displacement: try reader.distance("displacement"), hold: try reader.duration("hold"), anchor: try reader.anchor())
    return (settings, nil)
  }

  static let speeding = KindDefinition(fields: [
    FieldSpec(name: "ground", type: .ground, isNeeded: true, about: "Four points of the ground, no three on one line: where they are in the picture, and where they are in metres, x to the right and y towards the camera.", example: "{picture: [[0.3, 0.4], [0.7, 0.4], [0.9, 0.9], [0.1, 0.9]], metres: [[0, 0], [7, 0], [7, 30], [0, 30]]}"),
    FieldSpec(name: "limit", type: .speed, isNeeded: true, about: "The highest speed that is allowed.", example: "50 km/h"),
    FieldSpec(name: "window", type: .duration, standard: "2s", about: "The mean is taken over this long.", example: "1s"),
    RuleFields.anchor,
  ], machine: PerTrack<Speeding>.self) { reader throws(ConfigurationError) in
    let (limit, unit) = try reader.speed("limit")
    let settings = SpeedingSettings(ground: try reader.ground("ground"), limit: limit, unit: unit,
                                    window: try reader.duration("window", atLeast: .milliseconds(1)), anchor: try reader.anchor())
    return (settings, nil)
  }

  private static let owner: [FieldSpec] = [
    FieldSpec(name: "owner", type: .queries, about: "Whose nearness makes it all right: one or more of the stream's queries. Left out: nobody's.", example: "person"),
    FieldSpec(name: "near", type: .distance, standard: "5%", about: "Boxes with no more space between them than this are near each other.", example: "10%"),
    FieldSpec(name: "owner_hold", type: .duration, standard: "2s", about: "Who is near for less than this only passes by.", example: "5s"),
  ]

  static let abandoned = KindDefinition(fields: [
    FieldSpec(name: "after", type: .duration, standard: "60s", about: "It must have stood alone this long.", example: "2m"),
  ] + owner + leeway, machine: Abandoned.self) { reader throws(ConfigurationError) in
    let after = try reader.duration("after")
    // After this long it rests, and a crawl of the box counts as moving only once it leaves the leeway.
    let settle = min(after, .seconds(10))
    return (AbandonedSettings(stillness: try reader.stillness(settle: settle), after: after, owner: try reader.owner()), nil)
  }

  static let removed = KindDefinition(fields: [
    FieldSpec(name: "standing", type: .duration, standard: "10s", about: "What has stood still this long belongs there.", example: "1m"),
    FieldSpec(name: "after", type: .duration, standard: "30s", about: "It must have been gone this long.", example: "10s"),
  ] + owner + leeway.filter { $0.name != "hold" }, machine: Removed.self) { reader throws(ConfigurationError) in
    let stillness = StillnessSettings(leeway: try reader.leeway(), settle: try reader.duration("standing"), hold: .zero)
    return (RemovedSettings(stillness: stillness, after: try reader.duration("after"), owner: try reader.owner()), nil)
  }

  static let relation = KindDefinition(fields: [
    FieldSpec(name: "with", type: .queries, about: "B: told is an A that has one. One or more of the stream's queries.", example: "helmet"),
    FieldSpec(name: "without", type: .queries, about: "B: told is an A that has none. One or more of the stream's queries.", example: "helmet"),
    FieldSpec(name: "how", type: .word(RelationSettings.How.allCases.map(\.rawValue)), standard: "contains", about: "A overlaps B: shares enough of its own area with it. A contains B: shares enough of B's. A is near B.", example: "near"),
    FieldSpec(name: "share", type: .share, standard: "50%", about: "How much of the area is enough.", example: "80%"),
    FieldSpec(name: "distance", type: .distance, standard: "5%", about: "Boxes with no more space between them than this are near each other.", example: "2%"),
    FieldSpec(name: "present_hold", type: .duration, standard: "1s", about: "A must have a B this long to have it.", example: "2s"),
    FieldSpec(name: "absent_hold", type: .duration, standard: "2s", about: "A must have no B this long to have none.", example: "5s"),
  ], needs: .exactlyOne(["with", "without"]), machine: Relation.self) { reader throws(ConfigurationError) in
    let isAbsence = reader.fields["without"] != nil
    let how = RelationSettings.How(rawValue: try reader.word("how") ?? "") ?? .contains
    let settings = RelationSettings(how: how, others: try reader.queries(isAbsence ? "without" : "with"), isAbsence: isAbsence,
                                    share: try reader.share("share"), distance: try reader.distance("distance"),
                                    presentHold: try reader.duration("present_hold"), absentHold: try reader.duration("absent_hold"))
    return (settings, "relation/\(try reader.fields.required("id").identifier())")
  }
}

extension RuleReader {
  fileprivate func leeway() throws(ConfigurationError) -> Leeway { Leeway(place: try distance("leeway"), size: try share("size_leeway")) }

  fileprivate func stillness(settle: MediaInterval) throws(ConfigurationError) -> StillnessSettings {
    StillnessSettings(leeway: try leeway(), settle: settle, hold: try duration("hold"))
  }

  fileprivate func owner() throws(ConfigurationError) -> OwnerSettings {
    OwnerSettings(queries: try queries("owner"), near: try distance("near"), hold: try duration("owner_hold"))
  }
}
