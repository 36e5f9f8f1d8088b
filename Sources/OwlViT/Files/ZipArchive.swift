// Format: PKWARE APPNOTE 6.3.10, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.14 to 4.3.16 (ends), 4.5.3 (Zip64).

/// The table of contents of a zip file whose entries are stored, not compressed, as `torch.save` writes them.
/// Entries that are compressed, encrypted, of equal names, overlapping or outside the file are errors: nothing is unpacked, so
/// there is nothing a bomb could fill.
struct ZipArchive {
  struct Entry {
    var name: String
    /// Byte of the file at which the content begins.
    var offset: Int
    var size: Int
  }

  private static let mostEntries = 1 << 17
  private static let longestDirectory = 32 << 20

  /// In the order of their place in the file.
  let entries: [Entry]

  init(_ file: ModelFile) throws(ModelError) {
    let (start, size, count) = try Self.directory(of: file)
    guard size <= Self.longestDirectory, count <= Self.mostEntries else {
      throw Self.wrong(file, "its table of contents has \(count) entries in \(size) bytes, more than is read")
    }
    var reader = ByteReader(try file.bytes(at: start, count: size)[...])
    var entries: [Entry] = []
    for _ in 0..<count { entries.append(try Self.entry(&reader, file)) }
    guard Set(entries.map { Array($0.name.utf8) }).count == entries.count else { throw Self.wrong(file, "two entries have the same name") }
    entries.sort { ($0.offset, $0.size) < ($1.offset, $1.size) }
    var end = 0
    for entry in entries {
      guard entry.offset >= end else { throw Self.wrong(file, "overlaps another entry", entry.name) }
      end = entry.offset + entry.size
      guard end <= start else { throw Self.wrong(file, "reaches into the table of contents", entry.name) }
    }
    self.entries = entries
  }

  func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }

  private static func wrong(_ file: ModelFile, _ problem: String, _ key: String? = nil) -> ModelError {
    ModelError(.malformed, file: file.path, key: key.map { String($0.prefix(100)) }, problem: problem, remedy: ModelError.fetchAgain)
  }

  /// Where the central directory lies, its bytes, its entries.
  private static func directory(of file: ModelFile) throws(ModelError) -> (start: Int, size: Int, count: Int) {
    let tailSize = min(file.size, 22 + 65535), tailStart = file.size - tailSize
    let tail = try file.bytes(at: tailStart, count: tailSize)
    guard tailSize >= 22, let end = stride(from: tailSize - 22, through: 0, by: -1).first(where: { tail[$0...].starts(with: [0x50, 0x4B, 5, 6]) }) else {
      throw wrong(file, "is not a zip file, or its end is missing")
    }
    var reader = ByteReader(tail[(end + 8)...])
    _ = reader.take(2)
    guard let count = reader.integer(UInt16.self), let size = reader.integer(UInt32.self), let start = reader.integer(UInt32.self) else {
      throw wrong(file, "its end is cut off")
    }
    var whole: (UInt64, UInt64, UInt64) = (UInt64(start), UInt64(size), UInt64(count))
    if count == .max || size == .max || start == .max {
      guard end >= 20, tail[(end - 20)...].starts(with: [0x50, 0x4B, 6, 7]) else { throw wrong(file, "its Zip64 end is missing") }
      var locator = ByteReader(tail[(end - 12)...])
      guard let place = locator.integer(UInt64.self), file.size >= 56, place <= UInt64(file.size - 56) else {
        throw wrong(file, "its Zip64 end lies outside the file")
      }
      var large = ByteReader(try file.bytes(at: Int(place), count: 56)[...])
      guard large.take(4).map(Array.init) == [0x50, 0x4B, 6, 6], large.take(28) != nil, let entries = large.integer(UInt64.self),
            let bytes = large.integer(UInt64.self), let offset = large.integer(UInt64.self) else {
        throw wrong(file, "its Zip64 end is damaged")
      }
      whole = (offset, bytes, entries)
    }
    guard whole.0 <= UInt64(file.size), whole.1 <= UInt64(file.size) - whole.0, whole.2 <= whole.1 / 46 else {
      throw wrong(file, "its table of contents lies outside the file")
    }
    return (Int(whole.0), Int(whole.1), Int(whole.2))
  }

  private static func entry(_ reader: inout ByteReader, _ file: ModelFile) throws(ModelError) -> Entry {
    guard reader.take(4).map(Array.init) == [0x50, 0x4B, 1, 2], reader.take(4) != nil, let flags = reader.integer(UInt16.self),
          let method = reader.integer(UInt16.self), reader.take(8) != nil, let packed32 = reader.integer(UInt32.self),
          let size32 = reader.integer(UInt32.self), let nameSize = reader.integer(UInt16.self), let extraSize = reader.integer(UInt16.self),
          let commentSize = reader.integer(UInt16.self), reader.take(8) != nil, let place32 = reader.integer(UInt32.self),
          let name = reader.take(Int(nameSize)), let extra = reader.take(Int(extraSize)), reader.take(Int(commentSize)) != nil else {
      throw wrong(file, "its table of contents is damaged")
    }
    let words = String(decoding: name, as: UTF8.self)
    guard method == 0, flags & 1 == 0 else {
      throw wrong(file, "is \(method == 0 ? "encrypted" : "compressed"); torch.save stores entries as they are", words)
    }
    var large = zip64(extra)
    func whole(_ value: UInt32) -> UInt64? { value == .max ? large.integer(UInt64.self) : UInt64(value) }
    guard let size = whole(size32), let packed = whole(packed32), let place = whole(place32) else {
      throw wrong(file, "its Zip64 sizes are missing", words)
    }
    guard size == packed else { throw wrong(file, "is \(size) bytes long and \(packed) bytes long", words) }
    guard file.size >= 30, place <= UInt64(file.size - 30) else { throw wrong(file, "lies outside the file", words) }
    var local = ByteReader(try file.bytes(at: Int(place), count: 30)[...])
    guard local.take(4).map(Array.init) == [0x50, 0x4B, 3, 4], local.take(22) != nil, let localName = local.integer(UInt16.self),
          let localExtra = local.integer(UInt16.self) else { throw wrong(file, "has no local header", words) }
    let offset = Int(place) + 30 + Int(localName) + Int(localExtra)
    guard offset <= file.size, size <= UInt64(file.size - offset) else { throw wrong(file, "lies outside the file", words) }
    return Entry(name: words, offset: offset, size: Int(size))
  }

  /// The Zip64 part of an entry's extra field: 64-bit values, only of those fields whose 32-bit places are full.
  private static func zip64(_ extra: ArraySlice<UInt8>) -> ByteReader {
    var reader = ByteReader(extra)
    while let kind = reader.integer(UInt16.self), let size = reader.integer(UInt16.self), let content = reader.take(Int(size)) {
      if kind == 1 { return ByteReader(content) }
    }
    return ByteReader([])
  }
}
