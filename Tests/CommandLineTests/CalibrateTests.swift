import Foundation
import Testing

@Suite struct CalibrateTests {
  /// Objects that stand for two seconds each, one after the other, two seconds apart: score and whether it is one.
  static let objects: [(score: Double, isRight: Bool)] = [(0.9, true), (0.8, true), (0.6, true), (0.5, false), (0.3, false), (0.25, true)]

  static var detections: String {
    objects.enumerated().flatMap { index, object in
      (0..<10).map { "\(index * 20 + $0 + 1),-1,\(100 + index * 165),400,50,100,\(object.score)\n" }
    }.joined()
  }

  /// The recording, its marks, and a stream's file.
  struct Stage {
    let scratch: Scratch
    let detections: String
    let marks: String
    var flags: [String] { [detections, "--fps", "5", "--size", "1000x1000", "--threshold", "0.4", "--marks", marks] }

    init(marked: Bool = true) throws {
      scratch = try Scratch()
      detections = try scratch.file("d.txt", CalibrateTests.detections)
      marks = try scratch.file("m.csv")
      guard marked else { return }
      let written = try Owlwatch.run(["calibrate", "--query", "person", "--budget", "0/hour"] + flags)
      #expect(written.status == 0 && written.output.isEmpty && written.errors.contains("6 events to be marked"), "\(written.errors)")
      var rows = try scratch.read("m.csv").split(separator: "\n").map(String.init)
      for index in 1..<rows.count { rows[index] = (CalibrateTests.objects[index - 1].isRight ? "right" : "wrong") + rows[index] }
      _ = try scratch.file("m.csv", rows.joined(separator: "\n") + "\n")
    }

    func run(_ budget: String, _ more: [String] = ["--query", "person"]) throws -> Owlwatch.Result { try Owlwatch.run(["calibrate", "--budget", budget] + flags + more) }
  }

  @Test(arguments: [
    // Nothing wrong may be left: half way from 0.5 to 0.6.
    ("0/hour", "threshold 0.55, now 0.4: keeps 3 of 4 right (now 3), 0 of 2 wrong (now 1)", "3 events, 3 right, 0 wrong"),
    // 21.8 s × 200/h is one.
    ("200/hour", "threshold 0.4, now 0.4: keeps 3 of 4 right (now 3), 1 of 2 wrong (now 1)", "4 events, 3 right, 1 wrong"),
    // Two and more: as low as was looked.
    ("10000/day", "threshold 0.2, now 0.4: keeps 4 of 4 right (now 3), 2 of 2 wrong (now 1)", "6 events, 4 right, 2 wrong"),
  ])
  func theLowestThresholdWhoseWrongEventsStayWithinTheBudget(budget: String, proposal: String, trial: String) throws {
    let result = try Stage().run(budget)
    #expect(result.status == 0 && result.output.contains(proposal) && result.output.contains("judged again with it: \(trial)\n"), "\(result.output)\(result.errors)")
  }

  @Test func whatScoresSaidAndWhatWasRight() throws {
    let output = try Stage().run("0/hour").output
    for row in ["0.2 to 0.3   0.25  1.00   1", "0.3 to 0.4   0.30  0.00   1", "0.5 to 0.6   0.50  0.00   1", "0.9 to 1     0.90  1.00   1"] {
      #expect(output.contains(row), "\(row)\n\(output)")
    }
    // (0.1 + 0.2 + 0.4 + 0.5 + 0.3 + 0.75) / 6
    #expect(output.contains("differ by 0.38 on average") || output.contains("differ by 0.37 on average"), "\(output)")
    // None seen in 21.8 s: 2.996 is the mean that shows none once in twenty times.
    #expect(output.contains("proves no more than this: fewer than 495/hour"), "\(output)")
  }

  @Test func withoutMarksTheTableIsWrittenAndMarksAreKept() throws {
    let stage = try Stage(marked: false)
    let table = try Owlwatch.run(["calibrate", "--query", "person", "--budget", "1/day"] + stage.flags.dropLast(2))
    #expect(table.status == 0 && table.lines.count == 7 && table.lines[0].hasPrefix("mark,id,"))
    let marked = try Stage()
    let half = try marked.scratch.read("m.csv").split(separator: "\n").enumerated().map { $0.offset > 4 ? String($0.element.drop { $0 != "," }) : String($0.element) }
    _ = try marked.scratch.file("m.csv", half.joined(separator: "\r\n"))
    let result = try marked.run("0/hour")
    #expect(result.output.contains("4 events marked") && result.output.contains("2 events are not marked and not counted"), "\(result.output)\(result.errors)")
  }

  @Test func onATerminalEachEventIsAskedFor() throws {
    let stage = try Stage(marked: false)
    let command = ([Owlwatch.binary, "calibrate", "--budget", "0/hour", "--query", "person"] + stage.flags).joined(separator: " ")
    let script = Process()
    script.executableURL = URL(filePath: "/usr/bin/script")
    script.arguments = ["-qec", command, "/dev/null"]
    let running = try Running(script, takesInput: true)
    // The third is called wrong at first.
    for (question, answer) in [("1/6", "y"), ("2/6", "y"), ("3/6", "n"), ("4/6", "b"), ("3/6", "y"), ("4/6", "n"), ("5/6", "n"), ("6/6", "y")] {
      #expect(running.wait(seconds: 30) { $0.outputSoFar.split(separator: "\n").last?.contains(question) ?? false }, "\(question): \(running.outputSoFar)")
      try running.input?.write(contentsOf: Data((answer + "\n").utf8))
    }
    #expect(running.wait(seconds: 30) { $0.outputSoFar.contains("judged again") })
    try running.input?.close()
    let result = running.finish()
    #expect(result.output.contains("threshold 0.55"), "\(result.output)")
    #expect(try stage.scratch.read("m.csv").split(separator: "\n").dropFirst().map { $0.prefix { $0 != "," } } == ["right", "right", "right", "wrong", "wrong", "right"])
  }

  @Test(arguments: [
    ("queries:\n  person: a person   # who comes\n", "queries:\n  person: {text: a person, threshold: 0.55}   # who comes\n"),
    ("queries:\n  person: \"a \\\"tall\\\" person\" # x\n", "queries:\n  person: {text: \"a \\\"tall\\\" person\", threshold: 0.55} # x\n"),
    ("queries:\n  person: a person, tall\n", "queries:\n  person: {text: \"a person, tall\", threshold: 0.55}\n"),
    ("queries: {person: person, car: car}\n", "queries: {person: {text: person, threshold: 0.55}, car: car}\n"),
    ("queries:\n  person: {text: a person, threshold: 0.4}  # before\n", "queries:\n  person: {text: a person, threshold: 0.55}  # before\n"),
    ("queries:\n  person: {text: a person}\n", "queries:\n  person: {text: a person, threshold: 0.55}\n"),
    ("queries:\n  person:\n    # by day\n    text: a person # here\n  dog: dog\n", "queries:\n  person:\n    # by day\n    text: a person # here\n    threshold: 0.55\n  dog: dog\n"),
    ("queries:\n  person:\n    threshold: 0.4 # old\n    text: a person\n", "queries:\n  person:\n    threshold: 0.55 # old\n    text: a person\n"),
  ])
  func theStreamsFileIsChangedThereAndNowhereElse(before: String, after: String) throws {
    let stage = try Stage()
    let head = "# A gate.\nstream: d\nsource: gate.mp4   # a file\n\n"
    let file = try stage.scratch.file("s.yaml", head + before)
    let shown = try stage.run("0/hour", ["--query", "person", "--for", file])
    #expect(try stage.scratch.read("s.yaml") == head + before)
    #expect(shown.status == 0 && shown.output.contains("--- \(file)\n+++ \(file)\n@@ "), "\(shown.output)\(shown.errors)")
    // patch(1) understands the diff.
    let copy = try stage.scratch.file("copy.yaml", head + before), diff = try stage.scratch.file("d.diff", String(shown.output[try #require(shown.output.range(of: "--- ")).lowerBound...]))
    let patch = Process()
    patch.executableURL = URL(filePath: "/usr/bin/patch")
    patch.arguments = ["-s", copy, diff]
    #expect(try Running(patch).finish().status == 0)
    #expect(try stage.scratch.read("copy.yaml") == head + after)
    #expect(try stage.run("0/hour", ["--query", "person", "--for", file, "--apply"]).status == 0)
    #expect(try stage.scratch.read("s.yaml") == head + after)
  }

  @Test func aFileThatIsNotUnderstoodIsLeftAsItIs() throws {
    let stage = try Stage()
    let text = "stream: d\nsource: gate.mp4\nqueries:\n  person: a person\n    who walks\n"
    let file = try stage.scratch.file("s.yaml", text)
    let result = try stage.run("0/hour", ["--query", "person", "--for", file, "--apply"])
    #expect(result.status == 65 && result.errors.contains("\(file):4: queries.person:"), "\(result.errors)")
    #expect(try stage.scratch.read("s.yaml") == text)
  }

  @Test func mistakesAreTold() throws {
    let stage = try Stage()
    _ = try stage.scratch.file("bad.csv", "mark,id\nmaybe,x\n")
    _ = try stage.scratch.file("alien.csv", "mark,id\nright,x\n")
    for (arguments, status, words) in [
      (["--budget", "2", stage.detections], Int32(64), "2/hour"),
      (["--budget", "2/hour", "--fps", "5", "--size", "1000x1000", "--query", "person", stage.detections], 64, "--threshold"),
      (["--budget", "2/hour"] + stage.flags.dropLast(2) + ["--query", "person", "--marks", stage.scratch.path + "/bad.csv"], 65, "bad.csv:2: 'maybe' is no mark"),
      (["--budget", "2/hour"] + stage.flags.dropLast(2) + ["--query", "person", "--marks", stage.scratch.path + "/alien.csv"], 65, "none of its 1 events"),
      (["--budget", "2/hour"] + stage.flags + ["--query", "person", "--apply"], 64, "--for"),
      (["--budget", "2/hour", "--query", "person", stage.scratch.path + "/none.mp4"], 66, "none.mp4"),
    ] {
      let result = try Owlwatch.run(["calibrate"] + arguments)
      #expect(result.status == status && result.errors.contains(words) && result.output.isEmpty, "\(arguments): \(result.status) \(result.errors)")
    }
  }
}
