import ArgumentParser
import EventLog
import Foundation
import Regions
import Scene
import Tensors
import VideoInput
import Worker

/// Flags that `watch` and `analyze` share; each is a key of a stream's file, too.
struct StreamOptions: ParsableArguments {
  @Option(help: "Id that names the stream in events (default: the file's or URL's name).")
  var stream: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("What to look for, repeatable: person, \"a red truck\", or id=text; @0.25 behind it is its own threshold.", valueName: "words"))
  var query: [String] = []

  @Option(help: ArgumentHelp("What explains away detections of the queries and is never reported, repeatable.", valueName: "words"))
  var suppress: [String] = []

  @Option(help: "Score from which a detection counts, 0…1 (default: the model's).")
  var threshold: Double?

  @Option(help: ArgumentHelp("Rule file; without one every query gets object.appeared and object.ended.", valueName: "file"))
  var rules: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("Event log (default: standard output).", valueName: "file"))
  var output: String?

  @Option(help: ArgumentHelp("Look at a frame every so often, by media time.", valueName: "duration"))
  var every: String?

  @Option(help: ArgumentHelp("Look at so many frames a second, by media time.", valueName: "rate"))
  var sampleFps: Double?

  @Option(help: "`intra`: look at the codec's I-frames alone, decode no others; `all`: every frame.")
  var sample: String?

  @OptionGroup var detector: DetectorOptions

  @Option(help: ArgumentHelp("Look at the picture through these regions: \(Look.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "mode"))
  var look: String?

  @Option(help: "Overlap (intersection over union) from which two detections of a query are one object.")
  var overlap: Double?

  @Flag(help: "Let detections of different queries suppress one another, too.")
  var classAgnostic = false

  @Option(help: ArgumentHelp("Write all detections here: MOT text, or JSON Lines where the name ends in .jsonl.", valueName: "file"))
  var recordDetections: String?

  @Option(help: ArgumentHelp("Write all tracks here, likewise.", valueName: "file"))
  var recordTracks: String?

  @Option(help: ArgumentHelp("Folder for the pictures of rules with `snapshot: true` (default: snapshots beside the log).", valueName: "folder"))
  var snapshots: String?

  @OptionGroup var log: LogFlags

  func settings() throws -> StreamSettings {
    var settings = StreamSettings()
    settings.stream = stream
    settings.queries = try query.map { text throws in try QueryText.parse(text) }
      + suppress.map { text throws in try QueryText.parse(text, suppresses: true) }
    settings.threshold = try threshold.map { try share($0, "--threshold") }
    settings.rules = rules
    settings.output = output
    settings.sampling = try SamplingText.parse(every: every, rate: sampleFps, sample: sample)
    try detector.put(into: &settings)
    settings.look = try look.map { try choice($0, "--look", Look.init(rawValue:), Look.allCases.map(\.rawValue)) }
    settings.overlap = try overlap.map { try share($0, "--overlap") }
    settings.classAgnostic = classAgnostic ? true : nil
    settings.recordDetections = recordDetections
    settings.recordTracks = recordTracks
    settings.snapshots = snapshots
    try log.put(into: &settings)
    return settings
  }
}

struct DetectorOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Model: a directory, a pulled name, or a name in the Hugging Face cache (default: \(ModelLocator.bundledName)).", valueName: "model"))
  var model: String?

  @Option(help: "Arithmetic: \(Engine.allCases.map(\.rawValue).joined(separator: " or ")) (default: onednn).")
  var engine: String?

  @Option(help: "Threads of the detector (default: all cores).")
  var threads: Int?

  func put(into settings: inout StreamSettings) throws {
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads \(threads): give 1 to 1024") }
    settings.model = model
    settings.engine = try engine.map { try choice($0, "--engine", Engine.init(rawValue:), Engine.allCases.map(\.rawValue)) }
    settings.threads = threads
  }
}

/// One of a few words, or an error that lists them.
func choice<Value>(_ text: String, _ flag: String, _ read: (String) -> Value?, _ all: [String]) throws -> Value {
  guard let value = read(text) else { throw ValidationError("\(flag) \(text): give one of \(all.joined(separator: ", "))") }
  return value
}

func share(_ value: Double, _ flag: String) throws -> Double {
  guard value >= 0, value <= 1 else { throw ValidationError("\(flag) \(value): give a share, 0…1") }
  return value
}
