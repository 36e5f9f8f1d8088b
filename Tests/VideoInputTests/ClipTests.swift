import Scene
import Testing
import VideoInput

/// Real clips: every frame at the time that FFmpeg's tools give it, the same frames looked at however they are reached.
@Suite(.enabled(if: TestData.isThere, TestData.comment)) struct ClipTests {
  static let clips = [
    "video/intel-car-detection/car-detection.mp4", "video/ahmetozlu-vehicle-street/vehicle_survaillance.mp4",
    "video/roboflow-night-street/example_video.mp4", "video/intel-preview-gifs/classroom.gif",
    "video/intel-preview-gifs/worker-zone-detection.gif", "video/deepstream-retail/Retail02_short.mp4",
    "video/degirum-traffic-highway/Traffic.mp4", "video/mot17-04-first8/mot17-04_first8.mp4",
    "events/avss2007-ab-easy-clip/AVSS_corto.mov", "e2e/PETS09-S2L1/vtest.mp4",
  ]

  @Test(arguments: clips) func looksAtTheFramesThatItsTimeStampsName(clip: String) throws {
    let path = try TestData.path(clip)
    let times = try Truth.times(path), tick = try Truth.tick(path)
    let reading = try read(path, .every(.milliseconds(700)))
    #expect(reading.looks.map(\.pts) == Truth.sampled(times, every: 700, tick: tick))
    #expect(reading.statistics.framesDecoded == times.count)
    #expect(reading.gaps == [] && reading.steps == [])
    #expect(reading.looks.allSatisfy { look in
      look.nanoseconds == Int64((Double(look.pts - times[0]) * Double(tick.numerator) / Double(tick.denominator) * 1e9).rounded())
    })
  }

  @Test(arguments: clips, [0.9, 2.05, 7.3]) func theSameAfterSeeking(clip: String, from: Double) throws {
    let path = try TestData.path(clip)
    let whole = try read(path, .every(.milliseconds(300)), to: 9, sums: true)
    let part = try read(path, .every(.milliseconds(300)), from: from, to: 9, sums: true)
    #expect(part.looks == whole.looks.filter { $0.nanoseconds >= Int64(from * 1e9) })
  }

  /// H.264 in AVI: no frame has a PTS, and the header says 50 frames a second where there are 25.
  @Test func aWrongAverageRateChangesNothing() throws {
    let reading = try read(TestData.path("video/overhead-walking-h264-in-avi/vtest.avi"))
    #expect(reading.looks.count == 341)
    let steps = Set(zip(reading.looks, reading.looks.dropFirst()).map { $1.nanoseconds - $0.nanoseconds })
    #expect(steps == [40_000_000])
    #expect(reading.gaps == [])
  }

  @Test func aVariableRateKeepsItsTimes() throws {
    let path = try TestData.path("video/ahmetozlu-vehicle-street/vehicle_survaillance.mp4")
    let reading = try read(path)
    #expect(reading.looks.map(\.pts) == (try Truth.times(path)))
    #expect(Set(zip(reading.looks, reading.looks.dropFirst()).map { $1.pts - $0.pts }).count >= 3)
  }

  @Test func highEfficiencyVideoIsReadWhole() throws {
    let path = try TestData.path("video/deepstream-retail/Retail02_short.mp4")
    let reader = try VideoReader(InputOptions(source: path, sampling: .every(.seconds(10))))
    #expect(reader.info.codec == "hevc" && reader.info.size == PictureSize(width: 1920, height: 1080))
    var count = 0
    while let element = try reader.next() { if case .keyframe = element { count += 1 } }
    #expect(count == 3 && reader.statistics.framesDecoded == 603)
  }

  /// The pictures of a sound stream do not depend on who decodes them.
  @Test(arguments: ["video/intel-car-detection/car-detection.mp4", "video/deepstream-retail/Retail02_short.mp4"])
  func anyNumberOfThreads(clip: String) throws {
    let path = try TestData.path(clip)
    let one = try read(path, .every(.milliseconds(500)), to: 4, threads: 1, sums: true)
    #expect(try read(path, .every(.milliseconds(500)), to: 4, threads: 4, sums: true).looks == one.looks)
  }
}
