import EventLog
import Foundation
import RuleEngine
import Scene

/// Events to be marked, as a table that spreadsheets read: `mark` is right, wrong or empty.
enum MarksFile {
  private static let columns = ["mark", "id", "time", "media_time", "stream", "rule", "type", "query", "track", "score", "left", "top", "right", "bottom"]

  static func text(_ events: [MarkedEvent]) -> String {
    let rows = events.map { marked in
      let event = marked.told.event, box = event.object?.box ?? .unit
      let fields: [String] = [
        marked.mark?.rawValue ?? "", marked.told.id, TimeText.text(event.mediaTime, in: marked.told.context), tidied(event.mediaTime.seconds, 3),
        marked.told.context.stream, event.rule?.id ?? "", event.type.rawValue, event.query?.id ?? "", event.object?.track.description ?? "",
        tidied(marked.score, 4), tidied(box.left, 4), tidied(box.top, 4), tidied(box.right, 4), tidied(box.bottom, 4),
      ]
      return fields.map(quoted).joined(separator: ",")
    }
    return ([columns.joined(separator: ",")] + rows).joined(separator: "\n") + "\n"
  }

  /// Puts the marks of a file to events, by id.
  /// - Throws: `WorkerError` with the line; where no row is about one of these events.
  static func read(_ path: String, into events: inout [MarkedEvent]) throws {
    guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8) else {
      throw WorkerError(.noInput, "\(path): cannot read these marks")
    }
    let rows = rows(text)
    guard let header = rows.first?.fields, let markColumn = header.firstIndex(of: "mark"), let idColumn = header.firstIndex(of: "id") else {
      throw WorkerError(.badData, "\(path):1: a file of marks has the columns 'mark' and 'id'; run calibrate without it to have one written")
    }
    let places = Dictionary(events.indices.map { (events[$0].told.id, $0) }) { first, _ in first }
    var known = 0
    for row in rows.dropFirst() {
      guard row.fields.count > max(markColumn, idColumn) else { throw WorkerError(.badData, "\(path):\(row.line): the line has \(row.fields.count) fields, the header has \(header.count)") }
      let mark = row.fields[markColumn].lowercased()
      guard mark.isEmpty || MarkedEvent.Mark(rawValue: mark) != nil else { throw WorkerError(.badData, "\(path):\(row.line): '\(row.fields[markColumn])' is no mark: write right, wrong, or nothing") }
      guard let place = places[row.fields[idColumn]] else { continue }
      known += 1
      events[place].mark = MarkedEvent.Mark(rawValue: mark)
    }
    guard known > 0 || rows.count <= 1 else {
      throw WorkerError(.badData, "\(path): none of its \(rows.count - 1) events is one of this recording under these settings; have it written anew: give another --marks FILE")
    }
  }

  private static func quoted(_ field: String) -> String {
    field.contains { $0 == "," || $0 == "\"" || $0.isNewline } ? "\"\(field.replacingOccurrences(of: "\"", with: "\"\""))\"" : field
  }

  /// RFC 4180; semicolons too, which spreadsheets of many countries write.
  private static func rows(_ text: String) -> [(line: Int, fields: [String])] {
    let separator: Character = text.prefix { !$0.isNewline }.contains(";") ? ";" : ","
    var rows: [(line: Int, fields: [String])] = [], fields: [String] = [], field = "", isQuoted = false, line = 1, start = 1
    func endRow() {
      fields.append(field)
      if fields != [""] { rows.append((start, fields)) }
      fields = []; field = ""; start = line
    }
    var previous: Character?
    for character in text {
      if character.isNewline { line += 1 }
      if character == "\"" {
        // A doubled quote inside quotes is one.
        if !isQuoted, previous == "\"" { field.append("\"") }
        isQuoted.toggle()
      } else if isQuoted {
        field.append(character)
      } else if character == separator {
        fields.append(field); field = ""
      } else if character.isNewline {
        endRow()
      } else if character != "\u{FEFF}" {
        field.append(character)
      }
      previous = character
    }
    if !field.isEmpty || !fields.isEmpty { endRow() }
    return rows
  }
}
