import EventLog
import Foundation
import Scene
import Testing

@Suite struct WriterTests {
  @Test func theLogHoldsExactlyTheLines() throws {
    let folder = try Folder(), path = folder.file("gate.jsonl")
    let log = try EventLogWriter(path: path, notice: quiet)
    try log.append([event(1), event(2)], in: gate)
    try log.append([event(3)], in: gate)
    #expect(content(path) == (try (1...3).map { try line(event($0), sequence: $0) }.joined()))
    #expect(log.nextSequence == 4)
    #expect(log.position == LogPosition(part: 1, offset: Int64(size(path)), nextSequence: 4))
    try log.close()
    #expect(folder.names == ["gate.jsonl"])
    #expect(throws: EventLogError.self) { try log.append([event(4)], in: gate) }
  }

  /// Cut at every byte: the torn line goes, what stands before it stays, the number goes on, and writing what is missing gives the
  /// undisturbed log.
  @Test func cutAnywhereItIsRepairedAndGoesOn() throws {
    let folder = try Folder(), path = folder.file("gate.jsonl")
    let whole = Array(try (1...3).map { try line(event($0), sequence: $0) }.joined().utf8)
    #expect(whole.count > 1000)
    for length in 0...whole.count {
      write(String(decoding: whole[..<length], as: UTF8.self), to: path)
      let lines = whole[..<length].filter { $0 == 10 }.count
      let log = try EventLogWriter(path: path, notice: quiet)
      #expect(log.recovered.lastSequence == lines)
      #expect(log.nextSequence == lines + 1)
      #expect(log.recovered.cutBytes == Int64(length - (whole[..<length].lastIndex(of: 10).map { $0 + 1 } ?? 0)))
      for n in lines + 1..<4 { try log.append([event(n)], in: gate) }
      try log.close()
      #expect(content(path) == String(decoding: whole, as: UTF8.self), "cut at \(length)")
    }
  }

  @Test func blocksThatAPowerCutLeftUnwrittenAreCut() throws {
    let folder = try Folder(), path = folder.file("gate.jsonl")
    let first = try line(event(1), sequence: 1)
    write(first + String(repeating: "\0", count: 5000) + "\n" + String(repeating: "\0", count: 100) + "half\n\0\0", to: path)
    let log = try EventLogWriter(path: path, notice: quiet)
    #expect(log.nextSequence == 2)
    try log.close()
    #expect(content(path) == first)
  }

  @Test func aFileThatIsNoLogIsLeftAlone() throws {
    let folder = try Folder(), path = folder.file("notes.txt")
    write("dear diary", to: path)
    #expect(throws: EventLogError.self) { try EventLogWriter(path: path, notice: quiet) }
    #expect(content(path) == "dear diary")
    do { _ = try EventLogWriter(path: path, notice: quiet) } catch { #expect(error.kind == .notALog) }
  }

  @Test func garbageAndNewerLinesAreToldAndTheRestCounts() throws {
    let folder = try Folder(), path = folder.file("gate.jsonl")
    let newer = try line(event(2), sequence: 2).replacingOccurrences(of: #""specversion":"1.0""#, with: #""specversion":"2.0""#)
    write(try line(event(1), sequence: 1) + "garbage\n" + newer + line(event(7), sequence: 7), to: path)
    let log = try EventLogWriter(path: path, notice: quiet)
    #expect(log.nextSequence == 8)
    #expect(log.recovered.problems == [
      LineProblem(path: path, line: 2, kind: .garbage), LineProblem(path: path, line: 3, kind: .newer(version: "2.0")),
    ])
    try log.close()
  }

  @Test func whatAShadowBeganEndsAsAShadow() throws {
    let folder = try Folder(), path = folder.file("gate.jsonl")
    let log = try EventLogWriter(path: path, notice: quiet)
    var trial = event(1, phase: .start, episode: "a")
    trial.isShadow = true
    try log.append([trial, event(3, phase: .start, episode: "b")], in: gate)
    log.abandon()
    let again = try EventLogWriter(path: path, notice: quiet)
    #expect(again.recovered.endings.map(\.event.isShadow) == [true, false])
    try again.close()
  }

  @Test func whatIsOpenIsFoundAndCanBeEnded() throws {
    let folder = try Folder(), path = folder.file("gate.jsonl")
    var second = gate
    second.session = 2
    let log = try EventLogWriter(path: path, notice: quiet)
    try log.append([event(1, phase: .start, episode: "a"), event(3, phase: .start, episode: "b"), event(5, phase: .update, episode: "a")], in: gate)
    var end = event(7, phase: .end, episode: "b")
    end.reason = .left
    try log.append([end, event(9, phase: .start, episode: "c")], in: gate)
    try log.append([Event(type: .streamUp, subject: "stream", mediaTime: .zero)], in: second)
    log.abandon()

    let again = try EventLogWriter(path: path, notice: quiet)
    #expect(again.recovered.lastSession(of: "gate-cam") == 2)
    #expect(again.recovered.lastSession(of: "other") == 0)
    #expect(again.recovered.open.map(\.event.episode) == ["a", "c"])
    #expect(again.recovered.open.first == LoggedEvent(event: event(1, phase: .start, episode: "a"), context: gate, sequence: 1))
    let endings = again.recovered.endings
    #expect(endings.map(\.event.type) == [.zoneExited, .zoneExited])
    #expect(endings.allSatisfy { $0.event.reason == .recovered && $0.event.phase == .end && $0.context == gate })
    for ending in endings { try again.append([ending.event], in: ending.context) }
    #expect(again.open.isEmpty)
    try again.close()
    let third = try EventLogWriter(path: path, notice: quiet)
    #expect(third.recovered.open.isEmpty)
    #expect(sequences(content(path)) == Array(1...8))
    try third.close()
  }

  @Test func aHundredThousandEndedEpisodesLeaveNothing() throws {
    let folder = try Folder(), path = folder.file("gate.jsonl")
    let log = try EventLogWriter(path: path, options: LogOptions(sync: .never), notice: quiet)
    for n in 0..<100_000 {
      var end = event(n, phase: .end, episode: "e\(n)")
      end.reason = .left
      try log.append([event(n, phase: .start, episode: "e\(n)"), end], in: gate)
    }
    #expect(log.open.isEmpty)
    try log.append([event(100_001, phase: .start, episode: "last")], in: gate)
    #expect(log.open.count == 1)
    try log.close()
  }

  @Test func theSecondWriterIsRefusedWithTheFirstOnesProcess() throws {
    let folder = try Folder(), path = folder.file("gate.jsonl")
    let first = try EventLogWriter(path: path, notice: quiet)
    do {
      _ = try EventLogWriter(path: path, notice: quiet)
      Issue.record("two writers")
    } catch {
      #expect(error.kind == .inUse(processID: getpid()))
      #expect(error.description.contains("process \(getpid()) is writing it"))
    }
    try first.append([event(1)], in: gate)
    try first.close()
    let second = try EventLogWriter(path: path, notice: quiet)
    #expect(second.nextSequence == 2)
    try second.close()
  }

  @Test func aLockThatADeadWorkerLeftIsNoObstacle() throws {
    let folder = try Folder(), path = folder.file("gate.jsonl")
    write("99999\n", to: path + ".lock")
    let log = try EventLogWriter(path: path, notice: quiet)
    try log.close()
    #expect(folder.names == ["gate.jsonl"])
  }

  @Test func pathsThatCannotBeWrittenAreSaid() throws {
    let folder = try Folder()
    func failure(_ path: String) -> EventLogError? {
      do { try EventLogWriter(path: path, notice: quiet).close() } catch { return error }
      return nil
    }
    #expect(failure(folder.path)?.kind == .directory)
    #expect(failure(folder.file("no/such/log.jsonl"))?.kind == .notFound)
    write("", to: folder.file("file"))
    #expect(failure(folder.file("file/log.jsonl"))?.kind == .notFound)
    mkdir(folder.file("locked"), 0o555)
    // root may write anywhere but into /proc.
    let forbidden = getuid() == 0 ? "/proc/self/log.jsonl" : folder.file("locked/log.jsonl")
    let error = try #require(failure(forbidden))
    #expect(error.kind == (getuid() == 0 ? .notFound : .notWritable))
    #expect(error.description.contains(forbidden))
  }

  @Test func anEventThatCannotBeWrittenLeavesTheLogWhole() throws {
    let folder = try Folder(), path = folder.file("gate.jsonl")
    let log = try EventLogWriter(path: path, notice: quiet)
    var bad = event(2)
    bad.object?.score = .nan
    #expect(throws: EventLogError.self) { try log.append([event(1), bad, event(3)], in: gate) }
    #expect(log.nextSequence == 2)
    try log.append([event(3)], in: gate)
    #expect(sequences(content(path)) == [1, 2])
    try log.close()
  }

  @Test func aReaderThatGoesAwayIsAnErrorNotASignal() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    let log = EventLogWriter(standardOutput: ends[1], notice: quiet)
    try log.append([event(1)], in: gate)
    var bytes = [UInt8](repeating: 0, count: 4096)
    let n = read(ends[0], &bytes, bytes.count)
    #expect(String(decoding: bytes[..<n], as: UTF8.self) == (try line(event(1), sequence: 1)))
    close(ends[0])
    do {
      try log.append([event(2)], in: gate)
      Issue.record("wrote into a closed pipe")
    } catch { #expect(error.kind == .closedPipe) }
    close(ends[1])
  }

  @Test func goingBackForgetsWhatCameAfter() throws {
    let folder = try Folder(), path = folder.file("gate.jsonl")
    let log = try EventLogWriter(path: path, notice: quiet)
    try log.append([event(1, phase: .start, episode: "a")], in: gate)
    let place = log.position
    try log.append([event(2, phase: .end, episode: "a"), event(3, phase: .start, episode: "b")], in: gate)
    let whole = content(path)
    try log.truncate(to: place)
    #expect(log.position == place)
    #expect(log.open.map(\.event.episode) == ["a"])
    try log.append([event(2, phase: .end, episode: "a"), event(3, phase: .start, episode: "b")], in: gate)
    #expect(content(path) == whole)
    try log.truncate(to: .start)
    #expect(content(path) == "" && log.nextSequence == 1)
    #expect(throws: EventLogError.self) { try log.truncate(to: place) }
    try log.close()
  }

  @Test func aDamagedPartIsToldAndTheRestCounts() throws {
    let folder = try Folder(), path = folder.file("gate.jsonl")
    let log = try EventLogWriter(path: path, options: LogOptions(rotateAtBytes: 1800), notice: quiet)
    for n in 1...12 { try log.append([event(n)], in: gate) }
    try log.close()
    let parts = folder.names.filter { $0.hasSuffix(".gz") }
    #expect(parts.count >= 3)
    // As after a kill between two steps of a rotation: no current file. The last part holds what is needed, and cannot be read.
    unlink(path)
    let last = folder.file(parts[parts.count - 1])
    var bytes = Array(FileManager.default.contents(atPath: last)!)
    bytes[bytes.count / 2] ^= 0xFF
    _ = FileManager.default.createFile(atPath: last, contents: Data(bytes))
    let again = try EventLogWriter(path: path, options: LogOptions(rotateAtBytes: 1800), notice: quiet)
    #expect(again.recovered.problems.map(\.kind) == [.cut])
    #expect(again.recovered.problems.first?.path.hasSuffix(parts[parts.count - 1]) == true)
    #expect(again.nextSequence > 1)
    try again.close()
  }

  @Test func logsThroughALinkKeepTheLink() throws {
    let folder = try Folder()
    mkdir(folder.file("real"), 0o755)
    write("", to: folder.file("real/a.jsonl"))
    symlink(folder.file("real/a.jsonl"), folder.file("link.jsonl"))
    let log = try EventLogWriter(path: folder.file("link.jsonl"), options: LogOptions(rotateAtBytes: 600, compressParts: false), notice: quiet)
    try log.append([event(1), event(2), event(3)], in: gate)
    try log.close()
    #expect(folder.names == ["link.jsonl", "real"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("real")).count >= 2)
  }
}

@Suite struct CheckpointFileTests {
  @Test func writesReadsAndRemoves() throws {
    let folder = try Folder()
    let file = CheckpointFile(path: folder.file("state"))
    #expect(try file.read() == nil)
    try file.write([1, 2, 10, 0])
    #expect(try file.read() == [1, 2, 10, 0])
    try file.write([])
    #expect(try file.read() == [])
    #expect(folder.names == ["state"])
    try file.remove()
    try file.remove()
    #expect(folder.names == [])
  }

  @Test func anyDamagedByteIsNoticed() throws {
    let folder = try Folder()
    let file = CheckpointFile(path: folder.file("state"))
    try file.write(Array("what the worker needs".utf8))
    let whole = Array(FileManager.default.contents(atPath: file.path)!)
    var damaged: [[UInt8]] = (0..<whole.count).map { var bytes = whole; bytes[$0] ^= 1; return bytes }
    damaged += (0..<whole.count).map { Array(whole[..<$0]) }
    damaged.append(whole + [0])
    for bytes in damaged {
      _ = FileManager.default.createFile(atPath: file.path, contents: Data(bytes))
      do {
        _ = try file.read()
        Issue.record("read \(bytes)")
      } catch {
        #expect(error.kind == .damaged)
        #expect(error.description.contains("--restart"))
      }
    }
  }
}
