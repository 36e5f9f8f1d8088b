import EventLog
import Foundation
import Testing

/// A reader that was held up for longer than the log keeps its parts.
@Suite struct HeldUpReaderTests {
  /// While the 40th line is told, a hundred more are written: parts come, and with a bound the oldest go, that of the 40th line too. What is still
  /// there is read, all of it and once, and what is not is told of by the numbers of its parts.
  @Test(arguments: [nil, 12_000] as [Int64?], [false, true]) func partsDeletedUnreadAreToldOf(keep: Int64?, compress: Bool) throws {
    let folder = try Folder(), path = folder.file("gate.jsonl")
    func write(_ numbers: Range<Int>, keep: Int64?) throws {
      let options = LogOptions(sync: .never, rotateAtBytes: 3_000, compressParts: compress, keepBytes: keep)
      let log = try EventLogWriter(path: path, options: options, notice: quiet)
      for n in numbers { try log.append([event(2 * n)], in: gate) }
      try log.close()
    }
    func parts() -> [Int] { folder.names.compactMap { Int($0.split(separator: ".")[1]) } }
    // The track's number is twice the event's. Each part's own first line has none.
    func number(_ line: UnsafeRawBufferPointer) -> Int? {
      String(decoding: line, as: UTF8.self).firstMatch(of: /"track":"1-(\d+)"/).flatMap { Int($0.1) }.map { $0 / 2 }
    }
    try write(1..<41, keep: nil)
    let before = try #require(parts().last)
    var told: [Int] = [], deleted: [Int] = []
    var callbacks = LogTail.Callbacks {
      guard let number = number($0) else { return }
      told.append(number)
      if number == 40 { try write(41..<141, keep: keep) }
    }
    callbacks.deleted = { deleted += $0 }
    let giveUp = Date(timeIntervalSinceNow: 20)
    callbacks.isCancelled = { told.last == 140 || Date() > giveUp }
    try LogTail(path: path, follow: true).run(callbacks)

    var left: [Int] = []
    try LogTail(path: path).run(LogTail.Callbacks { left += number($0).map { [$0] } ?? [] })
    if keep == nil {
      #expect(told == left && left == Array(1...140) && deleted == [])
    } else {
      // The part that the 40th line is in was read to its end, though it was deleted meanwhile.
      let first = try #require(parts().first)
      try #require(first > before + 2)
      #expect(deleted == Array(before + 2..<first))
      #expect(told.count - left.count >= 40 && told == Array(1...told.count - left.count) + left, "\(told)")
    }
  }
}
