import Glibc

/// An old part of a log: `gate.000012.20260504T101112Z.jsonl.gz` of `gate.jsonl`. The number says the order, so that names sort as
/// the parts follow each other; the stamp is the time of its first event, in UTC, by which `--since` leaves parts unread.
struct LogPart: Equatable {
  var number: Int
  /// Nanoseconds since 1970, whole seconds.
  var firstTime: Int64
  var path: String
  var isCompressed: Bool

  /// The path of a part not yet compressed.
  static func path(of log: String, number: Int, firstTime: Int64) -> String {
    let name = LogName(log)
    var text = ByteBuffer(capacity: 256)
    text.append(raw: name.stem)
    text.append(byte: UInt8(ascii: "."))
    text.append(UInt64(number), width: max(6, String(number).count))
    text.append(byte: UInt8(ascii: "."))
    text.append(stampOf: firstTime)
    text.append(raw: name.ending)
    return String(decoding: text.bytes, as: UTF8.self)
  }

  /// The parts of a log, oldest first. Where a part is there both plain and compressed, the compressed one counts: it
  /// came into being by a rename, whole.
  static func all(of log: String) throws(EventLogError) -> [LogPart] {
    // One listing alone may miss a part that is compressed meanwhile: its new name where the listing has passed already, its old
    // name gone before it is reached. That happens to a part once, so that two listings in a row do not both miss it.
    var parts = try listing(of: log)
    while true {
      let again = try listing(of: log)
      if again.map(\.number) == parts.map(\.number) { return again }
      parts = again
    }
  }

  private static func listing(of log: String) throws(EventLogError) -> [LogPart] {
    let directory = directoryName(of: log), name = LogName(fileName(of: log))
    guard let handle = opendir(directory) else {
      if errno == ENOENT { return [] }
      throw EventLogError(code: errno, path: directory, attempted: "list the directory")
    }
    defer { closedir(handle) }
    var parts: [LogPart] = []
    while let entry = readdir(handle) {
      let file = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if let part = LogPart(file: file, of: name, in: directory) { parts.append(part) }
    }
    parts.sort { ($0.number, $0.isCompressed ? 0 : 1) < ($1.number, $1.isCompressed ? 0 : 1) }
    var last = -1
    return parts.filter { part in
      defer { last = part.number }
      return part.number != last
    }
  }

  init?(file: String, of name: LogName, in directory: String) {
    guard file.hasPrefix(name.stem + ".") else { return nil }
    var rest = file.dropFirst(name.stem.count + 1)
    isCompressed = rest.hasSuffix(name.ending + ".gz")
    guard isCompressed || rest.hasSuffix(name.ending) else { return nil }
    rest = rest.dropLast(name.ending.count + (isCompressed ? 3 : 0))
    let fields = rest.split(separator: ".", omittingEmptySubsequences: false)
    guard fields.count == 2, fields[0].count >= 6, fields[0].utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(fields[0]),
          number > 0, let time = Self.time(stamp: String(fields[1])) else { return nil }
    self.number = number
    firstTime = time
    path = directory == "." ? file : directory == "/" ? "/" + file : directory + "/" + file
  }

  private static func time(stamp: String) -> Int64? {
    guard stamp.utf8.count == 16, stamp.utf8.last == UInt8(ascii: "Z") else { return nil }
    let s = Array(stamp)
    var text = "\(String(s[0..<4]))-\(String(s[4..<6]))-\(String(s[6..<8]))\(s[8])\(String(s[9..<11])):\(String(s[11..<13])):\(String(s[13..<15]))Z"
    return text.withUTF8 { parseTime(UnsafeRawBufferPointer($0)) }
  }
}

/// `Reports/gate.jsonl` → `Reports/gate` and `.jsonl`.
struct LogName {
  var stem: String
  var ending: String

  init(_ log: String) {
    let nameStart = log.lastIndex(of: "/").map { log.index(after: $0) } ?? log.startIndex
    if let dot = log[nameStart...].lastIndex(of: "."), dot > nameStart {
      stem = String(log[..<dot])
      ending = String(log[dot...])
    } else {
      stem = log
      ending = ""
    }
  }
}

extension ByteBuffer {
  /// `20260504T101112Z`, the second in which a time lies.
  fileprivate mutating func append(stampOf nanoseconds: Int64) {
    let time = CivilTime(milliseconds: CivilTime.floorDivide(nanoseconds, 1_000_000))
    append(UInt64(time.year), width: 4)
    append(UInt64(time.month), width: 2)
    append(UInt64(time.day), width: 2)
    append(byte: UInt8(ascii: "T"))
    append(UInt64(time.hour), width: 2)
    append(UInt64(time.minute), width: 2)
    append(UInt64(time.second), width: 2)
    append(byte: UInt8(ascii: "Z"))
  }
}
