import Foundation
import Regions
import Scene
import Testing

/// intel-car-detection has no ground truth. Its plainly visible cars are found here by other means: at full resolution and
/// in colour, against the median of the whole clip, future included.
@Suite(.enabled(if: Clip.isThere, "OWLWATCH_TESTDATA does not name the folder of test clips"))
struct CarsTests {
  static let size = PictureSize(width: 768, height: 432)
  static let path = "video/intel-car-detection/car-detection.mp4"

  @Test(arguments: [3, 6])
  func carsLieWholeInsideARegion(every: Int) throws {
    let ground = try Ground()
    var chooser = RegionChooser(options: LookOptions(look: .auto, window: 160, scales: [1, 2]), size: Self.size)
    var bare = RegionChooser(options: LookOptions(look: .motion, window: 160, scales: [1, 2], sweep: .zero), size: Self.size)
    var cars = 0, whole = 0, wholeBare = 0
    try Clip.frames(of: Self.path, size: Self.size, every: every) { frame, picture in
      let time = MediaTime(nanoseconds: Int64(frame) * 80_000_000)
      let regions = chooser.look(at: picture, time: time, expecting: [])
      let bareRegions = bare.look(at: picture, time: time, expecting: [])
      for car in ground.cars(on: picture) {
        cars += 1
        if regions.contains(where: { $0.holds(car) }) { whole += 1 }
        if bareRegions.contains(where: { $0.holds(car) }) { wholeBare += 1 }
      }
    }
    print("cars every \(every): \(cars), whole \(Double(whole) / Double(cars)), without sweep \(Double(wholeBare) / Double(cars));",
          "regions \(chooser.summary.regionsPerKeyframe) share \(chooser.summary.shareLookedAt) moves \(chooser.summary.cameraMoves)")
    #expect(cars >= 150 / every)
    #expect(Double(whole) >= 0.97 * Double(cars))
    #expect(Double(wholeBare) >= 0.97 * Double(cars))
    #expect(chooser.summary.cameraMoves == 0)
  }
}

/// The empty car park, and what stands out from it.
struct Ground {
  /// width × height × 3: the median over the clip.
  private var usual: [UInt8]

  init() throws {
    var samples: [Picture] = []
    try Clip.frames(of: CarsTests.path, size: CarsTests.size, every: 18) { samples.append($1) }
    usual = []
    usual.reserveCapacity(CarsTests.size.width * CarsTests.size.height * 3)
    var values = [UInt8](repeating: 0, count: samples.count)
    for y in 0..<CarsTests.size.height {
      for x in 0..<CarsTests.size.width * 3 {
        for (i, picture) in samples.enumerated() {
          values[i] = picture.pixels.load(fromByteOffset: y * picture.rowBytes + x, as: UInt8.self)
        }
        values.sort()
        usual.append(values[values.count / 2])
      }
    }
  }

  /// Bounds of everything of at least 1,500 pixels that differs plainly, after the exposure's change is taken out.
  func cars(on picture: Picture) -> [PixelRect] {
    let width = picture.width, height = picture.height, block = 8
    let columns = width / block, rows = height / block
    let exposure = change(on: picture)
    var pixels = [Int](repeating: 0, count: columns * rows)
    for y in 0..<rows * block {
      let row = picture.pixels.advanced(by: y * picture.rowBytes).assumingMemoryBound(to: UInt8.self)
      for x in 0..<columns * block {
        var off = 0
        for channel in 0..<3 {
          off = max(off, abs(Int(row[x * 3 + channel]) - Int(usual[(y * width + x) * 3 + channel]) - exposure))
        }
        if off > 40 { pixels[y / block * columns + x / block] += 1 }
      }
    }
    return joined(pixels, columns: columns, rows: rows, block: block)
  }

  private func change(on picture: Picture) -> Int {
    var changes: [Int] = []
    for y in stride(from: 4, to: picture.height, by: 8) {
      for x in stride(from: 4, to: picture.width, by: 8) {
        let now = picture.pixels.load(fromByteOffset: y * picture.rowBytes + x * 3 + 1, as: UInt8.self)
        changes.append(Int(now) - Int(usual[(y * picture.width + x) * 3 + 1]))
      }
    }
    return changes.sorted()[changes.count / 2]
  }

  private func joined(_ pixels: [Int], columns: Int, rows: Int, block: Int) -> [PixelRect] {
    var left = pixels.map { $0 >= 20 }
    var found: [PixelRect] = []
    for start in left.indices where left[start] {
      var (waiting, sum) = ([start], 0)
      var (x0, x1, y0, y1) = (columns, 0, rows, 0)
      left[start] = false
      while let at = waiting.popLast() {
        let x = at % columns, y = at / columns
        sum += pixels[at]
        (x0, x1, y0, y1) = (min(x0, x), max(x1, x), min(y0, y), max(y1, y))
        for ny in max(0, y - 1)...min(rows - 1, y + 1) {
          for nx in max(0, x - 1)...min(columns - 1, x + 1) where left[ny * columns + nx] {
            left[ny * columns + nx] = false
            waiting.append(ny * columns + nx)
          }
        }
      }
      if sum >= 1500 {
        found.append(PixelRect(x: x0 * block, y: y0 * block, width: (x1 - x0 + 1) * block, height: (y1 - y0 + 1) * block))
      }
    }
    return found
  }
}
