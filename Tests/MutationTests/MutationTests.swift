import Foundation
import Testing

/// Every reader of files that others wrote is fed with changed ones and must come back with a value or an error: a trap, a crash or a
/// hang is a failure that names the case. Tests/Mutator does it in a process of its own.
///
/// `OWLWATCH_MUTATION_SECONDS`: for all readers together; 10, or 60 where `CI` is true. `OWLWATCH_MUTATION_FIRST`: the first case's number.
@Suite(.serialized) struct MutationTests {
  static let environment = ProcessInfo.processInfo.environment
  static let seconds = environment["OWLWATCH_MUTATION_SECONDS"].flatMap { Double($0) } ?? (environment["CI"] == "true" ? 60 : 10)
  static let first = environment["OWLWATCH_MUTATION_FIRST"].flatMap { UInt64($0) } ?? 1
  static let readers = ["safetensors", "torch", "model", "rules", "stream", "mot", "log"]
  /// No case of a megabyte at most takes longer.
  static let longestCase = 20.0

  static let binary: String = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    #if DEBUG
    return root.appending(path: ".build/debug/mutator").path
    #else
    return root.appending(path: ".build/release/mutator").path
    #endif
  }()

  @Test(arguments: readers) func everyCaseComesBack(reader: String) throws {
    let progress = NSTemporaryDirectory() + "owlwatch-mutation-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: progress) }
    let process = Process(), output = Pipe()
    process.executableURL = URL(filePath: Self.binary)
    process.arguments = [reader, "\(Self.seconds / Double(Self.readers.count))", "\(Self.first)", progress]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let hung = watch(process, progress)
    let words = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    process.waitUntilExit()
    let number = Self.number(progress)
    let again = "\(Self.binary) \(reader) show \(number) FILE"
    #expect(!hung, "case \(number) of \(reader) took more than \(Self.longestCase) s; `\(again)` writes it")
    #expect(process.terminationReason == .exit && process.terminationStatus == 0, "case \(number) of \(reader) ended the process; `\(again)` writes it")
    let count = words.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    #expect(count > 20, "\(words)")
    print(words, terminator: "")
  }

  /// Ends a process whose progress stands still. Returns whether it had to.
  private func watch(_ process: Process, _ progress: String) -> Bool {
    var last = Self.number(progress), since = Date()
    while process.isRunning {
      Thread.sleep(forTimeInterval: 0.05)
      let now = Self.number(progress)
      if now != last { (last, since) = (now, Date()) }
      if Date().timeIntervalSince(since) > Self.longestCase {
        kill(process.processIdentifier, SIGKILL)
        return true
      }
    }
    return false
  }

  private static func number(_ progress: String) -> UInt64 {
    guard let bytes = FileManager.default.contents(atPath: progress), bytes.count == 8 else { return 0 }
    return bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
  }
}
