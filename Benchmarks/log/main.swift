// Measures the event log, and prints Reports/log.md:
//
//   swift build -c release && .build/release/log-benchmark [--gigabytes 10] [--folder /tmp] > Reports/log.md
//
// Append: `EventLogWriter` on one thread, as the worker uses it. The rest twice: in this process (`LogTail`), and as the whole command, the built
// `owlwatch tail`, with the start of its process and its output to a file. The large log holds the lines that a camera would write in 30 days: made
// here, dense (no holes), once as one file and once in parts of 100 MB, and deleted at the end.

import EventLog
import Foundation
import Scene

struct Settings {
  var gigabytes = 10.0
  var folder = NSTemporaryDirectory()
  var rounds = 5

  init(_ words: [String]) {
    for (word, value) in zip(words, words.dropFirst()) {
      if word == "--gigabytes", let number = Double(value) { gigabytes = number }
      if word == "--folder" { folder = value }
    }
  }
}

let settings = Settings(CommandLine.arguments)
let folder = settings.folder + "/owlwatch-log-benchmark-\(getpid())"
try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(atPath: folder) }

func rounds(_ measure: () throws -> Run) rethrows -> [Run] { try (0..<settings.rounds).map { _ in try measure() } }

print("# The event log: rates\n")
print("`Benchmarks/log`: medians of \(settings.rounds); \(machine()).\n")

print("## Append\n\nOne thread, one `append` an event, one `write(2)` a line. CPU: of all threads.\n")
print("| sync | events | events/s | MB/s | CPU ns an event |\n|---|---|---|---|---|")
for (name, policy, count) in [("1s (default)", LogOptions.SyncPolicy.interval(.seconds(1)), 500_000), ("never", .never, 500_000), ("each", .each, 1000)] {
  let runs = try rounds { try measureAppend(policy, count: count) }, events = Double(count)
  print("| \(name) | \(count) | \(whole(events / median(runs.map(\.wall)))) | \(whole(median(runs.map { $0.bytes / $0.wall / 1e6 }))) | \(whole(median(runs.map(\.processor)) / events * 1e9)) |")
}

var sinceRows: [String] = [], filterRows: [String] = []
for kind in LargeLog.Kind.allCases {
  let large = LargeLog(folder + "/\(kind)/gate.jsonl", kind, days: 30)
  for size in [settings.gigabytes / 10, settings.gigabytes] {
    try large.grow(to: Int64(size * 1e9))
    note("\(kind): \(large.bytes / 1_000_000) MB")
    let name = "\(kind.rawValue), \(decimal(Double(large.bytes) / 1e9)) GB"
    sinceRows.append(try lastHour(of: large, name))
    if size < 2 { filterRows += try filters(of: large, name) }
  }
  try large.remove()
}

func lastHour(of large: LargeLog, _ name: String) throws -> String {
  let words = ["--since", large.time(beforeEnd: 3600)]
  var asked = EventFilter()
  asked.since = try EventFilter.time(words[1])
  let inside = try rounds { try measureReading(large.path, asked) }, command = try rounds { try measureTail(large.path, words) }
  try large.forget()
  let cold = try measureReading(large.path, asked)
  return "| \(name) | \(decimal(Double(command[0].output) / 1e6)) MB | \(decimal(median(inside.map(\.wall)) * 1000)) | \(decimal(cold.wall * 1000)) | \(decimal(median(command.map(\.wall)) * 1000)) |"
}

func filters(of large: LargeLog, _ name: String) throws -> [String] {
  try [["--type", "zone.loitering"], ["--stream", "yard"], ["--track", "1-7"], ["--score", "0.999"]].map { words in
    let inside = try rounds { try measureReading(large.path, filter(of: words)) }, command = try rounds { try measureTail(large.path, words) }
    func rate(_ times: [Double]) -> String { whole(Double(large.bytes) / 1e6 / median(times)) }
    return "| \(name) | `\(words.joined(separator: " "))` | \(rate(inside.map(\.processor))) | \(rate(command.map(\.processor))) | \(rate(command.map(\.wall))) |"
  }
}

func filter(of words: [String]) -> EventFilter {
  var filter = EventFilter()
  switch words[0] {
  case "--type": filter.types = [words[1]]
  case "--stream": filter.streams = [words[1]]
  case "--track": filter.tracks = [words[1]]
  default: filter.minimumScore = Double(words[1])
  }
  return filter
}

print("\n## The last hour\n\n`--since`, milliseconds: in this process; likewise when the log's pages had been dropped from memory; the whole command, `owlwatch tail LOG --since …`.\n")
print("| log | last hour | in process | cold | command |\n|---|---|---|---|---|\n" + sinceRows.joined(separator: "\n"))
print("\n## Filter\n\nHardly a line passes. MB of lines a second and core (user + system time): in this process, as a command; and by the clock.\n")
print("| log | filter | in process | command | command, wall |\n|---|---|---|---|---|\n" + filterRows.joined(separator: "\n"))
print("\nThe command's start alone (`owlwatch --version`) takes \(decimal(median(try rounds { try measureStart() }.map(\.wall)) * 1000)) ms.")
