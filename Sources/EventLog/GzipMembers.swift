import CZlib
import Glibc

/// Old parts are gzip files (RFC 1952) of many members, each holding about a mebibyte of whole lines; `gunzip` and `zcat` read them
/// like any other. Each member's header says in an extra field (`OW`) how long it is, so that a reader hops from header to
/// header to the place it wants, and unpacks only from there.
struct GzipMember: Equatable {
  /// Where its header begins in the file.
  var offset: Int64
  /// Bytes in the file, header and trailer included.
  var size: Int64
  /// Lines before this member.
  var linesBefore: Int
  var lines: Int
  /// Time of its first event, nanoseconds since 1970.
  var firstTime: Int64

  static let rawBytes = 1 << 20
  private static let payload = 20
  private static let headerSize = 12 + 4 + payload

  /// The members of a part this program compressed; nil where another program did.
  static func index(of file: OpenFile) throws(EventLogError) -> [GzipMember]? {
    let size = try file.size()
    var members: [GzipMember] = [], offset: Int64 = 0, lines = 0
    while offset < size {
      let header = try file.read(headerSize, at: offset)
      guard header.count == headerSize, let member = GzipMember(header: header, at: offset, linesBefore: lines),
            member.size > Int64(headerSize), member.size <= size - offset else { return nil }
      members.append(member)
      lines += member.lines
      offset += member.size
    }
    return members
  }

  private init?(header: [UInt8], at offset: Int64, linesBefore: Int) {
    guard header[0] == 0x1F, header[1] == 0x8B, header[2] == 8, header[3] == 4, header[10] == Self.payload + 4, header[11] == 0,
          header[12] == UInt8(ascii: "O"), header[13] == UInt8(ascii: "W"), header[14] == Self.payload, header[15] == 0 else { return nil }
    func number(_ start: Int, _ width: Int) -> UInt64 { (0..<width).reduce(0) { $0 | UInt64(header[start + $1]) << (8 * UInt64($1)) } }
    self.offset = offset
    size = Int64(number(16, 4))
    lines = Int(number(20, 4))
    // Four bytes stay free.
    firstTime = Int64(bitPattern: number(28, 8))
    self.linesBefore = linesBefore
  }

  private static func header(size: Int, lines: Int, firstTime: Int64) -> [UInt8] {
    // No file time and no name: the same lines give the same bytes. 255: the operating system is not told.
    var header: [UInt8] = [0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 0, 255, UInt8(payload + 4), 0, UInt8(ascii: "O"), UInt8(ascii: "W"), UInt8(payload), 0]
    func put(_ value: UInt64, _ width: Int) { for index in 0..<width { header.append(UInt8(truncatingIfNeeded: value >> (8 * UInt64(index)))) } }
    put(UInt64(size), 4)
    put(UInt64(lines), 4)
    put(0, 4)
    put(UInt64(bitPattern: firstTime), 8)
    return header
  }

  /// One member around some lines.
  static func compress(_ lines: UnsafeRawBufferPointer, firstTime: Int64) throws(EventLogError) -> [UInt8] {
    let count = lines.reduce(into: 0) { if $1 == 10 { $0 += 1 } }
    let body = try deflate(lines)
    var member = header(size: headerSize + body.count + 8, lines: count, firstTime: firstTime)
    member += body
    let checksum = UInt64(crc32_z(0, lines.bindMemory(to: UInt8.self).baseAddress, lines.count))
    for value in [checksum, UInt64(lines.count)] {
      for index in 0..<4 { member.append(UInt8(truncatingIfNeeded: value >> (8 * UInt64(index)))) }
    }
    return member
  }

  private static func deflate(_ bytes: UnsafeRawBufferPointer) throws(EventLogError) -> [UInt8] {
    var stream = z_stream()
    // Level 6; negative window bits: no zlib header, we write gzip's ourselves.
    guard deflateInit2_(&stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw EventLogError(.system(code: ENOMEM), path: "", attempted: "compress an old part", reason: "zlib could not start")
    }
    defer { deflateEnd(&stream) }
    let bound = Int(deflateBound(&stream, UInt(bytes.count)))
    let target = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bound)
    defer { target.deallocate() }
    stream.next_in = UnsafeMutablePointer(mutating: bytes.bindMemory(to: UInt8.self).baseAddress)
    stream.avail_in = UInt32(bytes.count)
    stream.next_out = target.baseAddress
    stream.avail_out = UInt32(bound)
    guard CZlib.deflate(&stream, Z_FINISH) == Z_STREAM_END else {
      throw EventLogError(.system(code: EINVAL), path: "", attempted: "compress an old part", reason: "zlib did not finish")
    }
    return Array(target.prefix(bound - Int(stream.avail_out)))
  }
}

extension LogPart {
  /// Where the compressed form is made before it gets its name.
  static func unfinished(_ part: String) -> String { part + ".gz.tmp" }

  /// Compresses a plain part beside itself, under a name of its own, and syncs it; the caller gives it its final name.
  static func compress(_ part: String) throws(EventLogError) {
    let source = try OpenFile(part, flags: O_RDONLY, attempted: "compress an old part")
    let target = try OpenFile(unfinished(part), flags: O_WRONLY | O_CREAT | O_TRUNC, attempted: "compress an old part")
    var block = UnsafeMutableRawBufferPointer.allocate(byteCount: GzipMember.rawBytes, alignment: 16)
    defer { block.deallocate() }
    var offset: Int64 = 0, firstTime: Int64 = 0
    while true {
      let n = try source.read(into: block, at: offset)
      guard n > 0 else { break }
      guard let feed = lastLineFeed(in: block, count: n) ?? (n < block.count ? n - 1 : nil) else {
        try widen(&block)  // One line longer than the block: take more.
        continue
      }
      let lines = UnsafeRawBufferPointer(rebasing: block[...feed])
      firstTime = LineTime.first(in: lines) ?? firstTime
      let member = try GzipMember.compress(lines, firstTime: firstTime)
      try target.writeAll(member)
      offset += Int64(lines.count)
    }
    try check(uninterrupted { fsync(target.descriptor) }, "sync to disk", on: target.path)
  }

  private static func widen(_ block: inout UnsafeMutableRawBufferPointer) throws(EventLogError) {
    let count = block.count * 2
    guard count <= 1 << 30 else {
      throw EventLogError(.damaged, path: "", attempted: "compress an old part", reason: "it has a line longer than a gigabyte")
    }
    block.deallocate()
    block = .allocate(byteCount: count, alignment: 16)
  }
}

/// Times of lines.
enum LineTime {
  /// Of one line, without its line feed.
  static func of(_ line: UnsafeRawBufferPointer) -> Int64? {
    var fields = LineFields()
    guard fields.scan(line, wanted: LineFields.Name.time.bit) == .event, let time = fields.bytes(.time, in: line) else { return nil }
    return parseTime(time)
  }

  /// Of the first line among some that has one.
  static func first(in bytes: UnsafeRawBufferPointer) -> Int64? {
    var start = 0
    while start < bytes.count, let feed = memchr(bytes.baseAddress! + start, 10, bytes.count - start) {
      let end = bytes.baseAddress!.distance(to: UnsafeRawPointer(feed))
      if let time = of(UnsafeRawBufferPointer(rebasing: bytes[start..<end])) { return time }
      start = end + 1
    }
    return nil
  }
}
