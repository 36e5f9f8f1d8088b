import Glibc

/// Finds places in a log file by time and by number of lines, without reading all of it.
struct LineSearch {
  /// Lines are written when their events are decided, and some tell of earlier (a crossing is known after its hold): so they are in
  /// order to within this. Where a camera's clock was set back further than this, `--since` may miss lines from before that.
  static let slack: Int64 = 60_000_000_000

  /// The time of the earliest line that may stand among those since `since`.
  static func earliest(_ since: Int64) -> Int64 { max(since, .min + slack) - slack }

  /// The start of a line from which on everything since `since` is found; bisects over bytes: 10 GB take 20 looks.
  static func start(of since: Int64, in file: OpenFile, size: Int64) throws(EventLogError) -> Int64 {
    let target = earliest(since)
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 << 10, alignment: 16)
    defer { block.deallocate() }
    var low: Int64 = 0, high = size
    while high - low > Int64(block.count) {
      let middle = low + (high - low) / 2
      guard let (start, time) = try firstLine(after: middle, before: high, in: file, block) else {
        high = middle
        continue
      }
      if time < target { low = start } else { high = middle }
    }
    return low
  }

  /// The first line with a time that begins behind `low` and before `high`.
  private static func firstLine(after low: Int64, before high: Int64, in file: OpenFile,
                                _ block: UnsafeMutableRawBufferPointer) throws(EventLogError) -> (start: Int64, time: Int64)? {
    var reader = LineReader(PlainSource(file, from: low), offset: low, blockSize: block.count)
    var isFirst = true
    while reader.offset < high {
      let start = reader.offset
      guard let item = try reader.next() else { return nil }
      // We came down in the middle of the first.
      if !isFirst, case .line(let line) = item, let time = LineTime.of(line) { return (start, time) }
      isFirst = false
    }
    return nil
  }

  /// Where the last lines that pass begin: looks at growing pieces of the end. Returns the piece's start and how many lines in it pass.
  static func tail(of file: OpenFile, from low: Int64, to high: Int64, wanted: Int, _ filter: PreparedFilter) throws(EventLogError) -> (start: Int64, matches: Int) {
    var length: Int64 = 64 << 10
    while true {
      let start = high - low > length ? try lineStart(after: high - length, before: high, in: file) : low
      var reader = LineReader(PlainSource(file, from: start, to: high), offset: start)
      var matches = 0
      while let item = try reader.next() { if case .line(let line) = item, filter.judge(line) == .shown { matches += 1 } }
      if matches >= wanted || start == low { return (start, matches) }
      length *= 4
    }
  }

  private static func lineStart(after place: Int64, before high: Int64, in file: OpenFile) throws(EventLogError) -> Int64 {
    var reader = LineReader(PlainSource(file, from: place, to: high), offset: place)
    return try reader.next() == nil ? place : reader.offset
  }

  /// Line feeds in front of a place: how many lines are before it. Only asked where a problem has to be told.
  static func lines(before end: Int64, in file: OpenFile) throws(EventLogError) -> Int {
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { block.deallocate() }
    var place: Int64 = 0, lines = 0
    while place < end {
      let n = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: block.prefix(Int(min(Int64(block.count), end - place)))), at: place)
      guard n > 0 else { break }
      for index in 0..<n where block[index] == 10 { lines += 1 }
      place += Int64(n)
    }
    return lines
  }
}
