import CAllocations
import OwlViT
import Scene
import Tensors
import Testing

/// After warm-up, looking asks the allocator for nothing. Counted on the calling thread, which does the same work as its team.
@Suite struct AllocationTests {
  @Test(arguments: ["owlvit-odd", "owlvit-many-tokens", "owlv2-odd"], Engine.allCases)
  func lookingAgainAsksForNoMemory(name: String, engine: Engine) throws {
    for threads in [1, 2] {
      let detector = try Detector(model: try Golden(name: name).model(), engine: engine, threads: threads)
      let picture = Picture.pattern(200, 150), queries = try detector.encode(["cat", "dog"]), minimum = [0.3, 0.3]
      var found: [[Detection]] = []
      func look() { detector.detect(queries, in: picture, regions: DetectorTests.regions, minimumScores: minimum, into: &found) }
      for _ in 0..<3 { look() }
      #expect(found.contains { !$0.isEmpty })
      allocations_begin()
      for _ in 0..<20 { look() }
      let counted = allocations_end()
      #expect(counted.own == 0, "\(threads) threads: \(counted.own) allocations in 20 looks")
      // oneDNN makes a small table of arguments for each call and drops it (its AVX2 code 2 KB in the mean, its AVX-512 code less
      // than half a kilobyte); nothing of a frame's size.
      #expect(engine == .onednn || counted.libraries == 0)
      #expect(counted.library_bytes <= counted.libraries * 4096, "\(counted)")
    }
  }

  /// A text is encoded once and looked up from then on; one that only looks the same is another text.
  @Test func aTextIsEncodedOnce() throws {
    let detector = try Detector(model: try Golden(name: "owlvit-odd").model(), engine: .openblas, threads: 1)
    func cost(_ text: String) throws -> Int {
      allocations_begin()
      _ = try detector.encode([text])
      return allocations_end().own
    }
    let first = try cost("a photo of a caf\u{E9}"), again = try cost("a photo of a caf\u{E9}"), other = try cost("a photo of a cafe\u{301}")
    #expect(first > 2 * again && other > 2 * again, "\(first), \(again), \(other) allocations")
  }

  /// The counter counts.
  @Test func anArrayIsSeen() {
    allocations_begin()
    let array = [Int](repeating: 1, count: Int.random(in: 1000...1001))
    let counted = allocations_end()
    #expect(array.count >= 1000 && counted.own >= 1)
  }
}
