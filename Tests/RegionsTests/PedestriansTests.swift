import Foundation
import Regions
import Scene
import Testing

/// PETS09-S2L1: every walking person of the ground truth must lie whole inside a region, without any help from tracks.
@Suite(.enabled(if: Clip.isThere, "OWLWATCH_TESTDATA does not name the folder of test clips"))
struct PedestriansTests {
  static let size = PictureSize(width: 480, height: 360)

  @Test(arguments: [2, 3, 5])
  func walkersLieWholeInsideARegion(every: Int) throws {
    let truth = try Walkers()
    var chooser = RegionChooser(options: LookOptions(look: .auto, window: 160, scales: [1, 2]), size: Self.size)
    var bare = RegionChooser(options: LookOptions(look: .motion, window: 160, scales: [1, 2], sweep: .zero), size: Self.size)
    var walkers = 0, whole = 0, wholeBare = 0, fine = 0, seconds = 0.0
    try Clip.frames(of: "e2e/PETS09-S2L1/vtest.mp4", size: Self.size, every: every) { frame, picture in
      let time = MediaTime(nanoseconds: Int64(frame) * 100_000_000)
      let begin = ContinuousClock.now
      let regions = chooser.look(at: picture, time: time, expecting: [])
      seconds += (ContinuousClock.now - begin) / .seconds(1)
      let bareRegions = bare.look(at: picture, time: time, expecting: [])
      for walker in truth.walking(at: frame) {
        walkers += 1
        if regions.contains(where: { $0.holds(walker) }) { whole += 1 }
        if regions.contains(where: { $0.width <= 160 && $0.holds(walker) }) { fine += 1 }
        if bareRegions.contains(where: { $0.holds(walker) }) { wholeBare += 1 }
      }
    }
    let share = Double(whole) / Double(walkers)
    print("PETS every \(every): \(walkers) walkers, whole \(share), without sweep \(Double(wholeBare) / Double(walkers)),",
          "native \(Double(fine) / Double(walkers)); regions \(chooser.summary.regionsPerKeyframe) bare \(bare.summary.regionsPerKeyframe)",
          "share \(chooser.summary.shareLookedAt) moves \(chooser.summary.cameraMoves); \(seconds * 1e3 / Double(chooser.summary.keyframes)) ms a keyframe")
    #expect(walkers > 500)
    #expect(share >= 0.97)
    #expect(chooser.summary.cameraMoves == 0)
  }
}

/// The ground truth's people that walk: they moved by a fifth of their height within the last second.
struct Walkers {
  private var boxes: [Int: [Int: (x: Double, y: Double, width: Double, height: Double)]] = [:]

  init() throws {
    let text = try String(contentsOfFile: (Clip.folder ?? "") + "/e2e/PETS09-S2L1/gt/gt.txt", encoding: .utf8)
    for line in text.split(whereSeparator: \.isNewline) {
      let field = line.split(separator: ",").compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
      guard field.count >= 6 else { continue }
      // Ground truth counts frames from 1, in 768 × 576.
      boxes[Int(field[0]) - 1, default: [:]][Int(field[1])] = (field[2] * 0.625, field[3] * 0.625, field[4] * 0.625, field[5] * 0.625)
    }
  }

  func walking(at frame: Int) -> [PixelRect] {
    (boxes[frame] ?? [:]).sorted { $0.key < $1.key }.compactMap { id, now in
      guard let before = boxes[frame - 10]?[id] else { return nil }
      let dx = now.x + now.width / 2 - before.x - before.width / 2, dy = now.y + now.height - before.y - before.height
      guard (dx * dx + dy * dy).squareRoot() >= 0.2 * now.height else { return nil }
      let left = max(0, Int(now.x)), top = max(0, Int(now.y))
      let right = min(480, Int(now.x + now.width)), bottom = min(360, Int(now.y + now.height))
      return right > left && bottom > top ? PixelRect(x: left, y: top, width: right - left, height: bottom - top) : nil
    }
  }
}
