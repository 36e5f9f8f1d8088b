import Foundation
import Testing

/// `owlwatch models` and `--model NAME`, the built binary against Tests/hub-server.py.
@Suite struct ModelsCommandTests {
  static let binary: String = ProcessInfo.processInfo.environment["OWLWATCH_BINARY"] ?? {
    #if DEBUG
    HubServer.root + "/.build/debug/owlwatch"
    #else
    HubServer.root + "/.build/release/owlwatch"
    #endif
  }()

  struct Result {
    var status: Int32, output: String, errors: String
    var lines: [[String]] { output.split(separator: "\n").map { $0.split(separator: "\t").map(String.init) } }
    var said: [String] { errors.split(separator: "\n").map(String.init) }
  }

  /// - Parameter terminal: whether standard error is a terminal, which `script` makes; its words come on standard output then.
  private func run(_ words: [String], _ cache: Cache, token: String? = nil, endpoint: String? = nil, terminal: Bool = false) throws -> Result {
    let process = Process(), output = Pipe(), errors = Pipe()
    process.executableURL = URL(filePath: terminal ? "/usr/bin/env" : Self.binary)
    process.arguments = terminal ? ["script", "-qec", ([Self.binary] + words).joined(separator: " "), "/dev/null"] : words
    var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("HF_") }
    environment["HF_ENDPOINT"] = endpoint ?? cache.server.endpoint
    environment["HF_HOME"] = cache.home
    environment["HF_TOKEN"] = token
    process.environment = environment
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    // Neither fills a pipe.
    let text = output.fileHandleForReading.readDataToEndOfFile(), said = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let status = process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
    return Result(status: status, output: String(decoding: text, as: UTF8.self), errors: String(decoding: said, as: UTF8.self))
  }

  @Test func pulledListedVerifiedAndUsed() throws {
    let cache = try Cache()
    let pulled = try run(["models", "pull", "plain/used"], cache)
    #expect(pulled.status == 0 && pulled.errors.isEmpty)
    let path = cache.folder("plain/used") + "/snapshots/" + PullTests.commit
    #expect(pulled.output == path + "\n")
    let listed = try run(["models", "list"], cache)
    #expect(listed.status == 0 && listed.said.contains { $0.contains("owlwatch-nano") && $0.contains("small") })
    #expect(listed.lines.map(\.[0]) == ["owlwatch-nano", "plain/used"])
    #expect(listed.lines.last == ["plain/used", "owlvit", "0.1 MB", "cache", path])
    for name in ["plain/used", path] {
      let verified = try run(["models", "verify", name], cache)
      #expect(verified.status == 0 && verified.errors.isEmpty)
      #expect(verified.lines.map(\.[0]) == ["config.json", "merges.txt", "model.safetensors", "preprocessor_config.json", "tokenizer_config.json", "vocab.json"])
      #expect(verified.lines.allSatisfy { $0[2] == "verified" })
    }
    try Data(Array("P6\n2 2\n255\n".utf8) + [UInt8](repeating: 99, count: 12)).write(to: URL(filePath: cache.home + "/p.ppm"))
    let words = ["detect", "--query", "cat", "--threshold", "0", "--look", "whole", cache.home + "/p.ppm"]
    let byName = try run(words + ["--model", "plain/used"], cache), byFolder = try run(words + ["--model", HubServer.fixture], cache)
    #expect(byName.status == 0 && byName.output == byFolder.output && byName.output.contains("\"score\""))
  }

  @Test func damageIsFound() throws {
    let cache = try Cache()
    let path = try cache.pull("plain/broken")
    var bytes = try Data(contentsOf: URL(filePath: path + "/model.safetensors"))
    bytes[120_000] ^= 1
    try bytes.write(to: URL(filePath: path + "/model.safetensors").resolvingSymlinksInPath())
    let verified = try run(["models", "verify", "plain/broken"], cache)
    #expect(verified.status == 65 && verified.said.count == 1)
    #expect(verified.lines.first { $0[0] == "model.safetensors" }?[2].hasPrefix("DAMAGED") == true)
    // A directory without sums: its tensors are looked at.
    let copy = cache.home + "/copy"
    try FileManager.default.copyItem(atPath: HubServer.fixture, toPath: copy)
    var config = try String(contentsOfFile: copy + "/config.json", encoding: .utf8)
    #expect(try run(["models", "verify", copy], cache).status == 0)
    config = config.replacing("\"patch_size\": 7", with: "\"patch_size\": 8")
    try config.write(toFile: copy + "/config.json", atomically: true, encoding: .utf8)
    let wrong = try run(["models", "verify", copy], cache)
    #expect(wrong.status == 65 && wrong.said.count == 1 && wrong.errors.contains("shape"))
    #expect(try run(["models", "verify", "/nowhere"], cache).status == 66)
  }

  /// One line each, and the token in none of them.
  @Test func whatGoesWrong() throws {
    let cache = try Cache()
    for (name, status, words) in [("gated/said", 66, "HF_TOKEN"), ("unknown/model", 66, "404"), ("nothing/said", 66, "model.safetensors"), ("wrong/said", 65, "hash"),
                                  ("outside/said", 65, "outside the model"), ("not a name", 64, "not a name on the hub")] as [(String, Int32, String)] {
      let result = try run(["models", "pull", name], cache, token: "hf_wrongToken")
      #expect(result.status == status && result.output.isEmpty && result.said.count == 1, "\(name): \(result)")
      #expect(result.errors.contains(words) && !result.errors.contains("wrongToken") && !result.errors.contains("secretOfTheStorage"), "\(result.errors)")
    }
    let offline = try run(["models", "pull", "plain/x"], cache, endpoint: "ftp://127.0.0.1")
    #expect(offline.status == 64 && offline.errors.contains("HF_ENDPOINT"))
    for (endpoint, status) in [("ftp://me:hunter2@127.0.0.1", 64), ("http://me:hunter2@127.0.0.1:1", 69)] as [(String, Int32)] {
      let result = try run(["models", "pull", "plain/x"], cache, endpoint: endpoint)
      #expect(result.status == status && result.errors.contains("://***@127.0.0.1") && !result.errors.contains("hunter2"), "\(result.errors)")
    }
  }

  @Test func aGatedModelWithItsTokenAndProgressOnATerminal() throws {
    let cache = try Cache()
    let result = try run(["models", "pull", "gated/shown"], cache, token: HubServer.token)
    #expect(result.status == 0 && !(result.output + result.errors).contains(HubServer.token))
    let shown = try run(["models", "pull", "large/shown"], cache, terminal: true)
    #expect(shown.status == 0)
    #expect(shown.output.contains("model.safetensors: ") && shown.output.contains("of 30 MB"), "\(shown.output)")
    #expect(!shown.output.contains(HubServer.token))
  }

  /// kill -9 in the middle of a download: what is there is used, nothing half is called a model.
  @Test func aPullThatIsKilledGoesOn() throws {
    let cache = try Cache()
    let process = Process()
    process.executableURL = URL(filePath: Self.binary)
    process.arguments = ["models", "pull", "slow/killed"]
    process.environment = ProcessInfo.processInfo.environment.merging(["HF_ENDPOINT": cache.server.endpoint, "HF_HOME": cache.home]) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    let blobs = cache.folder("slow/killed") + "/blobs", end = Date(timeIntervalSinceNow: 30)
    func partial() -> Int { cache.files(in: blobs).filter { $0.hasSuffix(".incomplete") }.compactMap { try? Data(contentsOf: URL(filePath: blobs + "/" + $0)).count }.first ?? 0 }
    // More than any small file has.
    while partial() < 10_000, Date() < end { Thread.sleep(forTimeInterval: 0.02) }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(partial() >= 10_000)
    #expect(try run(["detect", "--model", "slow/killed", "--query", "cat", "/dev/null"], cache).status == 66)
    let again = try run(["models", "pull", "slow/killed"], cache)
    #expect(try again.status == 0 && cache.isWhole(again.output.trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(try cache.server.requests("slow/killed").contains { $0.host == "storage" && $0.range?.hasPrefix("bytes=") == true })
  }
}
