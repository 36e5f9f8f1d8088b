import Foundation
import Testing

/// The built binary, run as people run it.
enum Owlwatch {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  static let clip = root.appending(path: "Streams/samples/car-park.mp4").path

  /// `OWLWATCH_BINARY`, else the product beside these tests.
  static let binary: String = ProcessInfo.processInfo.environment["OWLWATCH_BINARY"] ?? {
    #if DEBUG
    root.appending(path: ".build/debug/owlwatch").path
    #else
    root.appending(path: ".build/release/owlwatch").path
    #endif
  }()

  struct Result {
    var status: Int32
    var output: String
    var errors: String
    var lines: [String] { output.split(separator: "\n").map(String.init) }
    /// What the lines say under `data` and at the top, by JSON.
    var events: [[String: Any]] { lines.compactMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] } }
  }

  /// Runs to the end. - Parameter input: standard input; nil: none.
  static func run(_ arguments: [String], input: Data? = nil, in folder: String? = nil, environment: [String: String] = [:]) throws -> Result {
    let running = try start(arguments, in: folder, environment: environment, takesInput: input != nil)
    if let input {
      try running.input?.write(contentsOf: input)
      try running.input?.close()
    }
    return running.finish()
  }

  static func run(_ arguments: String...) throws -> Result { try run(arguments) }

  static func start(_ arguments: [String], in folder: String? = nil, environment: [String: String] = [:], takesInput: Bool = false) throws -> Running {
    let process = Process()
    process.executableURL = URL(filePath: binary)
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = URL(filePath: folder) }
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    return try Running(process, takesInput: takesInput)
  }
}

/// A process under way. Its output is gathered while it runs, so that a full pipe never stops it.
final class Running: @unchecked Sendable {
  let process: Process
  let input: FileHandle?
  private let output = Gathered(), errors = Gathered()

  init(_ process: Process, takesInput: Bool = false) throws {
    self.process = process
    process.standardOutput = output.pipe
    process.standardError = errors.pipe
    let pipe = takesInput ? Pipe() : nil
    process.standardInput = pipe ?? FileHandle.nullDevice
    input = pipe?.fileHandleForWriting
    try process.run()
    output.begin(); errors.begin()
  }

  var outputSoFar: String { output.text }
  var errorsSoFar: String { errors.text }

  func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  func finish() -> Owlwatch.Result {
    process.waitUntilExit()
    output.wait(); errors.wait()
    let status = process.terminationReason == .uncaughtSignal ? 128 + process.terminationStatus : process.terminationStatus
    return Owlwatch.Result(status: status, output: output.text, errors: errors.text)
  }

  /// Waits until a condition holds, at most so long.
  func wait(seconds: Double, until condition: (Running) -> Bool) -> Bool {
    let end = Date(timeIntervalSinceNow: seconds)
    while Date() < end {
      if condition(self) { return true }
      Thread.sleep(forTimeInterval: 0.05)
    }
    return condition(self)
  }

  private final class Gathered: @unchecked Sendable {
    let pipe = Pipe()
    private let lock = NSLock(), done = DispatchSemaphore(value: 0)
    private var bytes = Data()

    func begin() {
      Thread.detachNewThread { [self] in
        while true {
          let part = pipe.fileHandleForReading.availableData
          if part.isEmpty { break }
          lock.withLock { bytes += part }
        }
        done.signal()
      }
    }

    func wait() { done.wait() }
    var text: String { lock.withLock { String(decoding: bytes, as: UTF8.self) } }
  }
}

/// A folder for one test, gone when the test is over.
final class Scratch: Sendable {
  let path: String
  init() throws {
    path = NSTemporaryDirectory() + "owlwatch-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String, _ content: String? = nil) throws -> String {
    let file = path + "/" + name
    if let content { try content.write(toFile: file, atomically: false, encoding: .utf8) }
    return file
  }

  func file(_ name: String, bytes: [UInt8]) throws -> String {
    let file = path + "/" + name
    try Data(bytes).write(to: URL(filePath: file))
    return file
  }

  func read(_ name: String) throws -> String { try String(contentsOfFile: path + "/" + name, encoding: .utf8) }
}

/// The shared clips and tables: absent on a developer's machine a reason to skip, in continuous integration a failure.
enum TestData {
  static let folder = ProcessInfo.processInfo.environment["OWLWATCH_TESTDATA"]
  static let isThere = folder != nil || ProcessInfo.processInfo.environment["CI"] == "true"
  static func path(_ name: String) throws -> String { try #require(folder, "set OWLWATCH_TESTDATA") + "/" + name }
}

extension [String: Any] {
  var type: String { self["type"] as? String ?? "" }
  var data: [String: Any] { self["data"] as? [String: Any] ?? [:] }
  var mediaTime: Double { data["media_time"] as? Double ?? -1 }
  var track: String? { (data["object"] as? [String: Any])?["track"] as? String }
  var phase: String? { data["phase"] as? String }
  var reason: String? { data["reason"] as? String }
}
