import ArgumentParser
import Foundation
import Regions
import Scene
import Worker

struct Detect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find things in still pictures.",
    discussion: "Prints a line of JSON per picture: boxes in the order of queries, then scores; coordinates 0…1, origin top left.")

  @Argument(help: "Pictures.", completion: .file())
  var pictures: [String]

  @Option(name: .shortAndLong, help: ArgumentHelp("What to look for, repeatable: person, \"a red truck\", or id=text; @0.25 behind it is its own threshold.", valueName: "words"))
  var query: [String]

  @Option(help: ArgumentHelp("What explains away detections of the queries and is never reported, repeatable.", valueName: "words"))
  var suppress: [String] = []

  @Option(help: "Score from which a detection counts, 0…1 (default: the model's).")
  var threshold: Double?

  @OptionGroup var detector: DetectorOptions

  @Option(help: ArgumentHelp("Look through these regions: \(Look.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "mode"))
  var look: String?

  @Option(help: "Overlap (intersection over union) from which two detections of a query are one object.")
  var overlap: Double?

  @Flag(help: "Let detections of different queries suppress one another, too.")
  var classAgnostic = false

  @Option(help: ArgumentHelp("Draw the boxes into a copy of the picture (one picture only).", valueName: "png"))
  var annotate: String?

  @Option(help: ArgumentHelp("Write what the network saw and said on the whole picture, named as in transformers (one picture only).", valueName: "safetensors"))
  var tensors: String?

  func run() throws {
    guard pictures.count == 1 || (annotate == nil && tensors == nil) else { throw ValidationError("--annotate and --tensors take one picture at a time") }
    try checkOutputs([("--annotate", annotate), ("--tensors", tensors)], inputs: pictures)
    var settings = StreamSettings()
    settings.queries = try query.map { text throws in try QueryText.parse(text) }
      + suppress.map { text throws in try QueryText.parse(text, suppresses: true) }
    settings.threshold = try threshold.map { try share($0, "--threshold") }
    settings.overlap = try overlap.map { try share($0, "--overlap") }
    settings.classAgnostic = classAgnostic
    try detector.put(into: &settings)
    settings.look = try look.map { try choice($0, "--look", Look.init(rawValue:), Look.allCases.map(\.rawValue)) }
    let job = StillJob(settings: settings)
    let shared = try DetectorFactory.make(settings)
    for warning in try job.warnings(detector: shared) { Terminal.say("owlwatch: \(warning)") }
    var failed = 0
    for picture in pictures {
      do {
        if let tensors { try job.writeTensors(of: picture, detector: shared, to: tensors) }
        try Output.write(line(try job.look(at: picture, detector: shared, annotate: annotate)))
      } catch where pictures.count > 1 && ExitStatus(of: error) == .noInput || ExitStatus(of: error) == .badData && pictures.count > 1 {
        failed += 1
        Terminal.say("owlwatch: \(error)")
      }
    }
    if failed > 0 { throw ExitCode(ExitStatus.someFailed.rawValue) }
  }

  private func line(_ found: StillJob.Found) throws -> Data {
    struct Line: Encodable {
      struct Size: Encodable { var width: Int, height: Int }
      struct Object: Encodable { var query: String, score: Double, box: Corners, objectness: Double? }
      struct Corners: Encodable { var left: Double, top: Double, right: Double, bottom: Double }
      var picture: String, size: Size, detections: [Object]
    }
    let round = { (value: Double) in (value * 1e4).rounded() / 1e4 }
    let objects = found.detections.map { one in
      Line.Object(query: found.queries[one.query].id, score: round(one.score),
                  box: Line.Corners(left: round(one.box.left), top: round(one.box.top), right: round(one.box.right), bottom: round(one.box.bottom)),
                  objectness: one.objectness.map(round))
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(Line(picture: found.path, size: .init(width: found.size.width, height: found.size.height), detections: objects)) + Data("\n".utf8)
  }
}
