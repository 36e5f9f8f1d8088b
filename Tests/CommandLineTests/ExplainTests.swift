import Foundation
import Testing

@Suite struct ExplainTests {
  /// A walk through the gate, judged and logged.
  struct Stage {
    let scratch: Scratch
    let tracks: String
    let rules: String
    let log: String
    let events: [[String: Any]]
    var recording: [String] { ["--tracks", tracks, "--rules", rules] + Walks.flags }

    init(_ places: [Int?] = Walks.through, rules text: String = Walks.rules) throws {
      scratch = try Scratch()
      tracks = try scratch.file("t.txt", Walks.mot(places))
      rules = try scratch.file("r.yaml", text)
      log = try scratch.file("e.jsonl")
      let result = try Owlwatch.run(["replay", "--tracks", tracks, "--rules", rules, "--output", log] + Walks.flags)
      #expect(result.status == 0, "\(result.errors)")
      events = try Owlwatch.run("tail", log).events
    }

    func id(_ type: String) throws -> String { try #require(events.first { $0.type == type }?["id"] as? String) }
    func whyNot(_ more: [String]) throws -> Owlwatch.Result { try Owlwatch.run(["explain", "--why-not"] + more + recording) }
  }

  @Test func anEventIsExplainedByItsRuleItsTimersAndItsDetections() throws {
    let stage = try Stage()
    let id = try stage.id("owlwatch.line.crossed")
    let result = try Owlwatch.run(["explain", id, "--log", stage.log] + stage.recording)
    #expect(result.status == 0, "\(result.errors)")
    // In at 1.0 s, beyond 1 % of the diagonal (14 px) at 1.071 s, held 400 ms on the keyframe at 1.6 s.
    for words in ["line.crossed of person 1-1, at 1.000 s, direction left, count 1", "rule gate, line.crossed, in \(stage.rules):6",
                  "hold: 400ms   (default)", "1.071 s  it stays there: began", "1.600 s  it stays there: reached  529ms, needed 400ms",
                  "anchor (540, 500)", "every 200ms", "gaps: none"] {
      #expect(result.output.contains(words), "\(words)\n\(result.output)")
    }
    let short = try Owlwatch.run(["explain", String(id.prefix(8)), "--log", stage.log, "--format", "json"] + stage.recording)
    let told = try #require(JSONSerialization.jsonObject(with: Data(short.output.utf8)) as? [String: Any])
    #expect((told["event"] as? [String: Any])?["id"] as? String == id)
    #expect((told["conditions"] as? [[String: Any]])?.allSatisfy { $0["met"] as? Bool == true } == true)
    #expect((told["sampling"] as? [String: Any])?["carried"] as? Int == 0)
  }

  @Test func theEndOfAVisitIsExplainedByWhatEndedIt() throws {
    let stage = try Stage(Walks.through + stride(from: 660, through: 300, by: -40).map { $0 } + Array(repeating: 300, count: 12))
    let result = try Owlwatch.run(["explain", try stage.id("owlwatch.zone.exited"), "--log", stage.log] + stage.recording)
    #expect(result.output.contains("yes  it stays outside"), "\(result.output)\(result.errors)")
    #expect(result.output.contains("the anchor is outside, beyond the margin"))
  }

  @Test func whatIsMissingIsAskedFor() throws {
    let stage = try Stage()
    let id = try stage.id("owlwatch.line.crossed")
    for (arguments, status, words) in [
      ([id], Int32(64), "--log FILE"),
      ([id, "--log", stage.log, "--rules", stage.rules], 64, "--tracks FILE or --detections FILE"),
      ([id, "--log", stage.log, "--tracks", stage.tracks] + Walks.flags, 64, "--rules FILE"),
      (["abcdef012345", "--log", stage.log] + stage.recording, 66, "no event has the id"),
      (["xyz", "--log", stage.log] + stage.recording, 64, "is no event id"),
      ([id, "--log", stage.log + ".none"] + stage.recording, 66, "none"),
      ([id, "--log", stage.log, "--stream", "other"] + stage.recording, 65, "it is of stream 'other'"),
      (["--why-not", "--rule", "gate"], 64, "--track ID"),
      (["--why-not", "--rule", "gaet", "--track", "1-1", "--at", "1s"] + stage.recording, 64, "there is yard, gate"),
      (["--why-not", "--rule", "gate", "--track", "1-9", "--at", "1s"] + stage.recording, 64, "there is 1-1"),
      (["--why-not", "--rule", "gate", "--track", "1-1", "--at", "9:00"] + stage.recording, 64, "the recording reaches from"),
    ] {
      let result = try Owlwatch.run(["explain"] + arguments)
      #expect(result.status == status && result.output.isEmpty, "\(arguments): \(result.errors)")
      #expect(result.errors.contains(words), "\(arguments): \(result.errors)")
    }
  }

  @Test func otherRulesThanTheLogsAreTold() throws {
    let stage = try Stage()
    let other = try stage.scratch.file("other.yaml", Walks.rules.replacingOccurrences(of: "[[500, 0], [500, 1000]]", with: "[[600, 0], [600, 1000]]"))
    let result = try Owlwatch.run(["explain", try stage.id("owlwatch.line.crossed"), "--log", stage.log, "--tracks", stage.tracks, "--rules", other] + Walks.flags)
    #expect(result.status == 65)
    #expect(result.errors.contains("nearest is line.crossed at 1.500 s") && result.errors.contains("in the log it is at 1.000 s"), "\(result.errors)")
  }

  struct WhyNot: CustomTestStringConvertible {
    var sentence: String
    var places: [Int?]
    var rule: String
    var at = "1s"
    var failed: String
    var nearest: String
    var testDescription: String { sentence }
  }

  @Test(arguments: [
    // 460 → 540 in 200 ms: 514.1 px, where the band ends, at 335 ms; 600 ms is the last keyframe there.
    WhyNot(sentence: "The hold was not over.", places: [380, 460, 540, 560, 460, 380, 380], rule: "kind: line.crossed, line: gate", failed: "it stays there", nearest: "hold: 264ms"),
    WhyNot(sentence: "The band was not left.", places: [460, 480, 508, 508, 508, 508, 480], rule: "kind: line.crossed, line: gate", failed: "beyond the band", nearest: "band: 0.56%"),
    WhyNot(sentence: "The other direction was asked for.", places: Walks.through, rule: "kind: line.crossed, line: gate, directions: {right: in}", failed: "its direction is reported", nearest: "directions: {right: right, left: left}"),
    WhyNot(sentence: "The zone's border was not reached.", places: [300, 400, 450, 450, 450, 450, 300], rule: "kind: zone.entered, zone: yard", failed: "the anchor is inside the zone", nearest: "zones.yard: [[450, 0], [1000, 0], [1000, 1000], [450, 1000]]"),
    WhyNot(sentence: "The visit was too short.", places: [460, 540, 540, 460, 300], rule: "kind: zone.entered, zone: yard", failed: "it stays inside", nearest: "enter_hold: 300ms"),
    WhyNot(sentence: "The rule slept.", places: Walks.through, rule: "kind: line.crossed, line: gate, active: 12:00-13:00", failed: "the rule is active", nearest: "no active"),
    // 300 → 700 at 200 px/s, then 1.8 s there; the last 42 px of the way lie within 3 % of the diagonal.
    WhyNot(sentence: "It did not stand for long enough.", places: Walks.through, rule: "kind: object.stopped, after: 10s", at: "4s", failed: "it stands still", nearest: "after: "),
    WhyNot(sentence: "It went the other way.", places: Walks.through, rule: "kind: object.wrong_direction, forbidden: up", failed: "it goes the forbidden way", nearest: "tolerance: 90°"),
    WhyNot(sentence: "Two settings in the way, one after the other.", places: [460, 480, 508, 508, 480, 460, 460], rule: "kind: line.crossed, line: gate",
           failed: "beyond the band", nearest: "band: 0.56%, hold: "),
  ])
  func theFirstConditionThatFailedAndTheNearestSettingThatFires(row: WhyNot) throws {
    let rules = Walks.rules.components(separatedBy: "rules:")[0] + "rules:\n  - {id: r, query: person, \(row.rule)}\n"
    let stage = try Stage(row.places, rules: rules)
    #expect(!stage.events.contains { ($0.data["rule"] as? [String: Any])?["id"] as? String == "r" })
    let result = try stage.whyNot(["--rule", "r", "--track", "1-1", "--at", row.at])
    #expect(result.status == 0, "\(result.errors)")
    let failed = result.lines.first { $0.hasPrefix("failed: ") } ?? "", nearest = result.lines.first { $0.hasPrefix("nearest setting") } ?? ""
    #expect(failed.contains(row.failed), "\(result.output)")
    #expect(nearest.contains(row.nearest), "\(result.output)")
    // What is proposed fires when it stands in the file.
    guard nearest.contains("zones.") == false, !nearest.contains("no active") else { return }
    let setting = nearest.dropFirst("nearest setting that fires: ".count)
    let changed = try stage.scratch.file("changed.yaml", rules.replacingOccurrences(of: "\(row.rule)}", with: "\(row.rule.components(separatedBy: ", after:")[0].components(separatedBy: ", directions:")[0]), \(setting)}"))
    let again = try Owlwatch.run(["replay", "--tracks", stage.tracks, "--rules", changed] + Walks.flags)
    #expect(again.events.contains { ($0.data["rule"] as? [String: Any])?["id"] as? String == "r" }, "\(setting): \(again.errors)")
  }

  @Test func aRuleThatIsAboutNoTrackIsAskedAsAWhole() throws {
    let zone = Walks.rules.components(separatedBy: "rules:")[0] + "rules:\n  - {id: full, kind: zone.occupancy, zone: yard, query: person, hold: 1s, max: "
    let two = try Stage(rules: zone + "2}\n")
    let whyNot = try two.whyNot(["--rule", "full", "--at", "2s"])
    #expect(whyNot.output.contains("failed: enough objects are in the zone: 1 too little") && whyNot.output.contains("nearest setting that fires: max: 1"), "\(whyNot.output)\(whyNot.errors)")
    let one = try Stage(rules: zone + "1}\n")
    let told = try Owlwatch.run(["explain", try one.id("owlwatch.zone.occupancy"), "--log", one.log] + one.recording)
    #expect(told.status == 0 && told.output.contains("yes  enough objects are in the zone") && told.output.contains("for long enough: began"), "\(told.output)\(told.errors)")
    let track = try one.whyNot(["--rule", "gate", "--at", "2s"])
    #expect(track.status == 64 && track.errors.contains("there is full"))
  }

  @Test func aRuleThatDidFireIsSaidToHaveFired() throws {
    let stage = try Stage()
    let id = try stage.id("owlwatch.line.crossed")
    let result = try stage.whyNot(["--rule", "gate", "--track", "1-1", "--at", "1s"])
    #expect(result.status == 0 && result.output.contains("it fired: line.crossed at 1.000 s") && result.output.contains("owlwatch explain \(id)"))
  }

  @Test func aTrackThatTheTrackerDoubtedIsSaidToBe() throws {
    let scratch = try Scratch()
    // One that is there all the time, and one that is seen once, at 3.8 s.
    let rows = (1...30).map { "\($0),-1,475,400,50,100,0.9\n" + ($0 == 20 ? "20,-1,100,400,50,100,0.9\n" : "") }.joined()
    let detections = try scratch.file("d.txt", rows), rules = try scratch.file("r.yaml", Walks.rules)
    let flags = ["explain", "--why-not", "--rule", "yard", "--at", "4s", "--detections", detections, "--rules", rules, "--threshold", "0.5"] + Walks.flags
    let once = try Owlwatch.run(flags + ["--track", "1-2"])
    #expect(once.output.contains("it had been detected on one keyframe, needed two within 2s"), "\(once.output)\(once.errors)")
    // With a higher threshold nothing is believed, and nothing is born.
    let high = try Owlwatch.run(flags + ["--track", "1-2", "--threshold", "0.95"])
    #expect(high.status == 64 && high.errors.contains("there are none at all"), "\(high.output)\(high.errors)")
  }

  /// A recording as analyze writes it: inside the yard, hidden for two keyframes, and nothing known from 1 s to 3 s.
  @Test func gapsAndCarriedBoxesAreTold() throws {
    let scratch = try Scratch()
    let header = #"{"header":{"format":"owlwatch.tracks/1","stream":"gate","size":{"width":1000,"height":1000},"queries":[{"id":"person","text":"a person","suppresses":false}],"thresholds":[0.3],"#
      + #""context":{"stream":"gate","session":1,"timeBase":{"numerator":1,"denominator":5},"timeSource":"file","epoch":1777889472000000000}}}"#
    func line(_ number: Int) -> String {
      let isSeen = number != 2 && number != 3, last = isSeen ? number : 1
      return #"{"time":\#(number * 200_000_000),"pts":\#(number),"frame":\#(number),"tracks":[{"id":{"session":1,"number":1},"query":0,"state":"\#(isSeen ? "confirmed" : "coasting")","#
        + #""box":{"left":0.6,"top":0.3,"right":0.7,"bottom":0.5},"score":0.5,"medianScore":0.5,"detected":\#(isSeen),"wasConfirmed":true,"firstDetected":0,"lastDetected":\#(last * 200_000_000)}]}"#
    }
    let gap = #"{"gap":{"from":1000000000,"to":3000000000,"why":"missing","lost":10}}"#
    let lines = [header] + (0...5).map(line) + [gap] + (15...20).map(line)
    let tracks = try scratch.file("t.jsonl", lines.joined(separator: "\n") + "\n"), log = try scratch.file("e.jsonl")
    let rules = try scratch.file("r.yaml", Walks.rules.replacingOccurrences(of: "zone: yard,", with: "zone: yard, enter_hold: 1500ms,"))
    #expect(try Owlwatch.run("replay", "--tracks", tracks, "--rules", rules, "--output", log).status == 0)
    let id = try #require(Owlwatch.run("tail", log, "--type", "zone.entered").events.first?["id"] as? String)
    let result = try Owlwatch.run("explain", id, "--log", log, "--tracks", tracks, "--rules", rules)
    // 1 s before the gap and 600 ms after it.
    for words in ["zone.entered start, of person 1-1, at 10:11:12.000 (0.000 s)", "told on the keyframe at 10:11:15.600 (3.600 s)", "yes  it stays inside", "1.6s, needed 1.5s",
                  "detected on 8, carried on 2", "at most 2s", "gaps: 1.000 s to 3.000 s (missing)"] {
      #expect(result.output.contains(words), "\(words)\n\(result.output)\(result.errors)")
    }
  }

  @Test func theCamerasClockAndThePositionNameTheSameMoment() throws {
    let stage = try Stage(rules: Walks.rules.replacingOccurrences(of: "line: gate", with: "line: gate, hold: 9s"))
    let clock = try stage.whyNot(["--rule", "gate", "--track", "1-1", "--at", "12:00:02", "--start-time", "2026-05-04T12:00:00Z", "--format", "json"])
    let position = try stage.whyNot(["--rule", "gate", "--track", "1-1", "--at", "2s", "--format", "json"])
    #expect(clock.status == 0 && !clock.output.isEmpty)
    let a = try #require(JSONSerialization.jsonObject(with: Data(clock.output.utf8)) as? [String: Any]), b = try #require(JSONSerialization.jsonObject(with: Data(position.output.utf8)) as? [String: Any])
    #expect(a["at"] as? Double == 2 && a["keyframe"] as? Double == b["keyframe"] as? Double)
  }

  @Test func theSourceItselfIsLookedAtAgain() throws {
    let scratch = try Scratch()
    let log = try scratch.file("e.jsonl"), rules = Owlwatch.root.path + "/Rules/car-park.yaml"
    let flags = ["--query", "car", "--every", "200ms", "--rules", rules]
    #expect(try Owlwatch.run(["analyze", Owlwatch.clip, "--output", log] + flags).status == 0)
    let id = try #require(Owlwatch.run("tail", log, "--type", "line.crossed").events.first?["id"] as? String)
    let result = try Owlwatch.run(["explain", id, "--log", log, "--source", Owlwatch.clip] + flags)
    #expect(result.status == 0 && result.output.contains("rule through-the-barrier, line.crossed"), "\(result.errors)")
  }
}
