import Foundation
import Regions
import Scene
import Testing

/// What `motion` and `auto` look at, in scenes of moving squares.
struct MotionTests {
  static let size = PictureSize(width: 640, height: 480)
  static let options = LookOptions(look: .motion, window: 160, scales: [1, 2], sweep: .zero)

  struct Scenario: Sendable, CustomTestStringConvertible {
    var rate: Double
    var side: Int
    /// Pixels a second.
    var speed: Double
    var noise = 0
    var flicker = 0.0
    var testDescription: String { "\(rate)/s, side \(side), \(speed) px/s, noise \(noise), flicker \(flicker)" }
  }

  /// Every mover has a quarter of itself as context on each side, whatever its size and speed, the rate, noise and light.
  @Test(arguments: [
    Scenario(rate: 2, side: 16, speed: 20), Scenario(rate: 2, side: 40, speed: 60), Scenario(rate: 2, side: 90, speed: 200),
    Scenario(rate: 10, side: 24, speed: 15), Scenario(rate: 10, side: 40, speed: 100), Scenario(rate: 25, side: 40, speed: 40),
    Scenario(rate: 1, side: 60, speed: 120), Scenario(rate: 0.3, side: 60, speed: 50), Scenario(rate: 5, side: 200, speed: 150),
    Scenario(rate: 5, side: 40, speed: 60, noise: 12), Scenario(rate: 5, side: 40, speed: 60, flicker: 0.15),
    Scenario(rate: 5, side: 24, speed: 40, noise: 10, flicker: 0.1),
  ])
  func moversAreShownWithTheirContext(scenario: Scenario) {
    var chooser = RegionChooser(options: Self.options, size: Self.size)
    for keyframe in 0..<24 {
      let time = Double(keyframe) / scenario.rate
      var paint = Paint(640, 480)
      paint.noise = scenario.noise
      paint.gain = 1 + scenario.flicker * sin(time * 2.7)
      let movers = Self.movers(side: scenario.side, travelled: Int(scenario.speed * time))
      if keyframe > 0 { paint.squares = movers.map { ($0, 235) } }
      let regions = chooser.look(at: paint.picture(seed: UInt64(keyframe)), time: MediaTime(seconds: time), expecting: [])
      guard keyframe > 0 else { continue }
      for mover in movers {
        let wanted = mover.widened(by: 0.25, in: Self.size)
        #expect(regions.contains { $0.holds(wanted) }, "keyframe \(keyframe): \(mover) is not whole in any of \(regions)")
      }
      // What needs more than the finest region is shown by finer ones too, for it may be a group of small ones.
      #expect(regions.count <= (scenario.side > 160 ? 20 : 12), "keyframe \(keyframe): \(regions.count) regions for two squares")
    }
    #expect(chooser.summary.cameraMoves == 0)
  }

  /// What is hardly larger than a finer region is shown by one a little coarser, not by four that share nearly everything; and
  /// what no region but one of its own size shows whole is not shown again hardly larger.
  @Test(arguments: [(side: 84, regions: [90, 160]), (side: 120, regions: [180])])
  func detailsAreFew(side: Int, expected: [Int]) {
    let options = LookOptions(look: .motion, window: 80, scales: [1, 2], sweep: .zero)
    var chooser = RegionChooser(options: options, size: Self.size)
    let mover = PixelRect(x: 240, y: 180, width: side, height: side)
    for keyframe in 0..<8 {
      var paint = Paint(640, 480)
      if keyframe == 7 { paint.squares = [(mover, 235)] }
      let regions = chooser.look(at: paint.picture(), time: MediaTime(seconds: Double(keyframe) / 2), expecting: [])
      guard keyframe == 7 else { continue }
      #expect(regions.map(\.width).sorted() == expected, "\(regions)")
      #expect(regions.allSatisfy { $0.holds(mover) })
    }
  }

  /// Who is in the very first picture leaves a ghost there, which melts; once clear of it he is shown whole at every keyframe.
  @Test func ghostsOfTheFirstPictureMelt() {
    var chooser = RegionChooser(options: Self.options, size: Self.size)
    for keyframe in 0..<64 {
      let mover = PixelRect(x: 40 + keyframe * 8, y: 200, width: 40, height: 80)
      var paint = Paint(640, 480)
      paint.squares = [(mover, 180)]
      let regions = chooser.look(at: paint.picture(), time: MediaTime(seconds: Double(keyframe) / 4), expecting: [])
      if keyframe > 6 { #expect(regions.contains { $0.holds(mover.widened(by: 0.25, in: Self.size)) }, "keyframe \(keyframe)") }
      if keyframe > 60 { #expect(regions.count == 1, "keyframe \(keyframe): \(regions)") }
    }
  }

  /// Two squares that cross the picture and turn round at its border.
  private static func movers(side: Int, travelled: Int) -> [PixelRect] {
    func bounce(_ x: Int, _ length: Int) -> Int { let turn = x % (2 * length); return turn < length ? turn : 2 * length - turn }
    return [PixelRect(x: bounce(20 + travelled, 640 - side), y: 40, width: side, height: side),
            PixelRect(x: bounce(400 + travelled, 640 - side), y: bounce(travelled / 2 + 130, 480 - side), width: side, height: side)]
  }

  /// An empty scene costs next to nothing, in noise and under a lamp that goes on.
  @Test func nothingMovesNothingIsLookedAt() {
    var chooser = RegionChooser(options: Self.options, size: Self.size)
    for keyframe in 0..<20 {
      var paint = Paint(640, 480)
      paint.noise = 8
      paint.lift = keyframe >= 10 ? 45 : 0
      let regions = chooser.look(at: paint.picture(seed: UInt64(keyframe)), time: MediaTime(seconds: Double(keyframe) / 4), expecting: [])
      if keyframe > 0 { #expect(regions.count <= 1, "keyframe \(keyframe): \(regions)") }
    }
    #expect(chooser.summary.cameraMoves == 0)
    #expect(chooser.summary.windows == 0)
  }

  /// Who stands melts into the background; a live track keeps a window around him, and the sweep comes by.
  @Test func whoStandsStaysInSight() {
    let person = PixelRect(x: 300, y: 200, width: 30, height: 80)
    let box = person.box(in: Self.size), wanted = person.widened(by: 0.25, in: Self.size)
    var options = Self.options
    options.sweep = .seconds(3)
    var tracked = RegionChooser(options: Self.options, size: Self.size), swept = RegionChooser(options: options, size: Self.size)
    var lastSeen = 0.0
    for keyframe in 0..<60 {
      let time = Double(keyframe) / 2
      var paint = Paint(640, 480)
      if keyframe > 2 { paint.squares = [(person, 230)] }
      let picture = paint.picture()
      let regions = tracked.look(at: picture, time: MediaTime(seconds: time), expecting: keyframe > 3 ? [box] : [])
      if keyframe > 2 { #expect(regions.contains { $0.holds(wanted) }, "keyframe \(keyframe)") }
      if swept.look(at: picture, time: MediaTime(seconds: time), expecting: []).contains(where: { $0.holds(person) }) { lastSeen = time }
      #expect(time - lastSeen <= 3.5, "at \(time) s nobody had looked since \(lastSeen) s")
    }
    #expect(tracked.summary.regionsPerKeyframe < 3)
  }

  /// A moving arm of someone tracked, who himself has melted away, gives no window of its own: one shows the whole person.
  @Test func anArmIsItsPersons() {
    let person = PixelRect(x: 250, y: 150, width: 60, height: 140)
    var chooser = RegionChooser(options: Self.options, size: Self.size)
    for keyframe in 0..<60 {
      var paint = Paint(640, 480)
      paint.squares = [(person, 230)]
      if keyframe >= 30 { paint.squares.append((PixelRect(x: 285, y: 170 + keyframe % 5 * 6, width: 20, height: 12), 40)) }
      let time = MediaTime(seconds: Double(keyframe) / 2)
      let regions = chooser.look(at: paint.picture(), time: time, expecting: [person.box(in: Self.size)])
      if keyframe >= 30 {
        #expect(regions.count <= 1, "keyframe \(keyframe): \(regions)")
        #expect(regions.contains { $0.holds(person.widened(by: 0.25, in: Self.size)) })
      }
    }
  }

  /// The coarse tiles have their turn once in the sweep's time, the finest in four times that, evenly, at any rate.
  @Test(arguments: [0.25, 1, 2, 10, 30])
  func theSweepIsEven(rate: Double) {
    var options = Self.options
    options.sweep = .seconds(3)
    var chooser = RegionChooser(options: options, size: Self.size)
    let picture = Paint(640, 480).picture()
    let all = Set(chooser.look(at: picture, time: .zero, expecting: [])), coarse = all.filter { $0.width > 160 }
    let aSecond = Double(coarse.count) / 3 + Double(all.count - coarse.count) / 12
    var seen: Set<PixelRect> = []
    for keyframe in 1...Int((12 * rate).rounded(.up)) + 1 {
      let regions = chooser.look(at: picture, time: MediaTime(seconds: Double(keyframe) / rate), expecting: [])
      #expect(Double(regions.count) <= max(1, (aSecond / rate).rounded(.up)))
      seen.formUnion(regions)
      if Double(keyframe) >= 3 * rate + 1 { #expect(coarse.isSubset(of: seen)) }
    }
    #expect(seen == all && !coarse.isEmpty && coarse != all)
  }

  /// Positions of tracks come from elsewhere: none may do harm.
  @Test func oddExpectationsDoNoHarm() {
    var chooser = RegionChooser(options: Self.options, size: Self.size)
    let picture = Paint(640, 480).picture()
    let odd = [Box(left: .nan, top: 0, right: 1, bottom: 1), Box(left: -5, top: -5, right: -4, bottom: -4), Box(left: -1e300, top: 0, right: 1e300, bottom: 1),
               Box(left: 0.5, top: 0.5, right: 0.4, bottom: 0.4), Box(left: 0.9999, top: 0.9999, right: 3, bottom: 3)]
    for keyframe in 0..<3 {
      for region in chooser.look(at: picture, time: MediaTime(seconds: Double(keyframe)), expecting: odd) {
        #expect(region.x >= 0 && region.y >= 0 && region.maxX <= 640 && region.maxY <= 480 && region.width > 0 && region.height > 0)
      }
    }
    let times: [Int64] = [.min, .max, 0, .max, .min, -1]
    for time in times { #expect(!chooser.look(at: picture, time: MediaTime(nanoseconds: time), expecting: odd).isEmpty) }
  }
}
