import Foundation
import OwlViT
import Scene
import Tensors
import Testing

@Suite struct DetectorTests {
  static let regions = [
    PixelRect(x: 0, y: 0, width: 60, height: 60), PixelRect(x: 31, y: 7, width: 120, height: 50),
    PixelRect(x: 90, y: 40, width: 33, height: 33), PixelRect(x: 5, y: 60, width: 20, height: 88),
    PixelRect(x: 100, y: 100, width: 41, height: 41), PixelRect(x: 0, y: 0, width: 200, height: 150),
    PixelRect(x: 150, y: 100, width: 50, height: 50),
  ]

  func detect(_ detector: Detector, _ picture: Picture, _ regions: [PixelRect], _ texts: [String], minimum: Double = 0) throws
    -> [[Detection]] {
    var found: [[Detection]] = []
    try detector.setQueries(texts)
    detector.detect(in: picture, regions: regions, minimumScores: texts.map { _ in minimum }, into: &found)
    return found
  }

  /// The promise that same input means same bytes: to the last bit, for any number of threads and any company of regions.
  @Test(arguments: ["owlvit-odd", "owlvit-many-tokens", "owlv2-odd"], Engine.allCases)
  func resultsDependOnTheRegionAlone(name: String, engine: Engine) throws {
    let model = try Golden(name: name).model(), picture = Picture.pattern(200, 150), texts = ["a cat", "truck"]
    let reference = try Detector(model: model, engine: engine, threads: 1)
    let expected = try DetectorTests.regions.map { try detect(reference, picture, [$0], texts)[0] }
    #expect(expected.allSatisfy { !$0.isEmpty })
    for threads in [1, 2, 3, 5] {
      let detector = try Detector(model: model, engine: engine, threads: threads)
      #expect(try detect(detector, picture, DetectorTests.regions, texts) == expected, "\(threads) threads")
      let reversed = try detect(detector, picture, DetectorTests.regions.reversed(), texts)
      #expect(Array(reversed.reversed()) == expected, "\(threads) threads, regions in reverse")
    }
  }

  @Test(arguments: ["owlvit-odd", "owlv2-odd"]) func aRegionIsAPictureOfItsOwn(name: String) throws {
    let detector = try Detector(model: try Golden(name: name).model(), engine: .onednn, threads: 2)
    let picture = Picture.pattern(200, 150)
    for region in DetectorTests.regions {
      let inside = try detect(detector, picture, [region], ["cat"])[0]
      let alone = try detect(detector, picture.crop(region), [PixelRect(x: 0, y: 0, width: region.width, height: region.height)], ["cat"])[0]
      try #require(inside.count == alone.count && !inside.isEmpty)
      for (a, b) in zip(inside, alone) {
        #expect(a.score == b.score && a.objectness == b.objectness)
        let x = (Double(region.x) + b.box.center.x * Double(region.width)) / 200
        let y = (Double(region.y) + b.box.center.y * Double(region.height)) / 150
        #expect(abs(a.box.center.x - x) < 1e-9 && abs(a.box.center.y - y) < 1e-9)
        #expect(abs(a.box.width * 200 - b.box.width * Double(region.width)) < 1e-9)
        #expect(abs(a.box.height * 150 - b.box.height * Double(region.height)) < 1e-9)
      }
    }
  }

  @Test func everyQueryHasItsOwnMinimumAndMayScoreOnAnyToken() throws {
    let detector = try Detector(model: try Golden(name: "owlvit-odd").model(), engine: .onednn, threads: 1)
    let picture = Picture.pattern(64, 64), whole = [PixelRect(whole: picture.size)]
    try detector.setQueries(["cat", "dog", "cat"])
    var found: [[Detection]] = []
    detector.detect(in: picture, regions: whole, minimumScores: [0, 0, 0], into: &found)
    #expect(found[0].count == 16 * 3)
    let scores = found[0].filter { $0.query == 1 }.map(\.score).sorted()
    detector.detect(in: picture, regions: whole, minimumScores: [2, scores[8], 0], into: &found)
    #expect(found[0].filter { $0.query == 0 }.isEmpty)
    #expect(found[0].filter { $0.query == 1 }.map(\.score).sorted() == Array(scores[8...]))
    #expect(found[0].filter { $0.query == 2 }.count == 16)
  }

  @Test func boxesInThePaddingAreDropped() throws {
    let detector = try Detector(model: try Golden(name: "owlv2-odd").model(), engine: .onednn, threads: 1)
    let picture = Picture.pattern(160, 40)
    let found = try detect(detector, picture, [PixelRect(whole: picture.size)], ["cat"])[0]
    #expect(!found.isEmpty && found.count < 25)
    for detection in found {
      #expect((0...1).contains(detection.box.center.x) && (0...1).contains(detection.box.center.y))
      #expect((0...1).contains(try #require(detection.objectness)))
    }
  }

  @Test func regionsOutsideThePictureAreCutOrEmpty() throws {
    let detector = try Detector(model: try Golden(name: "owlvit-odd").model(), engine: .onednn, threads: 2)
    let picture = Picture.pattern(50, 40)
    let regions = [
      PixelRect(x: 50, y: 0, width: 9, height: 9), PixelRect(x: -5, y: -5, width: 15, height: 15),
      PixelRect(x: 3, y: 3, width: 0, height: 4), PixelRect(x: 3, y: 3, width: .max, height: .max), PixelRect(x: 49, y: 39, width: 1, height: 1),
    ]
    let found = try detect(detector, picture, regions, ["cat"])
    #expect(found.map(\.isEmpty) == [true, false, true, false, false])
    #expect(found[1] == (try detect(detector, picture, [PixelRect(x: 0, y: 0, width: 10, height: 10)], ["cat"])[0]))
    #expect(try detect(detector, picture, [], ["cat"]).isEmpty)
    #expect(try detect(detector, picture, regions, []).allSatisfy(\.isEmpty))
  }

  /// What is held after warm-up is held for ever: looking again takes nothing more.
  @Test(arguments: Engine.allCases) func memoryIsFlatAfterWarmUp(engine: Engine) throws {
    let detector = try Detector(model: try Golden(name: "owlvit-odd").model(), engine: engine, threads: 2)
    let picture = Picture.pattern(200, 150)
    try detector.setQueries(["cat", "dog"])
    var found: [[Detection]] = []
    func look() { detector.detect(in: picture, regions: DetectorTests.regions, minimumScores: [0.9, 0.9], into: &found) }
    for _ in 0..<20 { look() }
    let before = residentPages()
    for _ in 0..<2000 { look() }
    let grown = residentPages() - before
    // 2,000 looks at 7 regions: a leak of 100 bytes each would be 342 pages. Other tests run beside this one in the same process.
    #expect(grown < 16_384, "grown by \(grown) pages")
  }

  private func residentPages() -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    return Int(text.split(separator: " ").dropFirst().first ?? "") ?? 0
  }
}
