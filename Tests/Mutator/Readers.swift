import EventLog
import Foundation
import OwlViT
import RuleEngine
import Scene
import Tensors
import Tracking
import Worker

/// What is fed: each takes any bytes and comes back, with a value or with an error of its own.
enum Reader: String, CaseIterable {
  case safetensors, torch, model, rules, stream, mot, log

  /// Folders and files below the checkout whose files are the seeds.
  var seeds: [String] {
    switch self {
    case .safetensors: ["Tests/Golden/containers/odd.safetensors", "Tests/Golden/owlvit-one-layer/model.safetensors"]
    case .torch: ["Tests/Golden/containers/pytorch_model.bin"]
    case .model: ModelFiles.names.map { "Tests/Golden/owlvit-odd/" + $0 } + ["Tests/Golden/tokenizer-joined/tokenizer.json", "Models/owlwatch-nano/owlwatch.json"]
    case .rules: ["Rules", "Tests/Seeds/rules"]
    case .stream: ["Streams", "Tests/Seeds/stream"]
    case .mot: ["Tests/Seeds/mot"]
    case .log: ["Tests/Seeds/log"]
    }
  }

  /// - Parameters:
  ///   - seed: which of the seeds the bytes come from.
  ///   - folder: for files, empty at first, kept from case to case.
  func read(_ bytes: [UInt8], seed: Int, in folder: String) throws {
    switch self {
    case .safetensors: try Self.weights(bytes, folder + "/model.safetensors")
    case .torch: try Self.weights(bytes, folder + "/pytorch_model.bin")
    case .model: try ModelFiles.read(bytes, seed: seed, in: folder)
    case .rules: try Self.rules(bytes)
    case .stream:
      try Self.write(bytes, folder + "/stream.yaml")
      _ = try StreamSettings.load(path: folder + "/stream.yaml")
    case .mot:
      let frames = try MOTReader(file: "det.txt").frames(of: bytes)
      _ = try MOTReader(file: "det.txt").rows(of: bytes).count + frames.count
    case .log: try Self.log(bytes, folder + "/events.jsonl")
    }
  }

  static func write(_ bytes: [UInt8], _ path: String) throws { try Data(bytes).write(to: URL(filePath: path)) }

  private static func weights(_ bytes: [UInt8], _ path: String) throws {
    try write(bytes, path)
    let file = try WeightFile.open(path)
    for name in file.names {
      let shape: [Int]? = file.shape(of: name)
      guard let shape, let tensor = try? file.tensor(name, shape: shape), tensor.count < 1 << 20 else { continue }
      _ = try tensor.values()
    }
  }

  private static func rules(_ bytes: [UInt8]) throws {
    let queries = ["person", "car"].map { Query(id: $0, text: "a \($0)") }
    _ = try RuleSet.parse(String(decoding: bytes, as: UTF8.self), file: "rules.yaml", queries: queries)
  }

  /// Opened for writing as after a crash, gone on with, and read back.
  private static func log(_ bytes: [UInt8], _ path: String) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: (path as NSString).deletingLastPathComponent) {
      try FileManager.default.removeItem(atPath: (path as NSString).deletingLastPathComponent + "/" + name)
    }
    try write(bytes, path)
    var lines = 0
    var callbacks = LogTail.Callbacks { line in
      lines += 1
      _ = LoggedEvent(line: line)
    }
    callbacks.problem = { _ in lines += 1 }
    try LogTail(path: path, filter: EventFilter(), lastLines: lines % 2 == 0 ? nil : 5).run(callbacks)
    let writer = try EventLogWriter(path: path, options: LogOptions(sync: .never), notice: { _ in })
    try writer.append([Event(type: .streamUp, subject: "stream", mediaTime: .zero)],
                      in: StreamContext(stream: "gate", session: 1, timeBase: Rational(1, 1000), timeSource: .media, epoch: 0))
    try writer.close()
  }
}

/// One file of a small model is changed; the model is opened, made a detector, and asked.
enum ModelFiles {
  static let names = ["config.json", "preprocessor_config.json", "tokenizer_config.json", "vocab.json", "merges.txt"]
  private static let all = names + ["tokenizer.json", "owlwatch.json"]

  static func read(_ bytes: [UInt8], seed: Int, in folder: String) throws {
    let fixture = Checkout.path + "/Tests/Golden/owlvit-odd/", changed = all[seed]
    for name in names + ["model.safetensors"] where name != changed && !FileManager.default.fileExists(atPath: folder + "/" + name) {
      try FileManager.default.copyItem(atPath: fixture + name, toPath: folder + "/" + name)
    }
    try Reader.write(bytes, folder + "/" + changed)
    defer { try? FileManager.default.removeItem(atPath: folder + "/" + changed) }
    let model = try ModelDirectory.open(folder)
    _ = model.tokenizer.encode("a cat's <|endoftext|> 🚚 " + String(repeating: "x", count: 40))
    let detector = try Detector(model: model, engine: .openblas, threads: 1)
    try detector.setQueries(["a cat", "é"])
    var found: [[Detection]] = []
    let picture = Picture(size: PictureSize(width: 40, height: 30))
    detector.detect(in: picture, regions: [PixelRect(x: 3, y: 2, width: 30, height: 20)], minimumScores: [0.1, 0.1], into: &found)
  }
}

enum Checkout {
  static let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
}
