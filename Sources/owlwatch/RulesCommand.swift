import ArgumentParser
import Foundation
import RuleEngine
import Worker

struct Rules: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Check rule files, and print their schema.", subcommands: [Check.self, Schema.self])

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Read rule files and say what is wrong with them.")

    @Argument(help: "Rule files.", completion: .file(extensions: ["yaml", "yml"]))
    var files: [String]

    func run() throws {
      var status = ExitStatus.done
      for file in files {
        do {
          let rules = try RuleSet.load(path: file, queries: nil)
          try Output.write(Data("\(file): \(rules.ruleIDs.count) rules, \(rules.zones.count) zones, \(rules.lines.count) lines\n".utf8))
        } catch {
          Terminal.say("owlwatch: \(error)")
          status = ExitStatus(of: error) ?? .internalError
        }
      }
      if status != .done { throw ExitCode(status.rawValue) }
    }
  }

  struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print the JSON Schema of rule files, for editors.")
    func run() throws { try Output.write(Data((ruleSchema() + "\n").utf8)) }
  }
}
