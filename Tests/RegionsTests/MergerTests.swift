import Regions
import Scene
import Testing

/// Detections of regions put together: which stay.
struct MergerTests {
  static let size = PictureSize(width: 1000, height: 1000)
  static let whole = PixelRect(whole: size)

  /// A detection in pixels of a picture of 1000 × 1000.
  static func seen(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ score: Double, query: Int = 0) -> Detection {
    Detection(box: Box(left: x / 1000, top: y / 1000, right: (x + width) / 1000, bottom: (y + height) / 1000), query: query, score: score)
  }

  static func merged(_ found: [[Detection]], regions: [PixelRect] = [whole], suppress: [Bool] = [], agnostic: Bool = false) -> [Double] {
    DetectionMerger(queries: suppress, overlap: 0.45, classAgnostic: agnostic).merge(found, regions: regions, size: size).map(\.score)
  }

  @Test func theBestOfAnOverlapStays() {
    #expect(Self.merged([[Self.seen(100, 100, 100, 100, 0.5), Self.seen(110, 110, 100, 100, 0.9), Self.seen(400, 100, 100, 100, 0.4)]]) == [0.9, 0.4])
    // Two that share a third of their union are two.
    #expect(Self.merged([[Self.seen(100, 100, 100, 100, 0.5), Self.seen(150, 100, 100, 100, 0.9)]]) == [0.9, 0.5])
  }

  @Test func queriesKeepToThemselvesUnlessAskedNotTo() {
    let found = [[Self.seen(100, 100, 100, 100, 0.5), Self.seen(100, 100, 100, 100, 0.9, query: 1)]]
    #expect(Self.merged(found) == [0.5, 0.9])
    #expect(Self.merged(found, agnostic: true) == [0.9])
  }

  /// Half a person that a finer region saw, within the whole one.
  @Test func partsWithinAStrongerWholeGo() {
    #expect(Self.merged([[Self.seen(100, 100, 60, 150, 0.8)], [Self.seen(105, 105, 50, 60, 0.6)]], regions: [Self.whole, Self.whole]) == [0.8])
    #expect(Self.merged([[Self.seen(100, 100, 60, 150, 0.5)], [Self.seen(105, 105, 50, 60, 0.6)]], regions: [Self.whole, Self.whole]) == [0.6, 0.5])
  }

  static let left = PixelRect(x: 0, y: 0, width: 400, height: 400), right = PixelRect(x: 250, y: 0, width: 400, height: 400)

  /// The left region's border, at 400, cuts a person whom the right one sees whole.
  @Test(arguments: [0.9, 0.5, 0.1])
  func aPieceGivesWayToTheWhole(score: Double) {
    let piece = Self.seen(380, 100, 20, 100, score), whole = Self.seen(380, 100, 60, 100, 0.4)
    #expect(Self.merged([[piece], [whole]], regions: [Self.left, Self.right]) == [0.4])
    #expect(Self.merged([[whole], [piece]], regions: [Self.right, Self.left]) == [0.4])
  }

  @Test func aPieceStaysWhereNothingBetterIs() {
    #expect(Self.merged([[Self.seen(380, 100, 20, 100, 0.5)], []], regions: [Self.left, PixelRect(x: 400, y: 0, width: 400, height: 400)]) == [0.5])
    // The right region shows its place whole, and saw nothing there.
    #expect(Self.merged([[Self.seen(380, 100, 20, 100, 0.5)], []], regions: [Self.left, Self.right]) == [0.1])
    // Somebody else beside it is not its whole.
    #expect(Self.merged([[Self.seen(370, 100, 30, 100, 0.5)], [Self.seen(440, 100, 60, 100, 0.8)]], regions: [Self.left, Self.right]) == [0.8, 0.1])
    // Two pieces of one thing too large for either region are one.
    #expect(Self.merged([[Self.seen(260, 100, 140, 100, 0.5)], [Self.seen(250, 100, 150, 100, 0.7)]], regions: [Self.left, Self.right]) == [0.7])
  }

  /// At the picture's own border a box is whole: the stronger one stays.
  @Test func thePicturesBorderCutsNothing() {
    let regions = [PixelRect(x: 600, y: 600, width: 400, height: 400), Self.whole]
    let corner = Self.seen(950, 900, 50, 100, 0.8), larger = Self.seen(925, 860, 75, 140, 0.6)
    #expect(Self.merged([[corner], [larger]], regions: regions) == [0.8])
    // The same box at an inner border is a piece.
    let inner = [PixelRect(x: 500, y: 500, width: 495, height: 495), Self.whole]
    #expect(Self.merged([[corner], [larger]], regions: inner) == [0.6])
  }

  /// The mean by score squared; each further region takes a tenth of its score off the doubt that is left.
  @Test func whatSeveralRegionsShowWholeIsOneBoxOfAll() {
    let merger = DetectionMerger(queries: [false]), size = Self.size, three = [Self.whole, Self.whole, Self.whole]
    let strong = Self.seen(100, 100, 100, 100, 0.8), weak = Self.seen(110, 105, 100, 100, 0.4)
    let both = merger.merge([[strong], [weak], []], regions: three, size: size)
    #expect(both.count == 1 && abs(both[0].score - (1 - 0.2 * 0.96)) < 1e-12)
    #expect(abs(both[0].box.left - (0.1 + 0.01 * 0.16 / 0.8)) < 1e-12 && abs(both[0].box.bottom - (0.2 + 0.005 * 0.16 / 0.8)) < 1e-12)
    let every = merger.merge([[strong], [weak], [weak]], regions: three, size: size)
    #expect(abs(every[0].score - (1 - 0.2 * 0.96 * 0.96)) < 1e-12)
    // Doubles that one region gives, a box that hardly agrees, and a lone region are no further evidence.
    #expect(merger.merge([[strong, weak, weak], [], []], regions: three, size: size) == [strong])
    #expect(merger.merge([[strong], [Self.seen(102, 102, 96, 47, 0.7)], []], regions: three, size: size) == [strong])
    #expect(merger.merge([[strong, weak]], regions: [Self.whole], size: size) == [strong])
  }

  @Test func suppressQueriesExplainAwayAndAreNeverReported() {
    let person = Self.seen(100, 100, 50, 100, 0.5), poster = Self.seen(102, 100, 50, 100, 0.6, query: 1)
    let other = Self.seen(300, 100, 50, 100, 0.5)
    #expect(Self.merged([[person, poster, other]], suppress: [false, true]) == [0.5])
    #expect(Self.merged([[person, poster, other]], suppress: [false, false]) == [0.5, 0.5, 0.6])
    // A person who looks more like a person than like a poster stays.
    let weakPoster = Self.seen(102, 100, 50, 100, 0.4, query: 1)
    #expect(Self.merged([[person, weakPoster]], suppress: [false, true]) == [0.5])
    #expect(Self.merged([[poster]], suppress: [false, true]).isEmpty)
  }

  /// Whatever the order of regions and of their detections, the same comes out, in the same order.
  @Test func orderDoesNotMatter() {
    var dice = Dice(state: 7)
    func random(_ below: Double) -> Double { Double(dice.next() % 1000) / 1000 * below }
    let regions = (0..<12).map { PixelRect(x: $0 % 4 * 200, y: $0 / 4 * 300, width: 400, height: 400) }
    let found = regions.map { region in
      (0..<40).map { _ in
        Self.seen(Double(region.x) + random(300), Double(region.y) + random(300), 20 + random(80), 20 + random(80), random(1), query: Int(random(4)))
      }
    }
    let merger = DetectionMerger(queries: [false, false, true, false], overlap: 0.45)
    let straight = merger.merge(found, regions: regions, size: Self.size)
    let turned = merger.merge(found.reversed().map { $0.reversed() }, regions: regions.reversed(), size: Self.size)
    #expect(straight == turned)
    #expect(straight.count > 50)
    #expect(straight.map(\.query) == straight.map(\.query).sorted())
    for (a, b) in zip(straight, straight.dropFirst()) where a.query == b.query {
      #expect(a.score >= b.score)
      #expect(a.box.iou(b.box) < 0.45)
    }
  }

  /// Weights gone wrong, queries nobody asked for, no regions.
  @Test func oddCandidatesAreLeftOut() {
    var odd = [Self.seen(1, 1, 5, 5, .nan), Self.seen(1, 1, 5, 5, .infinity), Self.seen(.nan, 1, 5, 5, 1), Self.seen(1, 1, -5, 5, 1), Self.seen(1, 1, 0, 0, 1)]
    odd.append(Self.seen(-1e308, -1e308, 1e308, 1e308, 1))
    odd.append(Self.seen(10, 10, 5, 5, 0.3, query: 99))
    odd.append(Self.seen(10, 10, 5, 5, 0.2, query: -1))
    #expect(Self.merged([odd], suppress: [true]).contains(0.3))
    #expect(Self.merged([odd], suppress: [true]).allSatisfy { $0.isFinite })
    #expect(Self.merged([], regions: []).isEmpty)
  }

  /// A detector that says yes to everything costs milliseconds, not minutes.
  @Test func manyCandidatesAreBounded() {
    let one = (0..<400).map { (i: Int) -> Detection in
      Self.seen(Double(i * 37 % 990), Double(i * 91 % 980), 3, 3, Double(i) / 400)
    }
    let many = [[Detection]](repeating: one, count: 225)
    let regions = [PixelRect](repeating: Self.whole, count: 225)
    let begin = ContinuousClock.now
    #expect(DetectionMerger(queries: [false]).merge(many, regions: regions, size: Self.size).count <= DetectionMerger.maximumCandidates)
    #expect(ContinuousClock.now - begin < .seconds(2))
  }
}
