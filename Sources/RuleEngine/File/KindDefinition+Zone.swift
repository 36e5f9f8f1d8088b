import Configuration
import EventLog
import Scene

// Kinds about a zone.
extension KindDefinition {
  private static let zone = FieldSpec(name: "zone", type: .zone, isNeeded: true, about: "The zone's id.", example: "yard")

  private static let visit: [FieldSpec] = [
    zone,
    FieldSpec(name: "enter_hold", type: .duration, standard: "600ms", about: "The anchor must be inside this long to have entered.", example: "1s"),
    FieldSpec(name: "exit_hold", type: .duration, standard: "2s", about: "The anchor must be outside, beyond the margin, this long to have left.", example: "3s"),
    FieldSpec(name: "margin", type: .distance, standard: "1%", about: "Nearer to the zone than this, the anchor has not left it.", example: "2%"),
    RuleFields.anchor,
  ]

  static let entered = KindDefinition(fields: visit, machine: PerTrack<ZoneEntered>.self) { reader throws(ConfigurationError) in
    let (zone, subject) = try reader.zoneSettings()
    return (zone, subject)
  }

  static let loitering = KindDefinition(fields: visit + [
    FieldSpec(name: "after", type: .duration, standard: "15s", about: "How long in the zone is too long.", example: "30s"),
    FieldSpec(name: "repeat", type: .duration, about: "Told again each time this has passed. Left out: once a visit.", example: "1m"),
    FieldSpec(name: "cumulative", type: .flag, standard: "false", about: "Sum a track's visits.", example: "true"),
  ], machine: PerTrack<ZoneLoitering>.self) { reader throws(ConfigurationError) in
    let (zone, subject) = try reader.zoneSettings()
    let settings = LoiteringSettings(zone: zone, after: try reader.duration("after"), again: try reader.optionalDuration("repeat", atLeast: .milliseconds(1)),
                                     isCumulative: try reader.flag("cumulative"))
    return (settings, subject)
  }

  static let occupancy = KindDefinition(fields: [
    zone,
    FieldSpec(name: "max", type: .count, about: "From this many objects in the zone on it is full.", example: "3"),
    FieldSpec(name: "min", type: .count, about: "Down to this many objects in the zone it is empty.", example: "0"),
    FieldSpec(name: "hold", type: .duration, standard: "2s", about: "It must be so, or no longer so, this long.", example: "5s"),
    RuleFields.anchor,
  ], needs: .atLeastOne(["max", "min"]), machine: ZoneOccupancy.self) { reader throws(ConfigurationError) in
    let zone = try reader.ownZone(), most = try reader.count("max"), least = try reader.count("min")
    if most == 0 { throw reader.fields.node.mistake("'max: 0' is always so", suggestion: "for an empty zone write min: 0") }
    if let most, let least, least >= most {
      throw reader.fields.node.mistake("with 'min: \(least)' and 'max: \(most)' the zone is always one or the other", suggestion: "min must be less than max")
    }
    return (OccupancySettings(region: Region(corners: zone.reachingOut), anchor: try reader.anchor(), max: most, min: least, hold: try reader.duration("hold")),
            "zone/\(zone.id)")
  }
}

extension RuleReader {
  fileprivate func ownZone() throws(ConfigurationError) -> Zone {
    guard let zone = try zone() else { throw fields.node.mistake("'zone' is missing") }
    return zone
  }

  fileprivate func zoneSettings() throws(ConfigurationError) -> (ZoneSettings, subject: String) {
    let zone = try ownZone()
    let settings = ZoneSettings(region: Region(corners: zone.reachingOut), anchor: try anchor(), enterHold: try duration("enter_hold"),
                                exitHold: try duration("exit_hold"), margin: try distance("margin"))
    return (settings, "zone/\(zone.id)")
  }
}
