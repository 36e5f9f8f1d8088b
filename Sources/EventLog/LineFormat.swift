import Glibc

/// How lines are shown.
public enum LineFormat: String, Sendable, CaseIterable {
  /// The bytes as they are in the log.
  case json
  /// One tidy line for people.
  case text
  /// A table, RFC 4180, with a header.
  case csv
}

/// Lines of the log → what is shown.
public struct LineFormatter: Sendable {
  public let format: LineFormat
  public let isColoured: Bool
  /// Whether text shows the machine's local time; UTC otherwise.
  public let usesLocalTime: Bool
  private var lastDay = ""

  public init(_ format: LineFormat, coloured: Bool = false, localTime: Bool = false) {
    self.format = format; isColoured = coloured; usesLocalTime = localTime
    if localTime { tzset() }  // localtime_r does not read TZ by itself.
  }

  /// What comes before the first line; empty but for tables.
  public var header: [UInt8] { format == .csv ? TableLine.header : [] }

  /// Appends a line (given without its line feed) as it is shown, with its line feed. A line that is no event is left out of text and tables.
  public mutating func append(_ line: UnsafeRawBufferPointer, to output: inout [UInt8]) {
    switch format {
    case .json:
      output.append(contentsOf: line)
      output.append(10)
    case .text:
      guard let value = JSONValue(line) else { return }
      let text = TextLine(value, isColoured: isColoured, usesLocalTime: usesLocalTime)
      if text.day != lastDay {
        lastDay = text.day
        output.append(contentsOf: text.dayLine.utf8)
        output.append(10)
      }
      output.append(contentsOf: text.line.utf8)
      output.append(10)
    case .csv:
      guard let value = JSONValue(line) else { return }
      TableLine.append(value, to: &output)
    }
  }
}

/// One row of a table.
enum TableLine {
  static let columns = [
    "time", "stream", "session", "seq", "type", "phase", "reason", "severity", "subject", "rule", "kind", "query", "text", "track", "score", "detected",
    "left", "top", "right", "bottom", "media_time", "pts", "episode", "id", "details",
  ]

  static var header: [UInt8] { Array((columns.joined(separator: ",") + "\r\n").utf8) }

  static func append(_ event: JSONValue, to output: inout [UInt8]) {
    let data = event["data"], object = data?["object"], box = object?["box"]
    let source = event["source"]?.text ?? ""
    let cells: [String?] = [
      event["time"]?.text, source.hasPrefix("urn:owlwatch:") ? String(source.dropFirst(13)) : source, data?["session"]?.plain, data?["seq"]?.plain,
      event["type"]?.text.map { $0.hasPrefix("owlwatch.") ? String($0.dropFirst(9)) : $0 }, data?["phase"]?.text, data?["reason"]?.text,
      data?["severity"]?.text, event["subject"]?.text, data?["rule"]?["id"]?.text, data?["rule"]?["kind"]?.text, data?["query"]?["id"]?.text,
      data?["query"]?["text"]?.text, object?["track"]?.text, object?["score"]?.plain, object?["detected"]?.plain, box?["left"]?.plain,
      box?["top"]?.plain, box?["right"]?.plain, box?["bottom"]?.plain, data?["media_time"]?.plain, data?["pts"]?.plain, data?["episode"]?.text,
      event["id"]?.text, details(of: data),
    ]
    for (index, cell) in cells.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      append(cell: cell ?? "", to: &output)
    }
    output.append(contentsOf: [13, 10])
  }

  /// What the type has beyond the common fields: `direction=in count=12`.
  private static func details(of data: JSONValue?) -> String {
    (data?.fields ?? []).filter { !LoggedEvent.commonKeys.contains($0.key) }.map { "\($0.key)=\($0.value.plain)" }.joined(separator: " ")
  }

  private static func append(cell: String, to output: inout [UInt8]) {
    guard cell.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }) || cell.first == " " || cell.last == " " else {
      output.append(contentsOf: cell.utf8)
      return
    }
    output.append(0x22)
    for byte in cell.utf8 {
      if byte == 0x22 { output.append(0x22) }
      output.append(byte)
    }
    output.append(0x22)
  }
}

extension JSONValue {
  /// For people: numbers as they are written, texts bare, lists with commas.
  var plain: String {
    switch self {
    case .null: ""
    case .flag(let flag): flag ? "true" : "false"
    case .number(let digits): digits
    case .text(let text): text
    case .list(let list): list.map(\.plain).joined(separator: ",")
    case .fields(let fields): "{" + fields.map { "\($0.key): \($0.value.plain)" }.joined(separator: ", ") + "}"
    }
  }
}
