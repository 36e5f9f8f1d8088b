import Foundation
import Scene
import Tracking
import VideoInput

/// Writes recordings while a stream is judged: detections, tracks or both; as MOT text, or as JSON Lines where the file's name
/// ends in `.jsonl`. MOT text is for other tools and keeps boxes alone; JSON Lines keep everything.
final class Recorder {
  /// How far a file is, for a checkpoint.
  struct Place: Codable {
    /// Bytes written, and safe on the disk.
    var position: UInt64
    /// Rows of tracks that are not confirmed yet.
    var waiting: [TrackID: [String]]
  }

  private let files: [RecordFile]

  /// - Parameter resumingAt: where a checkpoint left each file; nil: begin anew.
  init(detections: String?, tracks: String?, header: RecordLine.Header, resumingAt places: [String: Place]? = nil) throws {
    files = try [(detections, RecordKind.detections), (tracks, .tracks)].compactMap { path, kind in
      try path.map { try RecordFile(path: $0, kind: kind, header: header, resumingAt: places?[$0]) }
    }
  }

  func record(_ seen: SeenKeyframe) throws { for file in files { try file.record(seen) } }

  func record(_ gap: Gap) throws {
    let stretch = RecordLine.Stretch(from: gap.from, to: gap.to, why: gap.reason.rawValue, lost: gap.lostPackets + gap.lostFrames)
    for file in files { try file.write(RecordLine(gap: stretch)) }
  }

  func record(_ step: ClockStep) throws {
    let stretch = RecordLine.Stretch(from: step.from, to: step.to, why: "clock_step", lost: 0)
    for file in files { try file.write(RecordLine(clockStep: stretch)) }
  }

  func close() throws { for file in files { try file.close() } }

  /// By path.
  func places() throws -> [String: Place] { try Dictionary(uniqueKeysWithValues: files.map { ($0.path, try $0.place()) }) }
}

private final class RecordFile {
  let path: String
  private let kind: RecordKind
  private let size: PictureSize
  private let isText: Bool
  private let file: WholeLinesFile
  private let encoder = JSONEncoder()
  private var waiting: [TrackID: [String]]

  init(path: String, kind: RecordKind, header: RecordLine.Header, resumingAt place: Recorder.Place?) throws {
    self.path = path; self.kind = kind; size = header.size
    isText = !path.hasSuffix(".jsonl")
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    file = try WholeLinesFile(path: path, resumingAt: place?.position)
    waiting = place?.waiting ?? [:]
    guard place == nil else { return }
    var header = header
    header.format = kind.format
    try write(RecordLine(header: header))
  }

  func place() throws -> Recorder.Place {
    try file.synchronize()
    return Recorder.Place(position: file.position, waiting: waiting)
  }
  func close() throws { try file.close() }

  func record(_ seen: SeenKeyframe) throws {
    if isText { return try file.write(motText(seen)) }
    var line = RecordLine(time: seen.time, pts: seen.pts, frame: seen.index)
    switch kind {
    case .detections: line.detections = seen.detections
    case .tracks: line.tracks = seen.tracks
    }
    try write(line)
  }

  /// Only JSON Lines have room for more than boxes.
  func write(_ line: RecordLine) throws {
    guard !isText else { return }
    try file.write(encoder.encode(line) + [UInt8(ascii: "\n")])
  }

  /// A row is a confirmed track's, from the first time it was detected: what it was before it was confirmed is written when it is.
  private func rows(of track: Track, row: (Track) -> String) -> [String] {
    guard track.wasConfirmed else {
      if track.detected { waiting[track.id, default: []].append(row(track)) }
      return []
    }
    return (waiting.removeValue(forKey: track.id) ?? []) + (track.detected ? [row(track)] : [])
  }

  /// Frames count from 1; the eighth column is the query's number, from 1.
  private func motText(_ seen: SeenKeyframe) -> Data {
    func line(_ id: Int, _ box: Box, _ score: Double, _ query: Int) -> String {
      let width = Double(size.width), height = Double(size.height)
      return MOTRow(frame: seen.index + 1, id: id, left: box.left * width, top: box.top * height, width: box.width * width,
                    height: box.height * height, score: score, rest: [Double(query + 1), -1, -1]).line
    }
    let lines = switch kind {
    case .detections: seen.detections.map { line(-1, $0.box, $0.score, $0.query) }
    case .tracks: seen.tracks.flatMap { rows(of: $0) { line($0.id.number, $0.box, $0.score, $0.query) } }
    }
    if !waiting.isEmpty {
      let living = Set(seen.tracks.lazy.filter { $0.state != .ended }.map(\.id))
      waiting = waiting.filter { living.contains($0.key) }
    }
    return Data(lines.joined().utf8)
  }
}
