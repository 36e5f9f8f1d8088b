import EventLog
import Foundation
import Scene

struct Run {
  /// Seconds.
  var wall: Double
  var processor: Double
  var bytes = 0.0
  var output: Int64 = 0
}

func measureAppend(_ policy: LogOptions.SyncPolicy, count: Int) throws -> Run {
  let path = folder + "/append.jsonl"
  try? FileManager.default.removeItem(atPath: path)
  let events = (0..<count).map { SampleEvents.event($0, at: Double($0) / 10) }
  let log = try EventLogWriter(path: path, options: LogOptions(sync: policy))
  let began = ContinuousClock.now, before = processorSeconds(RUSAGE_SELF)
  for event in events { try log.append([event], in: SampleEvents.context) }
  let run = Run(wall: seconds(ContinuousClock.now - began), processor: processorSeconds(RUSAGE_SELF) - before, bytes: Double(log.position.offset))
  try log.close()
  return run
}

/// Reads a log as `owlwatch tail` does, without writing anything.
func measureReading(_ log: String, _ filter: EventFilter) throws -> Run {
  let began = ContinuousClock.now, before = processorSeconds(RUSAGE_SELF)
  var bytes: Int64 = 0
  try LogTail(path: log, filter: filter).run(LogTail.Callbacks { bytes += Int64($0.count) })
  return Run(wall: seconds(ContinuousClock.now - began), processor: processorSeconds(RUSAGE_SELF) - before, output: bytes)
}

func measureTail(_ log: String, _ words: [String]) throws -> Run { try measureCommand(["tail", log, "--format", "json"] + words) }
func measureStart() throws -> Run { try measureCommand(["--version"]) }

/// Runs the binary that was built beside this one.
private func measureCommand(_ words: [String]) throws -> Run {
  let process = Process()
  process.executableURL = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "owlwatch")
  process.arguments = words
  let path = folder + "/output"
  _ = FileManager.default.createFile(atPath: path, contents: nil)
  process.standardOutput = FileHandle(forWritingAtPath: path)
  let began = ContinuousClock.now, before = processorSeconds(RUSAGE_CHILDREN)
  try process.run()
  process.waitUntilExit()
  guard process.terminationStatus == 0 else { throw CocoaError(.executableRuntimeMismatch) }
  let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber
  return Run(wall: seconds(ContinuousClock.now - began), processor: processorSeconds(RUSAGE_CHILDREN) - before, output: size?.int64Value ?? 0)
}

func processorSeconds(_ who: __rusage_who) -> Double {
  var usage = rusage()
  getrusage(__rusage_who_t(who.rawValue), &usage)
  func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
  return seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

func seconds(_ duration: Duration) -> Double { Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18 }
func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
func whole(_ value: Double) -> String { "\(Int(value.rounded()))" }
func decimal(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
func note(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

/// `2 cores, AMD EPYC, AVX-512, no AMX, load 0.3 when it began`.
func machine() -> String {
  let lines = ((try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? "").split(separator: "\n")
  func value(_ key: String) -> String {
    lines.first { $0.hasPrefix(key) }?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "?"
  }
  // The family alone: which one of it says little, and is told differently everywhere.
  let name = value("model name").split(separator: " ").prefix(2).joined(separator: " "), flags = value("flags")
  let load = ((try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)) ?? "?").prefix { $0 != " " }
  return "\(ProcessInfo.processInfo.activeProcessorCount) cores, \(name), \(flags.contains("avx512f") ? "AVX-512" : "no AVX-512"), "
    + "\(flags.contains("amx_tile") ? "AMX" : "no AMX"), load \(load) when it began"
}
