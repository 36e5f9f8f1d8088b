import OwlViT
import Regions
import Scene
import Tracking
import VideoInput

/// The seeing half of a stream: keyframe → regions → detections → tracks. Used by one thread at a time.
final class Seer: @unchecked Sendable {
  private let detector: Detector
  private let queries: QueryEmbeddings
  private let merger: DetectionMerger
  private let plan: StreamPlan
  private let statistics: RunStatistics
  private var found: [[Detection]] = []
  private var size: PictureSize
  private(set) var session: Int
  private(set) var state: SeeingState

  init(plan: StreamPlan, detector: SharedDetector, size: PictureSize, session: Int, statistics: RunStatistics, resuming: SeeingState? = nil) throws {
    self.plan = plan; self.detector = detector.detector; self.size = size; self.session = session; self.statistics = statistics
    queries = try detector.detector.encode(plan.queries.map(\.text))
    merger = DetectionMerger(queries: plan.queries.map(\.suppresses), overlap: plan.overlap, classAgnostic: plan.classAgnostic)
    state = resuming ?? Self.fresh(plan, size, session)
  }

  private static func fresh(_ plan: StreamPlan, _ size: PictureSize, _ session: Int) -> SeeingState {
    SeeingState(regions: RegionChooser(options: plan.look, size: size),
                tracker: Tracker(options: plan.tracker(session: session), size: size))
  }

  /// - Parameter keepsPicture: whether a rule may want a picture of this keyframe.
  func see(_ keyframe: Keyframe, keepsPicture: Bool) -> SeenKeyframe {
    if keyframe.picture.size != size { changeSize(to: keyframe.picture.size) }
    var times = StageTimes()
    let coveredBefore = state.regions.summary.lookedAt
    let regions = times.measure(\.look) {
      state.regions.look(at: keyframe.picture, time: keyframe.time, expecting: state.tracker.expected(at: keyframe.time))
    }
    let detections = times.measure(\.detect) {
      detector.detect(queries, in: keyframe.picture, regions: regions, minimumScores: plan.minimumScores, into: &found)
      return merger.merge(found, regions: regions, size: size)
    }
    let before = state.tracker.totalConfirmed
    let tracks = times.measure(\.track) { state.tracker.update(detections, at: keyframe.time) }
    count(detections: detections, regions: regions, share: state.regions.summary.lookedAt - coveredBefore, newTracks: state.tracker.totalConfirmed - before, times: times)
    return SeenKeyframe(time: keyframe.time, pts: keyframe.pts, index: keyframe.index, detections: detections, tracks: tracks,
                        picture: keepsPicture ? keyframe.picture : nil, state: nil)
  }

  func gap(_ gap: Gap) { state.tracker.gap(from: gap.from, to: gap.to) }

  /// The stream's clock jumped: what was known belongs to the session before.
  func beginSession() {
    session += 1
    state = Self.fresh(plan, size, session)
  }

  /// A camera that changes its resolution shows another picture: what moved there before says nothing now.
  private func changeSize(to newSize: PictureSize) {
    size = newSize
    state.regions = RegionChooser(options: plan.look, size: newSize)
  }

  private func count(detections: [Detection], regions: [PixelRect], share: Double, newTracks: Int, times: StageTimes) {
    let counted = detections.count { $0.score >= plan.thresholds[$0.query] }
    statistics.update {
      $0.lookedAt = ($0.lookedAt * Double($0.keyframes) + share) / Double($0.keyframes + 1)
      $0.keyframes += 1
      $0.regions += regions.count
      $0.detections += counted
      $0.tracks += newTracks
      $0.times.add(times)
    }
  }
}
