import Foundation
import Regions
import Scene
import Testing

/// When the camera counts as moved, and what then happens.
struct CameraTests {
  static let size = PictureSize(width: 640, height: 480)

  /// Tiles from the keyframe on which the camera moves; `motion` goes back to windows at once, `auto` when it has stood 2 s.
  @Test(arguments: [Look.motion, .auto], [(8, 0), (40, 0), (0, -30), (60, 25), (1000, 700)])
  func aPanTakesTiles(look: Look, pan: (Int, Int)) {
    var chooser = RegionChooser(options: LookOptions(look: look, window: 160, sweep: .zero), size: Self.size)
    var counts: [Int] = []
    for keyframe in 0..<16 {
      var paint = Paint(640, 480)
      paint.noise = 4
      paint.pan = keyframe < 6 ? (0, 0) : pan
      counts.append(chooser.look(at: paint.picture(seed: UInt64(keyframe)), time: MediaTime(seconds: Double(keyframe) / 2), expecting: []).count)
    }
    #expect(counts[0] == 24 && counts[6] == 24)
    #expect(counts[1..<6].allSatisfy { $0 <= 1 })
    let tiled = look == .motion ? 6 : 9
    #expect(counts[6...tiled].dropFirst().allSatisfy { $0 == (look == .motion ? 1 : 24) })
    #expect(counts[(tiled + 1)...].allSatisfy { $0 <= 1 }, "\(counts)")
    #expect(chooser.summary.cameraMoves == 1)
  }

  /// A camera that pans on and on: tiles all along.
  @Test func apanThatGoesOn() {
    var chooser = RegionChooser(options: LookOptions(look: .auto, window: 160, sweep: .zero), size: Self.size)
    for keyframe in 0..<12 {
      var paint = Paint(640, 480)
      paint.pan = (keyframe * 9, 0)
      #expect(chooser.look(at: paint.picture(), time: MediaTime(seconds: Double(keyframe) / 2), expecting: []).count == 24)
    }
    #expect(chooser.summary.cameraMoves >= 5)
  }

  /// Half the picture full of one lorry is no camera move, nor is a lamp, nor a gain that wanders.
  @Test func whatIsNoMove() {
    var chooser = RegionChooser(options: LookOptions(look: .auto, window: 160, sweep: .zero), size: Self.size)
    for keyframe in 0..<24 {
      var paint = Paint(640, 480)
      paint.gain = 1 + 0.1 * sin(Double(keyframe))
      paint.lift = keyframe > 12 ? 30 : 0
      if keyframe > 2 { paint.squares = [(PixelRect(x: keyframe * 40 - 300, y: 80, width: 300, height: 400), 220)] }
      _ = chooser.look(at: paint.picture(), time: MediaTime(seconds: Double(keyframe) / 4), expecting: [])
    }
    // Costs one keyframe of tiles too many: the lamp comes on while the lorry covers half the picture.
    withKnownIssue("a lamp and a lorry at once are taken for a move") { #expect(chooser.summary.cameraMoves == 0) }
  }

  /// A restart in the middle of anything goes on as if there had been none; a second run gives the same.
  @Test func encodedAndDecodedItGoesOnIdentically() throws {
    var options = LookOptions(look: .auto, window: 160, scales: [1, 2])
    options.sweep = .milliseconds(2900)
    var straight = RegionChooser(options: options, size: Self.size), broken = straight, again = straight
    for keyframe in 0..<30 {
      var paint = Paint(640, 480)
      paint.noise = 6
      paint.pan = keyframe >= 17 ? (50, 0) : (0, 0)
      paint.squares = [(PixelRect(x: keyframe * 17, y: 100, width: 50, height: 50), 240)]
      let picture = paint.picture(seed: UInt64(keyframe)), time = MediaTime(nanoseconds: Int64(keyframe) * 333_333_333)
      let expected = [Box(left: 0.1, top: 0.7, right: 0.2, bottom: 0.9)]
      broken = try JSONDecoder().decode(RegionChooser.self, from: JSONEncoder().encode(broken))
      let regions = straight.look(at: picture, time: time, expecting: expected)
      #expect(broken.look(at: picture, time: time, expecting: expected) == regions)
      #expect(again.look(at: picture, time: time, expecting: expected) == regions)
    }
    #expect(broken.summary == straight.summary)
    #expect(straight.summary.cameraMoves == 1)
  }

  /// A checkpoint that was tampered with is refused, not run into.
  @Test func aDamagedCheckpointIsRefused() throws {
    var chooser = RegionChooser(options: LookOptions(look: .motion, window: 160), size: Self.size)
    _ = chooser.look(at: Paint(640, 480).picture(), time: .zero, expecting: [])
    let text = String(decoding: try JSONEncoder().encode(chooser), as: UTF8.self)
    for (from, to) in [("\"height\":240", "\"height\":241"), ("\"width\":320", "\"width\":9223372036854775807"), ("\"mean\":\"", "\"mean\":\"AAAA")] {
      let damaged = text.replacingOccurrences(of: from, with: to)
      #expect(damaged != text)
      #expect(throws: DecodingError.self) { try JSONDecoder().decode(RegionChooser.self, from: Data(damaged.utf8)) }
    }
  }

  /// After a reset, another size, time going back or a leap, the next keyframe is the first.
  @Test func everythingBeginsAnew() {
    var chooser = RegionChooser(options: LookOptions(look: .auto, window: 160, sweep: .zero), size: Self.size)
    let picture = Paint(640, 480).picture()
    func look(_ picture: Picture, _ seconds: Double) -> Int { chooser.look(at: picture, time: MediaTime(seconds: seconds), expecting: []).count }
    #expect([look(picture, 0), look(picture, 1), look(picture, 2)] as [Int] == [24, 1, 1])
    #expect([look(picture, 1), look(picture, 2)] as [Int] == [24, 1])
    #expect([look(picture, 100), look(picture, 101)] as [Int] == [24, 1])
    chooser.reset()
    #expect([look(picture, 102), look(picture, 103)] as [Int] == [24, 1])
    let smaller = Paint(320, 240).picture()
    #expect([look(smaller, 104), look(smaller, 105)] as [Int] == [6, 1])
    #expect(chooser.summary.keyframes == 11)
    #expect(chooser.summary.shareLookedAt > 0.4)
  }
}
