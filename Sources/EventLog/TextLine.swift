import Glibc

/// An event as one line for people:
/// `10:11:12.345  gate-cam  line.crossed   gate    truck 7-12 (0.31)   in, count 12   gate-in`
struct TextLine {
  /// `2026-05-04`, by which the lines are headed.
  let day: String
  private let clock: String
  private let event: JSONValue
  private let isColoured: Bool
  private let zone: String

  init(_ event: JSONValue, isColoured: Bool, usesLocalTime: Bool) {
    self.event = event
    self.isColoured = isColoured
    (day, clock, zone) = Self.time(event["time"]?.text ?? "", local: usesLocalTime)
  }

  var dayLine: String { paint("\(day)  \(zone)", .dim) }

  var line: String {
    let type = bareType, data = event["data"]
    var columns = [
      paint(clock, .dim), pad(stream, 10), paint(pad(type, 21), colour(of: type)), pad(subjectName, 12), pad(who(data), 24),
    ]
    columns.append((happened(data) + [rule(data)]).filter { !$0.isEmpty }.joined(separator: "  "))
    while columns.last?.isEmpty == true { columns.removeLast() }
    return columns.joined(separator: "  ").trimmingEnd()
  }

  private var stream: String {
    let source = event["source"]?.text ?? ""
    return (source.hasPrefix("urn:owlwatch:") ? String(source.dropFirst(13)) : source).escapedForTerminal
  }

  private var bareType: String {
    let type = event["type"]?.text ?? ""
    return (type.hasPrefix("owlwatch.") ? String(type.dropFirst(9)) : type).escapedForTerminal
  }

  /// `gate` of `line/gate`; tracks are named with their query.
  private var subjectName: String {
    let subject = event["subject"]?.text ?? ""
    guard let slash = subject.firstIndex(of: "/") else { return "" }
    return subject.hasPrefix("track/") ? "" : String(subject[subject.index(after: slash)...]).escapedForTerminal
  }

  private func who(_ data: JSONValue?) -> String {
    let object = data?["object"]
    var words = [data?["query"]?["id"]?.text, object?["track"]?.text].compactMap { $0?.escapedForTerminal }
    if let score = object?["score"]?.plain { words.append("(\(score))") }
    return words.joined(separator: " ")
  }

  private func rule(_ data: JSONValue?) -> String {
    (data?["rule"]?["id"]?.text).map { paint("[\($0.escapedForTerminal)]", .dim) } ?? ""
  }

  /// Phase, reason, severity, and what the type has of its own.
  private func happened(_ data: JSONValue?) -> [String] {
    var words: [String] = []
    if let severity = data?["severity"]?.text, severity != "info" { words.append(paint(severity.escapedForTerminal, severity == "alert" ? .alarm : .yellow)) }
    if let phase = data?["phase"]?.text { words.append(phase.escapedForTerminal) }
    if let reason = data?["reason"]?.text { words.append("(\(reason.replacing("_", with: " ").escapedForTerminal))") }
    // A checkpoint's lists are for programs.
    guard bareType != "log.checkpoint" else { return words + ["part \(data?["part"]?.plain ?? "?") begins"] }
    for field in data?.fields ?? [] where !LoggedEvent.commonKeys.contains(field.key) {
      words.append(Self.words(for: field).escapedForTerminal)
    }
    return words
  }

  private static func words(for field: JSONValue.Field) -> String {
    let name = field.key.replacing("_", with: " ")
    switch field.value {
    case .text(let text) where field.key == "direction": return text
    case .flag(let flag): return flag ? name : "not \(name)"
    // Three decimals: seconds.
    case .number(let digits) where digits.suffix(4).first == ".": return "\(name) \(duration(Double(digits) ?? 0))"
    default: return "\(name) \(field.value.plain)"
    }
  }

  /// `0.8 s`, `14 s`, `2 m 05 s`, `1 h 02 m`.
  static func duration(_ seconds: Double) -> String {
    guard seconds.magnitude < 1e9 else { return "\(seconds) s" }
    let tenths = Int((seconds * 10).rounded())
    if tenths.magnitude < 100 { return "\(Double(tenths) / 10) s" }
    let whole = Int(seconds.rounded())
    func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) m \(two(whole % 60)) s" }
    return "\(whole / 3600) h \(two(whole / 60 % 60)) m"
  }

  // MARK: Time

  private static func time(_ text: String, local: Bool) -> (day: String, clock: String, zone: String) {
    var utf8 = text
    guard let time = utf8.withUTF8({ parseTime(UnsafeRawBufferPointer($0)) }) else { return ("?", text.escapedForTerminal, "") }
    var zone = "UTC", shifted = time
    if local {
      var seconds = time_t(CivilTime.floorDivide(time, 1_000_000_000)), parts = tm()
      localtime_r(&seconds, &parts)
      shifted = time &+ Int64(parts.tm_gmtoff) * 1_000_000_000
      zone = parts.tm_zone.map { String(cString: $0) } ?? ""
    }
    var buffer = ByteBuffer(capacity: 32)
    buffer.append(timeOf: shifted)
    let written = String(decoding: buffer.bytes, as: UTF8.self)
    return (String(written.prefix(10)), String(written.dropFirst(11).dropLast()), zone)
  }

  // MARK: Colour

  private enum Colour: String {
    case dim = "2", red = "31", green = "32", yellow = "33", blue = "34", magenta = "35", cyan = "36", alarm = "1;31"
  }

  /// One colour a family, so that the eye finds it: lines cyan, zones green, objects blue, what asks for a look yellow, streams magenta.
  private func colour(of type: String) -> Colour {
    switch type {
    case "zone.loitering", "object.wrong_direction", "object.speeding", "object.abandoned", "object.removed": .yellow
    case "stream.down", "stream.gap": .red
    case let type where type.hasPrefix("line."): .cyan
    case let type where type.hasPrefix("zone."): .green
    case let type where type.hasPrefix("object."): .blue
    case let type where type.hasPrefix("stream."): .magenta
    case let type where type.hasPrefix("log."): .dim
    default: .magenta
    }
  }

  private func paint(_ text: String, _ colour: Colour) -> String {
    isColoured && !text.isEmpty ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text.count >= width ? text : text + String(repeating: " ", count: width - text.count)
  }
}

extension String {
  fileprivate func trimmingEnd() -> String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
