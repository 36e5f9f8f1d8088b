public import Scene

/// Collects what a tracker reports, frame by frame, as rows of MOT text.
///
/// A row is a detected box of a track that was believed sooner or later: what a track showed before it was confirmed is
/// held back and written once it is, which a file can have and a live stream cannot. Boxes of coasting tracks are left
/// out. Holds every row until `finish`; the rows of tracks that were never believed go when those end.
public struct MOTTracks: Sendable {
  public let size: PictureSize
  /// Boxes of fewer square pixels are left out: ByteTrack leaves out what is smaller than 100.
  public var minimumArea: Double
  /// A track that was missed for at most so many frames is drawn straight through them; 0: not at all.
  public var bridgedFrames: Int

  /// Whether rows from before a track's confirmation are written at all; false: what a live stream would have shown.
  public var looksBack: Bool

  private var rows: [MOTRow] = []
  /// Rows of tentative tracks.
  private var held: [(number: Int, rows: [MOTRow])] = []

  public init(size: PictureSize, minimumArea: Double = 0, bridgedFrames: Int = 0, looksBack: Bool = true) {
    self.looksBack = looksBack
    self.size = size; self.minimumArea = minimumArea; self.bridgedFrames = bridgedFrames
  }

  /// Takes what `Tracker.update` returned for a frame, or `Tracker.finish` after the last one.
  public mutating func add(_ tracks: [Track], frame: Int) {
    for track in tracks {
      let place = held.firstIndex { $0.number == track.id.number }
      if track.state == .ended {
        if let place { held.remove(at: place) }
        continue
      }
      guard track.detected, let row = row(track, frame: frame) else { continue }
      if !looksBack && !track.wasConfirmed { continue }
      switch (track.wasConfirmed, place) {
      case (true, let place?): rows += held.remove(at: place).rows + [row]
      case (true, nil): rows.append(row)
      case (false, let place?): held[place].rows.append(row)
      case (false, nil): held.append((track.id.number, [row]))
      }
    }
  }

  /// All rows, by frame and then by track.
  public func finish() -> [MOTRow] {
    var all = rows
    if bridgedFrames > 0 { all += bridges() }
    return all.sorted { ($0.frame, $0.id) < ($1.frame, $1.id) }
  }

  private func row(_ track: Track, frame: Int) -> MOTRow? {
    let w = Double(size.width), h = Double(size.height)
    guard track.box.area * w * h >= minimumArea else { return nil }
    return MOTRow(frame: frame, id: track.id.number, left: track.box.left * w, top: track.box.top * h,
                  width: track.box.width * w, height: track.box.height * h, score: track.score, rest: [-1, -1, -1])
  }

  private func bridges() -> [MOTRow] {
    let byTrack = rows.sorted { ($0.id, $0.frame) < ($1.id, $1.frame) }
    var filled: [MOTRow] = []
    for (from, to) in zip(byTrack, byTrack.dropFirst()) where from.id == to.id {
      let span = to.frame - from.frame
      guard span > 1, span - 1 <= bridgedFrames else { continue }
      for frame in (from.frame + 1)..<to.frame { filled.append(from.toward(to, at: frame)) }
    }
    return filled
  }
}

extension MOTRow {
  /// The row on the straight way to another one of the same track, at a frame between the two.
  fileprivate func toward(_ other: MOTRow, at frame: Int) -> MOTRow {
    let share = Double(frame - self.frame) / Double(other.frame - self.frame)
    func between(_ a: Double, _ b: Double) -> Double { a + (b - a) * share }
    return MOTRow(frame: frame, id: id, left: between(left, other.left), top: between(top, other.top),
                  width: between(width, other.width), height: between(height, other.height),
                  score: min(score, other.score), rest: rest)
  }

  /// The row as a line of MOT text, with its line end: pixels with two decimals, the score with four, the rest as
  /// short as it goes. What `MOTReader` and `trackeval` read.
  public var line: String {
    var columns = [String(frame), String(id), decimal(left, 2), decimal(top, 2), decimal(width, 2), decimal(height, 2),
                   decimal(score, 4)]
    for value in rest { columns.append(value == value.rounded() && value.magnitude < 1e15 ? String(Int(value)) : "\(value)") }
    return columns.joined(separator: ",") + "\n"
  }
}

/// A finite number, rounded half away from zero, without trailing zeros: `12.5`, `3`, `-0.25`.
private func decimal(_ value: Double, _ places: Int) -> String {
  let unit = places == 2 ? 100.0 : 10_000.0
  let scaled = (value * unit).rounded()
  guard scaled.magnitude < 1e15 else { return "\(value)" }
  let whole = Int(scaled.magnitude / unit), part = Int(scaled.magnitude) - whole * Int(unit)
  var digits = String(part)
  digits = String(repeating: "0", count: places - digits.count) + digits
  while digits.last == "0" { digits.removeLast() }
  return (scaled < 0 ? "-" : "") + String(whole) + (digits.isEmpty ? "" : "." + digits)
}
