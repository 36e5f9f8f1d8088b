/// Reads MOT text: commas or blanks between columns, at least six columns, blank lines and lines that begin with `#`
/// are skipped, frames in any order.
public struct MOTReader: Sendable {
  /// Names the text in errors.
  public let file: String
  /// The highest frame number taken: a day and more at 1000 frames a second, and no media time that overflows.
  public static let lastFrame = 100_000_000
  /// The largest coordinate taken, in pixels, either way.
  public static let farthest = 1e7

  public init(file: String) { self.file = file }

  /// The frames of a text that have rows, by number; the rows of a frame stay in the order of the text.
  /// - Throws: `MOTError` at the first row that is wrong.
  public func frames(of text: some Sequence<UInt8>) throws(MOTError) -> [MOTFrame] {
    // Numbered rows, sorted by frame and then by line: frames of most files are sorted already.
    let rows = try rows(of: text).enumerated().sorted { ($0.element.frame, $0.offset) < ($1.element.frame, $1.offset) }
    var frames: [MOTFrame] = []
    for (_, row) in rows {
      if frames.last?.number == row.frame { frames[frames.count - 1].rows.append(row) } else {
        frames.append(MOTFrame(number: row.frame, rows: [row]))
      }
    }
    return frames
  }

  /// All rows, in the order of the text.
  public func rows(of text: some Sequence<UInt8>) throws(MOTError) -> [MOTRow] {
    var rows: [MOTRow] = []
    var line: [UInt8] = []
    var number = 1
    for byte in text {
      if byte == UInt8(ascii: "\n") {
        if let row = try row(line, number: number) { rows.append(row) }
        line.removeAll(keepingCapacity: true)
        number += 1
      } else { line.append(byte) }
    }
    if let row = try row(line, number: number) { rows.append(row) }
    return rows
  }

  private func row(_ bytes: [UInt8], number: Int) throws(MOTError) -> MOTRow? {
    // A byte order mark and a carriage return are how some editors leave a text.
    var bytes = number == 1 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
    let columns = split(bytes)
    guard let first = columns.first, first.first != UInt8(ascii: "#") else { return nil }
    let line = Row(file: file, line: number, columns: columns.map { String(decoding: $0, as: UTF8.self) })
    guard columns.count >= 6 else {
      throw line.error(nil, "has \(columns.count) columns", "write frame,id,left,top,width,height,score")
    }
    let frame = try line.whole(0, "the frame", from: 1, to: Self.lastFrame)
    let id = try line.whole(1, "the id", from: -1, to: Int(Int32.max))
    let left = try line.number(2, "left", limit: Self.farthest), top = try line.number(3, "top", limit: Self.farthest)
    let width = try line.extent(4, "the width", limit: Self.farthest), height = try line.extent(5, "the height", limit: Self.farthest)
    let score = columns.count > 6 ? try line.number(6, "the score", limit: Self.farthest) : 1
    var rest: [Double] = []
    for column in columns.indices.dropFirst(7) { rest.append(try line.number(column, "the value", limit: .greatestFiniteMagnitude)) }
    return MOTRow(frame: frame, id: id, left: left, top: top,
                  width: width, height: height, score: score, rest: rest)
  }

  /// Columns between commas where the line has one, else between runs of blanks.
  private func split(_ line: [UInt8]) -> [ArraySlice<UInt8>] {
    let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    guard line.contains(UInt8(ascii: ",")) else { return line.split(whereSeparator: isBlank) }
    var columns = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { column in
      var column = column.drop(while: isBlank)
      while let last = column.last, isBlank(last) { column.removeLast() }
      return column
    }
    // A comma at the end of a row closes its last column.
    if columns.last?.isEmpty == true { columns.removeLast() }
    return columns
  }
}

/// One line's columns, read with the wording of its errors in one place.
private struct Row {
  let file: String
  let line: Int
  let columns: [String]

  func number(_ column: Int, _ name: String, limit: Double) throws(MOTError) -> Double {
    // Swift's own parser also takes hexadecimal, `nan` and `infinity`: no MOT tool writes those on purpose.
    let text = columns[column]
    guard text.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }), let value = Double(text) else {
      throw error(column, "is no number", "\(name) is a decimal number")
    }
    guard value.magnitude <= limit else {
      throw error(column, "is beyond all pictures", "\(name) lies between -\(limit) and \(limit)")
    }
    return value
  }

  func extent(_ column: Int, _ name: String, limit: Double) throws(MOTError) -> Double {
    let value = try number(column, name, limit: limit)
    guard value > 0 else { throw error(column, "is no size", "\(name) is greater than 0 pixels") }
    return value
  }

  /// Some tools write whole numbers with a fraction: `1.0`, `1.000000e+00`.
  func whole(_ column: Int, _ name: String, from least: Int, to most: Int) throws(MOTError) -> Int {
    let value = try number(column, name, limit: .greatestFiniteMagnitude)
    guard value == value.rounded(), value >= Double(least), value <= Double(most) else {
      throw error(column, "is out of range", "\(name) is a whole number from \(least) to \(most)")
    }
    return Int(value)
  }

  func error(_ column: Int?, _ problem: String, _ remedy: String) -> MOTError {
    let whole = column.map { columns[$0] } ?? columns.joined(separator: ",")
    let shown = String(whole.unicodeScalars.prefix(40).map { $0.value < 32 || $0.value == 127 ? "\u{FFFD}" : Character($0) })
    return MOTError(file: file, line: line, column: column.map { $0 + 1 }, value: shown, problem: problem, remedy: remedy)
  }
}
