import OwlViT
import Canvas
import Regions
public import Scene
import VideoInput

/// Looks at still pictures: `owlwatch detect`.
public struct StillJob {
  public var settings: StreamSettings
  public init(settings: StreamSettings) { self.settings = settings }

  public struct Found: Sendable {
    public var path: String
    public var size: PictureSize
    public var detections: [Detection]
    public var queries: [Query]
  }

  /// - Parameter annotate: path of a PNG with the boxes drawn in.
  public func look(at path: String, detector: SharedDetector, annotate: String? = nil) throws -> Found {
    var settings = settings
    settings.source = path
    let plan = try StreamPlan(settings, model: detector.model, isStill: true)
    let picture = try loadPicture(path)
    var chooser = RegionChooser(options: plan.look, size: picture.size)
    let regions = chooser.look(at: picture, time: .zero, expecting: [])
    let merger = DetectionMerger(queries: plan.queries.map(\.suppresses), overlap: plan.overlap, classAgnostic: plan.classAgnostic)
    var found: [[Detection]] = []
    try detector.detector.detect(detector.detector.encode(plan.queries.map(\.text)), in: picture, regions: regions,
                                 minimumScores: plan.thresholds, into: &found)
    let detections = merger.merge(found, regions: regions, size: picture.size)
    if let annotate { try drawAnnotated(picture, annotation(detections, plan), to: annotate) }
    return Found(path: path, size: picture.size, detections: detections, queries: plan.queries)
  }

  /// Writes what the network saw and said to a safetensors file; the whole picture, whatever the settings' `look`.
  public func writeTensors(of path: String, detector: SharedDetector, to file: String) throws {
    let picture = try loadPicture(path)
    try detector.detector.tensors(in: picture, texts: settings.queries.map(\.text)).writeSafetensors(file)
  }

  public func warnings(detector: SharedDetector) throws -> [String] { try detector.warnings(about: settings.queries) }

  private func annotation(_ detections: [Detection], _ plan: StreamPlan) -> Annotation {
    Annotation(boxes: detections.map {
      let hundredths = Int(($0.score * 100).rounded())
      return Annotation.LabelledBox(box: $0.box, label: "\(plan.queries[$0.query].id) 0.\(hundredths < 10 ? "0" : "")\(hundredths)", color: $0.query)
    })
  }
}
