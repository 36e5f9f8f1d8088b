import ArgumentParser
import Foundation
import Worker

@main
struct Owlwatch: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "owlwatch",
    abstract: "Watches video for things you name in plain words, and writes events as JSON Lines.",
    discussion: """
      Exit codes: \(ExitStatus.allCases.map { "\($0.rawValue) \($0.meaning)" }.joined(separator: "; ")); \
      130 and 143: ended by SIGINT or SIGTERM.
      """,
    version: "0.1.0",
    subcommands: [Watch.self, Analyze.self, Tail.self, Detect.self, Track.self, Replay.self, Models.self, Rules.self,
                  Explain.self, Calibrate.self])

  /// Errors become one line on standard error and a meaningful exit code.
  static func main() {
    signal(SIGPIPE, SIG_IGN)
    keepStandardDescriptors()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      leave(with: error)
    }
  }

  /// Started with a standard stream closed, the next file that is opened would take its number, and its output.
  private static func keepStandardDescriptors() {
    for number in STDIN_FILENO...STDERR_FILENO where fcntl(number, F_GETFD) == -1 {
      // Writing to what is open for reading alone fails as writing to what is closed does.
      _ = open("/dev/null", O_RDONLY | (number == STDERR_FILENO ? O_RDWR : 0))
    }
  }

  private static func leave(with error: any Error) -> Never {
    guard let failure = Failure(error) else { exit(withError: error) }
    Terminal.say("owlwatch: \(failure.message)")
    Foundation.exit(failure.status.rawValue)
  }
}
