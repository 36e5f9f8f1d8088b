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

func measureAppend(_ policy: LogOptions.SyncPolicy) throws -> Run {
  let path = folder + "/append.jsonl"
  try? FileManager.default.removeItem(atPath: path)
  let events = (0..<SampleEvents.count).map { SampleEvents.event($0, at: Double($0) / 10) }
  let log = try EventLogWriter(path: path, options: LogOptions(sync: policy))
  let began = ContinuousClock.now, before = processorSeconds(RUSAGE_SELF)
  for event in events { try log.append([event], in: SampleEvents.context) }
  let run = Run(wall: seconds(ContinuousClock.now - began), processor: processorSeconds(RUSAGE_SELF) - before, bytes: Double(log.position.offset))
  try log.close()
  return run
}

/// Runs the binary that was built beside this one.
func measureTail(_ log: String, _ words: [String]) throws -> Run {
  let process = Process()
  process.executableURL = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "owlwatch")
  process.arguments = ["tail", log, "--format", "json"] + words
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

/// Drops a file's pages from memory.
func forget(_ path: String) throws {
  let descriptor = open(path, O_RDONLY)
  fsync(descriptor)
  posix_fadvise(descriptor, 0, 0, Int32(POSIX_FADV_DONTNEED))
  close(descriptor)
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

/// `AMD EPYC …, 2 cores, load 0.3`.
func machine() -> String {
  let lines = ((try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? "").split(separator: "\n")
  let name = lines.first { $0.hasPrefix("model name") }?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "?"
  let load = ((try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)) ?? "?").prefix { $0 != " " }
  return "\(name), \(ProcessInfo.processInfo.activeProcessorCount) cores, load \(load) when it began"
}
