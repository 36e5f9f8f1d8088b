import Scene
import Tracking

/// Ground truth as tracks: every row is a detected box of a confirmed track. Between two rows of one id the track coasts where
/// it was last seen; after five seconds without a row, the tracker's own patience, it has ended.
struct MOTTrackLives: Sequence, IteratorProtocol {
  private static let lostAfter = MediaInterval.seconds(5)
  private let byNumber: [Int: MOTFrame]
  private let last: Int
  private let fps: Double
  private let size: PictureSize
  private let queries: Int
  private var number = 0
  private var living: [Track] = []

  init(_ frames: [MOTFrame], fps: Double, size: PictureSize, queries: Int) {
    byNumber = Dictionary(frames.map { ($0.number, $0) }) { $1 }
    last = frames.last?.number ?? 0
    self.fps = fps; self.size = size; self.queries = queries
  }

  /// The next frame, with rows or without.
  mutating func next() -> RecordLine? {
    guard number < last else { return nil }
    number += 1
    let time = MOTFrame(number: number, rows: []).time(fps: fps)
    var seen = tracks(of: byNumber[number]?.rows ?? [], at: time)
    let shown = Set(seen.map(\.id))
    for track in living where !shown.contains(track.id) {
      var absent = track
      absent.detected = false
      absent.state = time - track.lastDetected >= Self.lostAfter ? .ended : .coasting
      seen.append(absent)
    }
    seen.sort { $0.id < $1.id }
    living = seen.filter { $0.state != .ended }
    return RecordLine(time: time, pts: Int64(number - 1), frame: number - 1, tracks: seen)
  }

  /// Rows with score 0 are ground truth that does not count.
  private func tracks(of rows: [MOTRow], at time: MediaTime) -> [Track] {
    var shown: Set<Int> = []
    return rows.filter { $0.id >= 0 && $0.score != 0 && shown.insert($0.id).inserted }.map { row in
      let id = TrackID(session: 1, number: row.id)
      let first = living.first { $0.id == id }?.firstDetected ?? time
      return Track(id: id, query: row.query(of: queries), state: .confirmed, box: row.box(in: size), score: 1, medianScore: 1,
                   detected: true, wasConfirmed: true, firstDetected: first, lastDetected: time)
    }
  }
}
