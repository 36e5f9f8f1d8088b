import ArgumentParser
import Foundation
import ModelHub
import OwlViT
import Tensors
import Worker

struct Models: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "List, check and fetch models.", subcommands: [List.self, Verify.self, Pull.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the models on this machine.")

    func run() throws {
      for model in ModelHub.list(searchDirectories: ModelLocator.searchDirectories) {
        let megabytes = (Double(model.bytes) / 1e5).rounded() / 10
        try Output.write(Data("\(model.name)\t\(model.kind)\t\(megabytes) MB\t\(model.source.rawValue)\t\(model.path)\n".utf8))
      }
      Terminal.say("""
        \(ModelLocator.bundledName) is small and knows few words well (people, vehicles): `owlwatch.json` in its folder lists them. \
        For other words fetch a larger model: owlwatch models pull google/owlvit-base-patch32
        """)
    }
  }

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Check a model's files, and that it loads.")

    @Argument(help: "Directory or name of a model.")
    var model: String

    func run() throws {
      let path = try ModelHub.resolve(model, searchDirectories: ModelLocator.searchDirectories)
      var damaged = false
      for file in try ModelHub.verify(path) {
        let state = switch file.state {
        case .verified: "verified"
        case .unrecorded: "present"
        case .missing: "MISSING"
        case .damaged(let expected, let found): "DAMAGED: \(found) instead of \(expected)"
        }
        switch file.state { case .missing, .damaged: damaged = true; default: break }
        try Output.write(Data("\(file.name)\t\(file.bytes)\t\(state)\n".utf8))
      }
      guard !damaged else { throw WorkerError(.badData, "\(path): damaged; fetch it again with owlwatch models pull") }
      _ = try SharedDetector(model: ModelDirectory.open(path), engine: .onednn, threads: 1)
    }
  }

  struct Pull: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Fetch a model from the Hugging Face hub.",
      discussion: "HF_ENDPOINT, HF_HOME and HF_TOKEN are honoured. An interrupted download goes on where it stopped.")

    @Argument(help: "Repository, e.g. google/owlvit-base-patch32.")
    var repository: String

    @Option(help: "Branch, tag or commit.")
    var revision = "main"

    func run() throws {
      let path = try ModelHub.pull(repository, revision: revision) { progress in
        guard Terminal.isInteractive else { return }
        Terminal.status("\(progress.file): \(progress.done / 1_000_000) of \(progress.total / 1_000_000) MB")
      }
      Terminal.clearStatus()
      try Output.write(Data((path + "\n").utf8))
    }
  }
}
