import ArgumentParser
import Foundation
import RuleEngine
import Worker

struct Rules: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check, test and compare rule files, and print their schema.", subcommands: [Check.self, Test.self, Compare.self, Schema.self])

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Read rule files and say what is wrong with them.")

    @Argument(help: "Rule files.", completion: .file(extensions: ["yaml", "yml"]))
    var files: [String]

    func run() throws {
      try forEach(files) { file, rules in
        let tests = rules.tests.isEmpty ? "" : ", \(counted(rules.tests.count, "test"))"
        try Output.write(Data("\(file): \(counted(rules.ruleIDs.count, "rule")), \(counted(rules.zones.count, "zone")), \(counted(rules.lines.count, "line"))\(tests)\n".utf8))
        return .done
      }
    }
  }

  struct Test: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Run the timelines that stand in rule files under `tests`.",
      discussion: """
        A test says where tracks are at which time, and which events the rules must tell: all of them, and no others of \
        these rules. `owlwatch rules schema` describes the fields. Exit code 0: all passed; 1: some failed; 65: a file has a mistake.
        """)

    @Argument(help: "Rule files.", completion: .file(extensions: ["yaml", "yml"]))
    var files: [String]

    @Option(help: ArgumentHelp("Run only the tests whose name contains this.", valueName: "text"))
    var filter: String?

    func run() throws {
      try forEach(files) { file, rules in
        let chosen = rules.tests.filter { test in filter.map { test.name.localizedCaseInsensitiveContains($0) } ?? true }
        let outcomes = chosen.map(rules.run)
        for outcome in outcomes where !outcome.hasPassed {
          try Output.write(Data("\(file):\(outcome.line): '\(outcome.name)' failed\n".utf8))
          for failure in outcome.failures { try Output.write(Data("  \(failure)\n".utf8)) }
        }
        let failed = outcomes.count { !$0.hasPassed }
        try Output.write(Data("\(file): \(outcomes.count == 1 ? "1 test" : "\(outcomes.count) tests"), \(failed == 0 ? "all passed" : "\(failed) failed")\n".utf8))
        return failed == 0 ? .done : .someFailed
      }
    }
  }

  struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print the JSON Schema of rule files, for editors.")
    func run() throws { try Output.write(Data((ruleSchema() + "\n").utf8)) }
  }
}

/// Reads rule files one after the other; a mistake in one doesn't hide those in the next. The worst decides the exit code.
private func forEach(_ files: [String], _ body: (String, RuleSet) throws -> ExitStatus) throws {
  var status = ExitStatus.done
  for file in files {
    do {
      let one = try body(file, RuleSet.load(path: file, queries: nil))
      if status == .done { status = one }
    } catch {
      guard let known = ExitStatus(of: error) else { throw error }
      Terminal.say("owlwatch: \(error)")
      status = known
    }
  }
  if status != .done { throw ExitCode(status.rawValue) }
}
