import Foundation
import ModelHub
import Testing

/// Tests/hub-server.py on loopback, one for all tests; it ends with this process, whose end it sees on its standard input.
final class HubServer: Sendable {
  static let shared: Result<HubServer, any Error> = Result { try HubServer() }
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
  /// The model that every name on the server has.
  static let fixture = root + "/Tests/Golden/owlvit-one-layer"
  static let token = "hf_goodTokenOfTheTests"

  let endpoint: String
  let storage: String
  private let input = Pipe()
  private let log = NSTemporaryDirectory() + "owlwatch-hub-\(ProcessInfo.processInfo.processIdentifier).jsonl"

  private init() throws {
    let process = Process(), output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", Self.root + "/Tests/hub-server.py", Self.fixture, log]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    struct Places: Decodable { var endpoint: String, storage: String }
    let places = try JSONDecoder().decode(Places.self, from: output.fileHandleForReading.availableData)
    (endpoint, storage) = (places.endpoint, places.storage)
  }

  struct Request: Decodable, Equatable {
    var model: String, host: String, path: String, range: String?, authorization: String?
    var file: String { String(path.split(separator: "/").last ?? "") }
  }

  /// What has been asked of a model, in order.
  func requests(_ model: String) throws -> [Request] {
    try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").map { try JSONDecoder().decode(Request.self, from: Data($0.utf8)) }
      .filter { $0.model == model }
  }
}

/// A cache of its own for each test, and settings that don't wait long.
final class Cache {
  let home = NSTemporaryDirectory() + "owlwatch-hub-" + UUID().uuidString
  let server: HubServer
  var settings: HubSettings

  init(token: String? = nil) throws {
    server = try HubServer.shared.get()
    var environment = ["HF_ENDPOINT": server.endpoint + "/", "HF_HOME": home]
    environment["HF_TOKEN"] = token
    settings = HubSettings(environment: environment)
    settings.retries = 3
    settings.backoff = 0.01
    settings.stallTimeout = 1
  }

  deinit { try? FileManager.default.removeItem(atPath: home) }

  func folder(_ model: String) -> String { "\(home)/hub/models--" + model.replacingOccurrences(of: "/", with: "--") }

  func files(in folder: String) -> [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted() }

  @discardableResult
  func pull(_ model: String, progress: (PullProgress) -> Void = { _ in }) throws -> String {
    try ModelHub.pull(model, settings: settings, progress: progress)
  }

  /// The error that pulling a model ends with.
  func failure(_ model: String) -> HubError? {
    #expect(throws: HubError.self) { try pull(model) }
  }

  /// Whether what was pulled is the server's model to the byte.
  func isWhole(_ path: String) throws -> Bool {
    for name in ["config.json", "preprocessor_config.json", "vocab.json", "merges.txt", "tokenizer_config.json", "model.safetensors"] {
      let theirs = try Data(contentsOf: URL(filePath: HubServer.fixture + "/" + name))
      guard FileManager.default.contents(atPath: path + "/" + name) == theirs else { return false }
    }
    return true
  }
}
