import EventLog
import Foundation
import Scene
import Testing

@Suite struct EncoderTests {
  @Test func aLineIsExactlyDesignsSample() throws {
    // The id: uuid.uuid5(uuid.NAMESPACE_URL, "urn:owlwatch:gate-cam\n1\nline.crossed\ngate-in\ntruck\n7-12\nline/gate\n8413200\n93480000000\n")
    let expected = #"{"specversion":"1.0","id":"97bfdaa0-4870-5760-bf56-4e6cc9c3fbeb","source":"urn:owlwatch:gate-cam","type":"owlwatch.line.crossed","#
      + #""subject":"line/gate","time":"2026-05-04T10:11:12.345Z","datacontenttype":"application/json","#
      + #""data":{"seq":1841,"session":1,"media_time":93.480,"pts":8413200,"time_base":"1/90000","time_source":"rtcp","#
      + #""rule":{"id":"gate-in","kind":"line.crossed"},"query":{"id":"truck","text":"red truck"},"#
      + #""object":{"track":"7-12","score":0.31,"detected":true,"box":{"left":0.41,"top":0.22,"right":0.58,"bottom":0.61}},"#
      + #""direction":"in","count":12}}"# + "\n"
    #expect(try line(crossing, sequence: 1841) == expected)
  }

  @Test func aBareEventHasNoEmptyKeys() throws {
    let context = StreamContext(stream: "clip", session: 2, timeBase: Rational(1, 25), timeSource: .media, epoch: 0)
    let up = Event(type: .streamUp, subject: "stream", mediaTime: .zero)
    #expect(try line(up, in: context, sequence: 7).hasSuffix(
      #""type":"owlwatch.stream.up","subject":"stream","time":"1970-01-01T00:00:00.000Z","datacontenttype":"application/json","#
        + #""data":{"seq":7,"session":2,"media_time":0.000,"time_base":"1/25","time_source":"media"}}"# + "\n"))
  }

  @Test func whatLastsComesAfterTheObjectAndBeforeTheDetails() throws {
    var event = event(3, phase: .end, episode: "e1", severity: .alert)
    event.reason = .endOfStream
    #expect(try line(event).contains(
      #"}},"phase":"end","episode":"e1","reason":"end_of_stream","severity":"alert","direction":"in","count":12}}"#))
  }

  @Test(arguments: [
    (0.00005, "0.0001"), (0.00004999, "0"), (-0.0, "0"), (-0.00004, "0"), (-0.00005, "-0.0001"), (0.5, "0.5"), (1, "1"), (0.12345, "0.1235"),
    (0.99999, "1"), (-0.25, "-0.25"), (1234.5678, "1234.5678"), (0.1, "0.1"), (0.30000000000000004, "0.3"), (99_999_999_999.5, "99999999999.5"),
    (1e300, "1e+300"), (1e-300, "0"),
  ] as [(Double, String)])
  func numbersHaveFourDecimalsAtMost(value: Double, written: String) throws {
    var event = crossing
    event.details = [Detail("n", .number(value))]
    #expect(try line(event).hasSuffix(",\"n\":\(written)}}\n"))
  }

  @Test(arguments: [
    (0, "0.000"), (93.48, "93.480"), (0.0005, "0.001"), (0.0004, "0.000"), (-0.0, "0.000"), (-1.25, "-1.250"), (86_400, "86400.000"),
  ] as [(Double, String)])
  func secondsHaveThreeDecimals(value: Double, written: String) throws {
    var event = crossing
    event.details = [Detail("dwell", .seconds(value))]
    #expect(try line(event).hasSuffix(",\"dwell\":\(written)}}\n"))
  }

  @Test(arguments: [
    (0, "0.000"), (499_999, "0.000"), (500_000, "0.001"), (-1_500_000, "-0.001"), (-1_500_001, "-0.002"), (Int64.max, "9223372036.855"),
    (Int64.min, "-9223372036.855"),
  ] as [(Int64, String)])
  func mediaTimesRoundToMilliseconds(nanoseconds: Int64, written: String) throws {
    var event = crossing
    event.mediaTime = MediaTime(nanoseconds: nanoseconds)
    #expect(try line(event).contains(",\"media_time\":\(written),"))
  }

  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000Z"), (-1_000_000, "1969-12-31T23:59:59.999Z"), (951_782_399_999_500_000, "2000-02-29T00:00:00.000Z"),
    (951_868_799_999_000_000, "2000-02-29T23:59:59.999Z"), (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000Z"),
    (Int64.max, "2262-04-11T23:47:16.855Z"), (Int64.min, "1677-09-21T00:12:43.145Z"),
  ] as [(Int64, String)])
  func timesAreUTCWithMilliseconds(nanoseconds: Int64, written: String) throws {
    var event = crossing
    event.mediaTime = .zero
    var context = gate
    context.epoch = nanoseconds
    #expect(try line(event, in: context).contains("\"time\":\"\(written)\""))
  }

  @Test(arguments: [
    ("\"", #"\""#), ("\\", #"\\"#), ("\n", #"\n"#), ("\r", #"\r"#), ("\t", #"\t"#), ("\u{0}", #"\u0000"#), ("\u{1F}", #"\u001f"#), ("\u{7F}", #"\u007f"#),
    ("\u{9B}", #"\u009b"#), ("\u{80}é", #"\u0080é"#), ("\u{A0}", "\u{A0}"), ("ü", "ü"), ("🦉", "🦉"), ("/", "/"),
    (String(decoding: [0x61, 0xFF, 0x62], as: UTF8.self), "a\u{FFFD}b"), ("", ""),
  ])
  func textIsEscaped(text: String, written: String) throws {
    var event = crossing
    event.query?.text = text
    let line = try line(event)
    #expect(line.contains("\"text\":\"\(written)\"},"))
    let parsed = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    let query = (parsed["data"] as? [String: Any])?["query"] as? [String: Any]
    #expect(query?["text"] as? String == text)
  }

  @Test func detailsNest() throws {
    var event = crossing
    event.details = [Detail("a", .list([.integer(-1), .flag(true), .fields([Detail("b\"", .text("c"))]), .list([])])), Detail("d", .fields([]))]
    #expect(try line(event).hasSuffix(#","a":[-1,true,{"b\"":"c"},[]],"d":{}}}"# + "\n"))
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func whatIsNoNumberIsRefusedAndLeavesNothing(value: Double) throws {
    for field in 0..<4 {
      var event = crossing
      switch field {
      case 0: event.object?.score = value
      case 1: event.object?.box.top = value
      case 2: event.details = [Detail("x", .number(value))]
      default: event.details = [Detail("x", .list([.seconds(value)]))]
      }
      var encoder = EventEncoder()
      try encoder.encode(crossing, in: gate, sequence: 1)
      let before = encoder.count
      do {
        try encoder.encode(event, in: gate, sequence: 2)
        Issue.record("a line with \(value)")
      } catch {
        #expect(error.kind == .invalidValue)
        #expect(error.description.contains(["object.score", "object.box", "x", "x"][field]))
      }
      #expect(encoder.count == before)
    }
  }

  @Test func everyFieldOfTheNameChangesTheId() throws {
    var events = [crossing, crossing, crossing, crossing, crossing, crossing, crossing, crossing, crossing]
    events[1].type = .zoneEntered
    events[2].rule?.id = "other"
    events[3].query?.id = "other"
    events[4].object?.track.number = 13
    events[5].subject = "line/other"
    events[6].pts = nil
    events[7].mediaTime.nanoseconds += 1
    events[8].phase = .start
    var ids = try events.map { try id($0, in: gate) }
    var other = gate
    other.session = 2
    ids.append(try id(crossing, in: other))
    other = gate
    other.stream = "gate-cam2"
    ids.append(try id(crossing, in: other))
    #expect(Set(ids).count == 11)
    var same = crossing
    same.object?.score = 0.9
    same.details = []
    #expect(try id(same, in: gate) == ids[0])
  }

  private func id(_ event: Event, in context: StreamContext) throws -> String {
    let line = try line(event, in: context)
    return String(line.dropFirst(#"{"specversion":"1.0","id":""#.count).prefix(36))
  }

  @Test func aLineReadsBack() throws {
    var event = event(5, phase: .start, episode: "e", severity: .warning)
    event.details = [Detail("dwell", .seconds(1.5)), Detail("share", .number(0.25)), Detail("n", .integer(3)), Detail("who", .list([.text("a")]))]
    let bytes = try EventEncoder.line(event, in: gate, sequence: 9)
    let back = try #require(bytes.withUnsafeBytes { LoggedEvent(line: $0) })
    #expect(back == LoggedEvent(event: event, context: gate, sequence: 9))
    #expect(try EventEncoder.line(back.event, in: back.context, sequence: 9) == bytes)
  }
}
