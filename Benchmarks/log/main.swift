// Measures the event log, and prints Reports/log.md:
//
//   swift build -c release && .build/release/log-benchmark [--gigabytes 10] [--folder /tmp] > Reports/log.md
//
// Append: `EventLogWriter` on one thread, as the worker uses it. Filter and `--since`: the built `owlwatch tail`, start of the process included.
// The large log holds the same lines as a camera would write in 30 days: it is made here, is dense (no holes), and is deleted at the end.

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

print("# The event log: rates\n")
print("`Benchmarks/log`: medians of \(settings.rounds); \(machine()).\n")
print("## Append\n\nOne thread, one `append` an event, one `write(2)` a line, \(SampleEvents.count) events.\n")
print("| sync | events/s | MB/s | CPU ns an event |\n|---|---|---|---|")
for (name, policy) in [("1s (default)", LogOptions.SyncPolicy.interval(.seconds(1))), ("never", .never)] {
  let rounds = try (0..<settings.rounds).map { _ in try measureAppend(policy) }
  let events = Double(SampleEvents.count)
  print("| \(name) | \(whole(events / median(rounds.map(\.wall)))) | \(whole(median(rounds.map { $0.bytes / $0.wall / 1e6 }))) | \(whole(median(rounds.map(\.processor)) / events * 1e9)) |")
}

let sizes = [settings.gigabytes / 100, settings.gigabytes / 10, settings.gigabytes]
let large = try LargeLog(folder + "/large.jsonl", days: 30)
var since: [String] = [], filter: [String] = []
for size in sizes {
  try large.grow(to: Int64(size * 1e9))
  note("\(large.bytes / 1_000_000) MB")
  let last = try (0..<settings.rounds).map { _ in try measureTail(large.path, ["--since", large.time(beforeEnd: 3600)]) }
  try forget(large.path)
  let cold = try measureTail(large.path, ["--since", large.time(beforeEnd: 3600)])
  since.append("| \(decimal(Double(large.bytes) / 1e9)) GB | \(decimal(Double(last[0].output) / 1e6)) MB | \(decimal(median(last.map(\.wall)) * 1000)) | \(decimal(cold.wall * 1000)) |")
  guard size < 2 else { continue }
  for words in [["--type", "zone.loitering"], ["--stream", "yard"], ["--score", "0.999"], ["--track", "1-7"]] {
    let rounds = try (0..<settings.rounds).map { _ in try measureTail(large.path, words) }
    filter.append("| \(decimal(Double(large.bytes) / 1e9)) GB | `\(words.joined(separator: " "))` | \(whole(Double(large.bytes) / 1e6 / median(rounds.map(\.processor)))) | \(whole(Double(large.bytes) / 1e6 / median(rounds.map(\.wall)))) |")
  }
}
print("\n## The last hour\n\n`owlwatch tail LOG --since …`, wall time of the whole process, output to a file; cold: the file's pages were dropped first.\n")
print("| log | last hour | ms | ms cold |\n|---|---|---|---|\n" + since.joined(separator: "\n"))
print("\n## Filter\n\n`owlwatch tail LOG …`, hardly a line passes; a core is user + system time.\n")
print("| log | filter | MB/s a core | MB/s wall |\n|---|---|---|---|\n" + filter.joined(separator: "\n"))
