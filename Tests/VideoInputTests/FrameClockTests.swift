import Scene
import Testing
import VideoInput

private typealias Stamp = (pts: Int64?, dts: Int64?)

/// Time base 1/10: a tick is 100 ms.
private func times(_ stamps: [Stamp], rate: Double = 10, duration: Int64 = 1, live: Bool = false, arrivals: [Double] = []) -> [String] {
  var clock = FrameClock(timeBase: (1, 10), frameRate: rate, isLive: live)
  return stamps.enumerated().map { i, stamp in
    let arrival = i < arrivals.count ? Int64(arrivals[i] * 1e9) : 0
    switch clock.place(pts: stamp.pts, decoding: stamp.dts, duration: duration, arrival: arrival) {
    case .at(let time, _): return "\(time.seconds)"
    case .outOfOrder: return "-"
    case .stepped(let step, _): return "step \(step.from.seconds)>\(step.to.seconds)"
    }
  }
}

@Suite struct FrameClockTests {
  @Test func countsFromTheFirstFrame() {
    #expect(times([(70, nil), (71, nil), (75, nil)]) == ["0.0", "0.1", "0.5"])
    #expect(times([(-20, nil), (-10, nil)]) == ["0.0", "1.0"])
  }

  @Test func framesThatRepeatOrPrecedeTheOneBeforeAreLeftOut() {
    #expect(times([(0, nil), (2, nil), (2, nil), (1, nil), (3, nil)]) == ["0.0", "0.2", "-", "-", "0.3"])
  }

  @Test func aJumpBackBeyondASecondIsAStep() {
    #expect(times([(100, nil), (120, nil), (110, nil)]) == ["0.0", "2.0", "-"])
    #expect(times([(100, nil), (120, nil), (109, nil), (110, nil)]) == ["0.0", "2.0", "step 2.0>0.9", "0.1"])
  }

  @Test func onlyALiveStreamCantJumpAhead() {
    let stamps: [Stamp] = [(0, nil), (10, nil), (10_000, nil), (10_010, nil)]
    #expect(times(stamps) == ["0.0", "1.0", "1000.0", "1001.0"])
    #expect(times(stamps, live: true, arrivals: [0, 1, 2, 3]) == ["0.0", "1.0", "step 1.0>1000.0", "1.0"])
    // Away for 16 minutes: nothing jumped.
    #expect(times(stamps, live: true, arrivals: [0, 1, 1000, 1001]) == ["0.0", "1.0", "1000.0", "1001.0"])
  }

  @Test func missingStampsAreFilledInByDuration() {
    // MPEG program streams state one PTS a group of pictures.
    #expect(times([(30, nil), (nil, 31), (nil, 32), (33, nil)]) == ["0.0", "0.1", "0.2", "0.3"])
    // The stated time is behind the derived one: it gives way by a tick.
    #expect(times([(0, nil), (nil, nil), (nil, nil), (2, nil), (3, nil)], duration: 2) == ["0.0", "0.2", "0.4", "0.5", "0.6"])
    // No duration: the container's frame rate.
    #expect(times([(0, nil), (nil, nil), (nil, nil)], rate: 5, duration: 0) == ["0.0", "0.2", "0.4"])
  }

  @Test func withoutAnyPTSDecodingTimesServe() {
    // H.264 in AVI: the rate says a tick, the frames come every two, the last one has nothing.
    #expect(times([(nil, 2), (nil, 4), (nil, 6), (nil, nil)]) == ["0.0", "0.2", "0.4", "0.6"])
    #expect(times([(nil, nil), (nil, nil)]) == ["0.0", "0.1"])
  }

  @Test func absurdNumbersDontOverflow() {
    let ends: [Stamp] = [(.max, nil), (.min + 1, nil), (.max, nil), (nil, .min), (nil, nil), (.min + 1, nil)]
    for base in [(1, 1), (Int(Int32.max), 1), (0, 0), (-1, 5)] {
      var clock = FrameClock(timeBase: (base.0, base.1), frameRate: .infinity, isLive: false)
      for stamp in ends { _ = clock.place(pts: stamp.pts, decoding: stamp.dts, duration: .max, arrival: .max) }
      for stamp in ends { _ = clock.place(pts: stamp.pts, decoding: stamp.dts, duration: .min, arrival: .min) }
      #expect(clock.zero != nil)
    }
  }

  @Test func timesAreRoundedToTheNearestNanosecond() {
    var clock = FrameClock(timeBase: (1, 3), frameRate: nil, isLive: false)
    let places = (0..<4).map { clock.place(pts: $0, decoding: nil, duration: 1, arrival: 0) }
    #expect(places == [0, 333_333_333, 666_666_667, 1_000_000_000].enumerated()
      .map { .at(MediaTime(nanoseconds: $1), pts: Int64($0)) })
  }
}

@Suite struct FrameSamplerTests {
  /// Which of these times, in milliseconds, are looked at.
  private func looks(_ sampling: Sampling, _ times: [Int64]) -> [Int64] {
    var sampler = FrameSampler(sampling)
    return times.filter { sampler.looks(at: MediaTime(nanoseconds: $0 * 1_000_000), isIntra: $0 % 1000 == 0) }
  }

  @Test func everyCellGivesItsFirstFrame() {
    #expect(looks(.every(.milliseconds(500)), [0, 40, 480, 520, 960, 1000, 1040, 1480, 1499, 1500]) == [0, 520, 1000, 1500])
    // Slower than asked for: every frame, none twice.
    #expect(looks(.every(.milliseconds(100)), [0, 250, 500, 750]) == [0, 250, 500, 750])
    // Variable: empty cells stay empty.
    #expect(looks(.every(.seconds(1)), [0, 900, 3100, 3900, 4000]) == [0, 3100, 4000])
    #expect(looks(.every(.zero), [0, 1, 2]) == [0, 1, 2])
  }

  @Test func intraAndAll() {
    #expect(looks(.intra, [0, 500, 1000, 1500, 2000]) == [0, 1000, 2000])
    #expect(looks(.all, [0, 500, 1000]) == [0, 500, 1000])
  }

  @Test(arguments: [1, 2, 3, 5, 6, 7, 9, 10, 12, 15, 29.97, 30] as [Double])
  func soManyASecond(rate: Double) throws {
    let sampling = try #require(Sampling.perSecond(rate))
    // A stream that has a frame exactly at every n/rate, rounded to nanoseconds: each is looked at.
    let times = (0..<2000).map { Int64((Double($0) / rate * 1e9).rounded()) }
    var sampler = FrameSampler(sampling)
    #expect(times.filter { sampler.looks(at: MediaTime(nanoseconds: $0), isIntra: false) }.count == times.count)
  }

  @Test func ratesThatAreNone() {
    for rate in [0, -1, .nan, .infinity] as [Double] { #expect(Sampling.perSecond(rate) == nil) }
    #expect(Sampling.perSecond(1e12) == .all)
    #expect(Sampling.perSecond(1e-300) == nil)
  }
}
