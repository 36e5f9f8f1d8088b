import EventLog
import Foundation
import Scene
import Tracking

/// A recording, read: its header and its lines in order of time.
struct RecordedStream {
  var header: RecordLine.Header
  /// Made as they are asked for: MOT text may name a frame of next week, and every frame before it is a line.
  var lines: AnySequence<RecordLine>

  static func open(_ job: ReplayJob) throws -> RecordedStream {
    guard let bytes = FileManager.default.contents(atPath: job.recording) else {
      throw WorkerError(.noInput, "\(job.recording): cannot read this recording; name an existing file")
    }
    return job.recording.hasSuffix(".jsonl") ? try readLines(bytes, job: job) : try readMOT(bytes, job: job)
  }

  private static func readLines(_ bytes: Data, job: ReplayJob) throws -> RecordedStream {
    let decoder = JSONDecoder()
    var header: RecordLine.Header?
    var lines: [RecordLine] = []
    for (number, text) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
      func wrong(_ why: String) -> WorkerError { WorkerError(.badData, "\(job.recording):\(number + 1): \(why); record it again") }
      let line: RecordLine
      do { line = try decoder.decode(RecordLine.self, from: text) } catch { throw wrong("not a line of a recording") }
      if let found = line.header {
        guard found.format == job.kind.format else {
          throw WorkerError(.badData, "\(job.recording): holds \(found.format), not \(job.kind.format): use --\(job.kind == .tracks ? "detections" : "tracks")")
        }
        guard found.size.width > 0, found.size.height > 0, found.queries.count == found.thresholds.count else { throw wrong("its header makes no sense") }
        header = found
      } else {
        guard header != nil else { throw wrong("the header is missing") }
        guard line.isSound(queries: header?.queries.count ?? 0, after: lines.last?.time) else { throw wrong("a time, box, score or query makes no sense") }
        lines.append(line)
      }
    }
    guard let header else { throw WorkerError(.badData, "\(job.recording): holds no recording; record it with analyze --record-\(job.kind.rawValue) \(job.recording)") }
    return RecordedStream(header: header, lines: AnySequence(lines))
  }

  private static func readMOT(_ bytes: Data, job: ReplayJob) throws -> RecordedStream {
    guard let fps = job.framesPerSecond, let size = job.size else {
      throw WorkerError(.usage, "\(job.recording): MOT text says neither times nor sizes: give --fps and --size, e.g. --fps 10 --size 768x576")
    }
    let frames = try MOTReader(file: job.recording).frames(of: bytes)
    let queries = job.settings.queries
    let context = StreamContext(stream: StreamPlan.streamID(of: job.recording), session: 1, timeBase: timeBase(fps), timeSource: .media, epoch: 0)
    let header = RecordLine.Header(format: job.kind.format, stream: context.stream, size: size, queries: queries,
                                   thresholds: [], context: context)
    let lines = switch job.kind {
    case .detections: detectionLines(frames, fps: fps, size: size, queries: queries.count)
    case .tracks: AnySequence(MOTTrackLives(frames, fps: fps, size: size, queries: queries.count))
    }
    return RecordedStream(header: header, lines: lines)
  }

  /// Every frame up to the last was looked at; one without rows showed nothing.
  private static func detectionLines(_ frames: [MOTFrame], fps: Double, size: PictureSize, queries: Int) -> AnySequence<RecordLine> {
    var byNumber: [Int: MOTFrame] = [:]
    for frame in frames { byNumber[frame.number] = frame }
    let last = frames.last?.number ?? 0
    return AnySequence((1..<last + 1).lazy.map { number in
      let rows = byNumber[number]?.rows ?? []
      let detections = rows.map { Detection(box: $0.box(in: size), query: $0.query(of: queries), score: $0.score) }
      return RecordLine(time: MOTFrame(number: number, rows: []).time(fps: fps), pts: Int64(number - 1), frame: number - 1, detections: detections)
    })
  }

  private static func timeBase(_ fps: Double) -> Rational {
    fps == fps.rounded() && fps < 1e6 ? Rational(1, Int(fps)) : Rational(1000, max(1, Int((fps * 1000).rounded())))
  }
}

extension MOTRow {
  /// The eighth column, where there are several queries and it is one of their numbers, from 1; else the only one.
  func query(of count: Int) -> Int {
    guard count > 1, let written = rest.first, written >= 1, written <= Double(count), written == written.rounded() else { return 0 }
    return Int(written) - 1
  }
}

extension RecordLine {
  /// Whether numbers that come from a file can be worked with: finite, of known queries, later than the line before.
  func isSound(queries: Int, after previous: MediaTime?) -> Bool {
    if let time, let previous, time <= previous { return clockStep != nil }
    let boxes = (detections ?? []).map { ($0.box, $0.query, $0.score) } + (tracks ?? []).map { ($0.box, $0.query, $0.score) }
    return boxes.allSatisfy { $0.0.isFinite && (0..<queries).contains($0.1) && $0.2.isFinite }
  }
}
