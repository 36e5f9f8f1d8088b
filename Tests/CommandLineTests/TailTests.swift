import Foundation
import Testing

/// `owlwatch tail`, as people run it.
@Suite struct TailTests {
  /// A log of the crowd: more than a hundred events of several types, tracks, rules.
  private static func log(_ scratch: Scratch, _ flags: [String] = []) throws -> String {
    let folder = try scratch.folder("log")
    let result = try Owlwatch.run(KillTests.replay(scratch) + flags, in: folder)
    #expect(result.status == 0, "\(result.errors)")
    return folder + "/events.jsonl"
  }

  private static func tail(_ words: [String]) throws -> Owlwatch.Result { try Owlwatch.run(["tail"] + words) }

  @Test func jsonIsTheLogByteForByte() throws {
    let scratch = try Scratch(), log = try Self.log(scratch)
    // A line as another writer may put it, with blanks and escapes.
    let odd = #"{ "specversion" : "1.0", "source":"urn:owlwatch:\u0067ate", "type":"owlwatch.stream.up", "data":{"seq":9000} }"# + "\n"
    let whole = try scratch.read("log/events.jsonl") + odd
    try whole.write(toFile: log, atomically: false, encoding: .utf8)
    let result = try Self.tail([log])
    #expect(result.status == 0 && result.errors.isEmpty)
    #expect(result.output == whole)
    #expect(try Self.tail([log, "--format", "json", "-n", "3"]).lines == whole.split(separator: "\n").suffix(3).map(String.init))
    #expect(try Self.tail([log, "--stream", "gate"]).output == odd)
    #expect(try Self.tail([log, "-n", "0"]).output == "")
  }

  @Test func eachFilterLeavesWhatItSays() throws {
    let scratch = try Scratch(), log = try Self.log(scratch)
    let all = try Self.tail([log]).events
    let middle = all[all.count / 2]
    let track = try #require(middle.track), time = try #require(middle["time"] as? String)
    func object(_ event: [String: Any]) -> [String: Any] { event.data["object"] as? [String: Any] ?? [:] }
    func id(_ event: [String: Any], _ key: String) -> String? { (event.data[key] as? [String: Any])?["id"] as? String }
    let cases: [([String], ([String: Any]) -> Bool)] = [
      (["--type", "line.crossed"], { $0.type == "owlwatch.line.crossed" }),
      (["--type", "zone"], { $0.type.hasPrefix("owlwatch.zone.") }),
      (["--type", "zone.entered", "--type", "object.ended"], { $0.type == "owlwatch.zone.entered" || $0.type == "owlwatch.object.ended" }),
      (["--rule", "gate"], { id($0, "rule") == "gate" }),
      (["--query", "person"], { id($0, "query") == "person" }),
      (["--stream", "crowd"], { $0["source"] as? String == "urn:owlwatch:crowd" }),
      (["--track", track], { $0.track == track }),
      (["--zone", "yard"], { $0["subject"] as? String == "zone/yard" || $0.data["zone"] as? String == "yard" }),
      (["--score", "0.9"], { object($0)["score"] as? Double ?? 0 >= 0.9 }),
      (["--severity", "alert"], { $0.data["severity"] as? String == "alert" }),
      (["--since", time], { $0["time"] as? String ?? "" >= time }),
      (["--until", time], { $0["time"] as? String ?? "" < time }),
      (["--query", "person", "--track", track, "--since", time], { id($0, "query") == "person" && $0.track == track && $0["time"] as? String ?? "" >= time }),
    ]
    for (words, isWanted) in cases {
      let wanted = all.filter(isWanted).compactMap { $0["id"] as? String }
      #expect(!wanted.isEmpty, "\(words) asks for nothing that is there")
      #expect(try Self.tail([log] + words).events.compactMap { $0["id"] as? String } == wanted, "\(words)")
      #expect(try Self.tail([log, "-n", "2"] + words).events.compactMap { $0["id"] as? String } == wanted.suffix(2), "-n 2 \(words)")
    }
    #expect(try Self.tail([log, "--query", "horse"]).output.isEmpty)
  }

  @Test func tablesHaveAHeaderAndARowAnEvent() throws {
    let scratch = try Scratch(), log = try Self.log(scratch)
    let rows = try Self.tail([log, "--format", "csv", "--type", "line.crossed"]).output.components(separatedBy: "\r\n").dropLast()
    let count = try Self.tail([log, "--type", "line.crossed"]).lines.count
    #expect(rows.count == count + 1)
    #expect(rows.first?.hasPrefix("time,stream,session,seq,type") == true)
    #expect(rows.dropFirst().allSatisfy { $0.hasPrefix("1970-01-01T00:0") && $0.contains(",crowd,1,") && $0.contains(",line.crossed,") })
  }

  @Test func textIsForPeopleAndColouredOnATerminalOnly() throws {
    let scratch = try Scratch(), log = try Self.log(scratch)
    let plain = try Self.tail([log, "--format", "text", "-n", "5"])
    #expect(plain.lines.count == 6 && plain.lines[0] == "1970-01-01  UTC", "\(plain.output)")
    #expect(!plain.output.contains("\u{1B}"))
    #expect(try Self.tail([log, "--format", "text", "-n", "5", "--color"]).output.contains("\u{1B}["))
    let terminal = Process()
    terminal.executableURL = URL(filePath: "/usr/bin/env")
    terminal.arguments = ["script", "-qec", "'\(Owlwatch.binary)' tail '\(log)' -n 5", "/dev/null"]
    let shown = try Running(terminal).finish()
    #expect(shown.status == 0 && shown.output.contains("\u{1B}[") && shown.output.contains("1970-01-01"), "\(shown)")
    #expect(!shown.output.contains("specversion"))
  }

  @Test func partsAndCompressedPartsAreOneLog() throws {
    let scratch = try Scratch(), log = try Self.log(scratch, KillTests.rotation)
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/log")
    #expect(names.count { $0.hasSuffix(".gz") } > 8, "\(names)")
    let all = try Self.tail([log])
    #expect(all.errors.isEmpty && all.events.map { $0.data["seq"] as? Int } == Array(1...all.lines.count))
    let middle = try #require(all.events[all.lines.count / 2]["time"] as? String)
    for words in [["--since", middle], ["--type", "zone"], ["--until", middle], ["--rule", "door", "--since", middle]] {
      let filtered = try Self.tail([log] + words)
      #expect(!filtered.lines.isEmpty && filtered.lines.count < all.lines.count)
      let kept = Set(filtered.lines)
      #expect(filtered.lines == all.lines.filter(kept.contains), "\(words)")
      #expect(try Self.tail([log, "-n", "7"] + words).lines == filtered.lines.suffix(7), "-n 7 \(words)")
    }
    #expect(try Self.tail([log, "--since", middle]).lines == zip(all.lines, all.events).filter { $1["time"] as? String ?? "" >= middle }.map(\.0))
  }

  @Test func keepBoundsAllPartsTogether() throws {
    let scratch = try Scratch(), log = try Self.log(scratch, KillTests.rotation + ["--keep", "40KB"])
    let folder = try DisturbedJob.content(scratch.path + "/log")
    #expect(folder.values.reduce(0) { $0 + $1.count } <= 40_000 && folder.count > 2, "\(folder.mapValues(\.count))")
    let numbers = try Self.tail([log]).events.compactMap { $0.data["seq"] as? Int }
    let first = try #require(numbers.first)
    #expect(first > 1 && numbers == Array(first..<first + numbers.count))
  }

  @Test func itFollowsAFileThatIsNotThereYetThroughRotationsAndACut() throws {
    let scratch = try Scratch(), folder = try scratch.folder("log"), log = folder + "/events.jsonl"
    let following = try Owlwatch.start(["tail", log, "--follow"])
    Thread.sleep(forTimeInterval: 0.3)
    #expect(try Owlwatch.run(KillTests.replay(scratch) + KillTests.rotation, in: folder).status == 0)
    let whole = try Self.tail([log]).output
    #expect(following.wait(seconds: 20) { $0.outputSoFar.utf8.count >= whole.utf8.count })
    #expect(following.outputSoFar == whole)
    // Another log takes its place.
    let other = whole.split(separator: "\n").prefix(3).map { $0.replacingOccurrences(of: "crowd", with: "other") + "\n" }.joined()
    try other.write(toFile: log, atomically: false, encoding: .utf8)
    #expect(following.wait(seconds: 20) { $0.outputSoFar.utf8.count >= whole.utf8.count + other.utf8.count })
    #expect(following.outputSoFar == whole + other)
    following.signal(SIGTERM)
    #expect(following.finish().status == 128 + SIGTERM)
  }

  @Test func aReaderThatHasEnoughEndsItQuietly() throws {
    let scratch = try Scratch(), log = try Self.log(scratch)
    let large = try scratch.file("large.jsonl", String(repeating: try scratch.read("log/events.jsonl"), count: 20))
    _ = log
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/bash")
    shell.arguments = ["-c", "\"$0\" tail \"$1\" | head -n 1; exit ${PIPESTATUS[0]}", Owlwatch.binary, large]
    let result = try Running(shell).finish()
    #expect(result.status == 0 && result.errors.isEmpty && result.lines.count == 1, "\(result)")
  }

  @Test func whatIsNoEventIsToldWithItsLineAndTheRestIsRead() throws {
    let scratch = try Scratch(), log = try Self.log(scratch)
    var lines = try scratch.read("log/events.jsonl").split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    let count = lines.count
    lines.insert("garbage", at: 2)
    lines.insert(lines[0].replacingOccurrences(of: #""specversion":"1.0""#, with: #""specversion":"2.0""#), at: 5)
    try (lines.joined(separator: "\n") + "\n" + #"{"specversion":"1.0","id":"torn"#).write(toFile: log, atomically: false, encoding: .utf8)
    let result = try Self.tail([log])
    #expect(result.status == 0 && result.lines.count == count)
    let told = result.errors.split(separator: "\n").map(String.init)
    #expect(told.count == 3 && told[0].contains("events.jsonl:3: not an event") && told[1].contains("events.jsonl:6:") && told[1].contains("version 2.0")
      && told[2].contains("events.jsonl:\(count + 3):"), "\(told)")
    // A worker says the same, cuts the torn line, and goes on behind it.
    let worker = try Owlwatch.run(KillTests.replay(scratch) + ["--append"], in: scratch.path + "/log")
    #expect(worker.status == 0)
    #expect(worker.errors.contains("events.jsonl:3: not an event") && worker.errors.contains("events.jsonl:6:") && worker.errors.contains("was torn: 31 bytes cut off"), "\(worker.errors)")
    let numbers = try Self.tail([log]).events.compactMap { $0.data["seq"] as? Int }
    #expect(numbers == Array(1...count * 2))
  }

  @Test(arguments: [("/nowhere/events.jsonl", "No such file"), ("/", "Is a directory; name a log in it")])
  func aLogThatCannotBeReadIsSaid(path: String, says: String) throws {
    let result = try Self.tail([path])
    #expect(result.status == 66 && result.errors.split(separator: "\n").count == 1 && result.errors.contains("\(path): cannot read the log: \(says)"), "\(result.errors)")
  }
}

/// A log that comes through a pipe.
@Suite struct PipedTailTests {
  private static func log(_ scratch: Scratch) throws -> String {
    let log = scratch.path + "/events.jsonl"
    #expect(try Owlwatch.run(KillTests.replay(scratch) + ["--output", log]).status == 0)
    return log
  }

  @Test(arguments: [[], ["--follow"]]) func itIsReadToItsEndWithAllFilters(flags: [String]) throws {
    let scratch = try Scratch(), log = try Self.log(scratch), whole = try Data(contentsOf: URL(filePath: log))
    let events = try Owlwatch.run("tail", log).events
    let middle = try #require(events[events.count / 2]["time"] as? String)
    for words in [[], ["--type", "zone.entered"], ["-n", "3"], ["-n", "0"], ["-n", "100000"], ["-n", "2", "--type", "zone"], ["--since", middle], ["--until", middle],
                  ["--since", middle, "-n", "4", "--format", "csv"], ["--format", "text"]] {
      let file = try Owlwatch.run(["tail", log] + words), pipe = try Owlwatch.run(["tail", "-"] + words + flags, input: whole)
      #expect(pipe.status == 0 && pipe.errors.isEmpty, "\(words): \(pipe.errors)")
      #expect(pipe.output == file.output && (!file.output.isEmpty || words == ["-n", "0"]), "\(words)")
    }
  }

  @Test func whatAnotherVerbWritesIsFilteredAsItComes() throws {
    let scratch = try Scratch(), log = try Self.log(scratch)
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/bash")
    shell.arguments = ["-c", #""$@" | "$0" tail - --type zone.entered"#, Owlwatch.binary, Owlwatch.binary] + Array(try KillTests.replay(scratch).filter { $0 != "--output" && $0 != "events.jsonl" })
    let piped = try Running(shell).finish()
    #expect(piped.status == 0 && piped.errors.split(separator: "\n").allSatisfy { !$0.contains("cannot") }, "\(piped.errors)")
    #expect(try piped.output == Owlwatch.run("tail", log, "--type", "zone.entered").output && !piped.output.isEmpty)
  }

  /// Shown when it comes, not when the pipe is closed; half a line waits for its rest.
  @Test func linesAreShownAsTheyCome() throws {
    let scratch = try Scratch(), lines = try Data(contentsOf: URL(filePath: Self.log(scratch))).split(separator: 10).map { $0 + [10] }
    let running = try Owlwatch.start(["tail", "-", "--format", "json"], takesInput: true)
    try running.input?.write(contentsOf: lines[0] + lines[1].prefix(40))
    #expect(running.wait(seconds: 20) { !$0.outputSoFar.isEmpty })
    #expect(running.outputSoFar == String(decoding: lines[0], as: UTF8.self))
    try running.input?.write(contentsOf: lines[1].dropFirst(40) + Data("garbage\n".utf8) + lines[2].prefix(50))
    try running.input?.close()
    let result = running.finish()
    #expect(result.status == 0 && result.output == String(decoding: lines[0] + lines[1], as: UTF8.self))
    #expect(result.errors.split(separator: "\n").map { $0.prefix { $0 != ";" } } == [
      "owlwatch: standard input:3: not an event", "owlwatch: standard input:4: the file ends in the middle of this line",
    ], "\(result.errors)")
  }

  /// A pipe with a name: it may wait for its writer, and be told to stop while it does.
  @Test func aNamedPipeWaitsForItsWriter() throws {
    let scratch = try Scratch(), log = try Self.log(scratch), pipe = scratch.path + "/pipe"
    try #require(mkfifo(pipe, 0o600) == 0)
    let reading = try Owlwatch.start(["tail", pipe, "-n", "3"])
    Thread.sleep(forTimeInterval: 0.5)
    #expect(reading.process.isRunning)
    try Data(contentsOf: URL(filePath: log)).write(to: URL(filePath: pipe), options: [])
    #expect(try reading.finish().output == Owlwatch.run("tail", log, "-n", "3").output)
    let waiting = try Owlwatch.start(["tail", pipe])
    Thread.sleep(forTimeInterval: 0.5)
    waiting.signal(SIGTERM)
    #expect(waiting.finish().status == 128 + SIGTERM)
  }
}

/// Who may write a log.
@Suite struct LogOwnershipTests {
  @Test func theSecondWorkerIsRefusedWithTheFirstOnesProcess() throws {
    let scratch = try Scratch(), folder = try scratch.folder("log")
    let first = try Owlwatch.start(["analyze", Owlwatch.clip, "--query", "car", "--sample", "all", "--output", folder + "/events.jsonl"])
    #expect(first.wait(seconds: 60) { _ in FileManager.default.fileExists(atPath: folder + "/events.jsonl.checkpoint") })
    let before = try DisturbedJob.content(folder)["events.jsonl.lock"]
    for flags in [[], ["--restart"], ["--append"]] {
      let second = try Owlwatch.run(KillTests.replay(scratch) + flags, in: folder)
      #expect(second.status == 73)
      #expect(second.errors.contains("process \(first.process.processIdentifier) is writing it") && second.errors.split(separator: "\n").count == 1, "\(second.errors)")
    }
    #expect(try DisturbedJob.content(folder)["events.jsonl.lock"] == before)
    first.signal(SIGKILL)
    _ = first.finish()
  }
}
