import Foundation
import Testing

/// A disk that fails on command (Tests/faulty-disk.c, preloaded): dies at the N-th change of a folder, takes half a write, is full, loses what was not synced.
enum FaultyDisk {
  /// The shim, built once.
  static let library: String? = {
    let path = NSTemporaryDirectory() + "owlwatch-faulty-disk-\(ProcessInfo.processInfo.processIdentifier).so"
    let compiler = Process()
    compiler.executableURL = URL(filePath: "/usr/bin/env")
    compiler.arguments = ["cc", "-shared", "-fPIC", "-O1", "-o", path, Owlwatch.root.appending(path: "Tests/faulty-disk.c").path, "-ldl"]
    guard (try? compiler.run()) != nil else { return nil }
    compiler.waitUntilExit()
    return compiler.terminationStatus == 0 ? path : nil
  }()

  /// - Parameters:
  ///   - plan: see Tests/faulty-disk.c.
  ///   - disk: a folder that will hold what a power cut leaves.
  ///   - count: a file that will hold the number of changes.
  static func environment(_ folder: String, plan: String, disk: String? = nil, count: String? = nil) throws -> [String: String] {
    var environment = ["LD_PRELOAD": try #require(library, "cc could not build Tests/faulty-disk.c"), "FAULTY_FOLDER": realPath(folder), "FAULTY_PLAN": plan]
    environment["FAULTY_DISK"] = disk
    environment["FAULTY_COUNT"] = count
    return environment
  }

  static func realPath(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// What of a folder a power cut may leave.
  enum Remains: CaseIterable {
    /// What was synced, and nothing else.
    case synced
    /// The names as they are, of each file what was synced.
    case names
    /// Likewise, and each file as long as it was, NUL where nothing was synced.
    case lengths
  }

  /// Puts a folder into the state in which a power cut leaves it.
  static func cut(_ folder: String, disk: String, leaving remains: Remains) throws {
    let files = FileManager.default
    var left: [String: Data] = [:]
    func synced(_ node: String) -> Data { files.contents(atPath: disk + "/i" + node) ?? Data() }
    let now = try files.contentsOfDirectory(atPath: folder)
    switch remains {
    case .synced:
      let names = String(decoding: files.contents(atPath: disk + "/names") ?? Data(), as: UTF8.self)
      for line in names.split(separator: "\n") {
        let parts = line.split(separator: "\t", maxSplits: 1).map(String.init)
        left[parts[1]] = synced(parts[0])
      }
    case .names, .lengths:
      for name in now {
        let attributes = try files.attributesOfItem(atPath: folder + "/" + name)
        let node = (attributes[.systemFileNumber] as? NSNumber)?.stringValue ?? "", length = (attributes[.size] as? NSNumber)?.intValue ?? 0
        var bytes = synced(node)
        if remains == .lengths && bytes.count < length { bytes += Data(count: length - bytes.count) }
        left[name] = bytes
      }
    }
    for name in now { try files.removeItem(atPath: folder + "/" + name) }
    for (name, bytes) in left { try bytes.write(to: URL(filePath: folder + "/" + name)) }
    try? files.removeItem(atPath: disk)
    try files.createDirectory(atPath: disk, withIntermediateDirectories: true)
  }
}

/// A job that writes into its working folder, and what it writes when nothing disturbs it.
struct DisturbedJob {
  let words: [String]
  let whole: [String: Data]
  /// Changes of the folder in an undisturbed run.
  let changes: Int

  init(_ words: [String], in scratch: Scratch) throws {
    self.words = words
    let folder = try scratch.folder("whole"), count = scratch.path + "/count"
    let result = try Owlwatch.run(words, in: folder, environment: FaultyDisk.environment(folder, plan: "", count: count))
    #expect(result.status == 0, "\(result.errors)")
    whole = try Self.content(folder)
    changes = Int(try String(contentsOfFile: count, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
    try #require(changes > 10)
  }

  /// 73: where the last kill came after the end, the log is whole and is not begun anew.
  private static let endsWell: Set<Int32> = [0, 73]

  /// All files but the lock, which a dead worker leaves and the next one takes away.
  static func content(_ folder: String) throws -> [String: Data] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasSuffix(".lock") }
    return Dictionary(uniqueKeysWithValues: try names.map { ($0, try Data(contentsOf: URL(filePath: folder + "/" + $0))) })
  }

  /// Runs with a plan; true where it was killed.
  func isKilled(in folder: String, plan: String, disk: String? = nil) throws -> Bool {
    Self.isKilled(try Owlwatch.run(words, in: folder, environment: FaultyDisk.environment(folder, plan: plan, disk: disk)), plan)
  }

  /// True where a run was killed. It may have ended well before; that it gave up is not foreseen.
  static func isKilled(_ run: Owlwatch.Result, _ comment: @autoclosure () -> String) -> Bool {
    if run.status == 128 + SIGKILL { return true }
    #expect(endsWell.contains(run.status), "\(comment()): \(run.status) \(run.errors)")
    return false
  }

  /// Lets it end undisturbed and compares every file, byte for byte.
  func finish(in folder: String, _ comment: @autoclosure () -> String) throws {
    let last = try Owlwatch.run(words, in: folder)
    #expect(Self.endsWell.contains(last.status), "\(comment()): \(last.errors)")
    let content = try Self.content(folder)
    #expect(content.keys.sorted() == whole.keys.sorted(), "\(comment())")
    for (name, bytes) in whole where content[name] != bytes {
      Issue.record("\(comment()): \(name) has \(content[name]?.count ?? -1) bytes that are not the undisturbed run's \(bytes.count)")
    }
  }
}

extension Scratch {
  /// An empty folder of this name.
  func folder(_ name: String) throws -> String {
    let folder = path + "/" + name
    try? FileManager.default.removeItem(atPath: folder)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }
}
