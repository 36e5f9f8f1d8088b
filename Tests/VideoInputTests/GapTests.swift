import Scene
import Testing
import VideoInput

private func ms(_ n: Int64) -> MediaTime { MediaTime(nanoseconds: n * 1_000_000) }

@Suite struct HoleTests {
  /// Gaps as `from>to`, in milliseconds, of frames at these times.
  private func holes(_ times: [Int64], durations: Int64 = 0, suspectFrom: Int = .max) -> [String] {
    var keeper = HoleKeeper()
    return times.enumerated().compactMap { i, time in
      keeper.frame(at: ms(time), duration: .milliseconds(durations), isSuspect: i >= suspectFrom)
        .map { "\($0.reason) \($0.from.nanoseconds / 1_000_000)>\($0.to.nanoseconds / 1_000_000)" }
    }
  }

  @Test func aSilentCameraHasAHole() {
    #expect(holes([0, 40, 80, 1080, 1120]) == [])
    #expect(holes([0, 40, 80, 1081, 1121]) == ["missing 80>1081"])
    #expect(holes([0, 40, 80, 3080, 3120, 9000]) == ["missing 80>3080", "missing 3120>9000"])
  }

  @Test func slowAndVariableRatesHaveNone() {
    // A time-lapse, and one that slows down.
    #expect(holes([0, 10_000, 20_000, 30_000]) == [])
    #expect(holes([0, 500, 1000, 3000, 9000, 30_000]) == [])
    // The first interval has nothing to be compared with.
    #expect(holes([0, 60_000]) == [])
    // Every frame says how long it stands.
    #expect(holes([0, 40, 10_040, 10_080], durations: 10_000) == [])
  }

  @Test func damageMakesSuspicious() {
    #expect(holes([0, 40, 80, 160, 200]) == [])
    #expect(holes([0, 40, 80, 160, 200], suspectFrom: 2) == ["damaged 80>160"])
    #expect(holes([0, 40, 80, 120, 160], suspectFrom: 0) == [])
  }
}

/// A timeline, one letter a frame, 200 ms apart: `I` intra, `p` other, `x` damaged, `X` damaged intra, `-` a packet lost, no frame.
/// Gives the trusted frames, and the gaps as `[from,to)` by place, with what they lost.
private func damage(_ line: String) -> (trusted: String, gaps: [String]) {
  var keeper = DamageKeeper()
  var trusted = "", gaps: [String] = []
  func note(_ gap: Gap) {
    gaps.append("[\(gap.from.nanoseconds / 200_000_000),\(gap.to.nanoseconds / 200_000_000)) \(gap.lostPackets)+\(gap.lostFrames)")
  }
  for (place, letter) in line.enumerated() {
    keeper.packetSent(pts: Int64(place), isIntra: letter == "I" || letter == "X")
    guard letter != "-" else { keeper.packetLost(); trusted += "."; continue }
    let verdict = keeper.frame(at: ms(Int64(place) * 200), pts: Int64(place), isIntra: letter == "I" || letter == "X",
                               isDamaged: letter == "x" || letter == "X")
    trusted += verdict.isTrusted ? String(letter) : "."
    if let gap = verdict.gap { note(gap) }
  }
  if let gap = keeper.end(at: ms(Int64(line.count) * 200)) { note(gap) }
  return (trusted, gaps)
}

@Suite struct DamageTests {
  @Test(arguments: [
    // line            trusted          gaps
    ("IppppIpppp", "IppppIpppp", []),
    ("Ipp-ppIppp", "Ipp...Ippp", ["[2,6) 1+2"]),
    ("Ipp-x-pIpp", "Ipp....Ipp", ["[2,7) 2+2"]),
    ("Ippxppppppp", "Ipp.....ppp", ["[2,8) 0+5"]),
    ("Ipp-ppppppp", "Ipp......pp", ["[2,9) 1+5"]),
    ("IpppXppIpp", "Ippp...Ipp", ["[3,7) 0+3"]),
    ("I-IpIx-Ip", "I.IpI..Ip", ["[0,2) 1+0", "[4,7) 1+1"]),
    ("Ippp--", "Ippp..", ["[3,6) 2+0"]),
    // What can't be decoded before the first good frame is how a stream joined in the middle begins.
    ("--xxIppp", "....Ippp", []),
  ])
  func oneGapAStretch(line: String, trusted: String, gaps: [String]) {
    let result = damage(line)
    #expect(result.trusted == trusted)
    #expect(result.gaps == gaps)
  }

  @Test func anIntraFrameSentBeforeTheLossEndsNothing() {
    var keeper = DamageKeeper()
    _ = keeper.frame(at: ms(0), pts: 0, isIntra: true, isDamaged: false)
    keeper.packetSent(pts: 40, isIntra: true)
    keeper.packetLost()
    #expect(keeper.frame(at: ms(40), pts: 40, isIntra: true, isDamaged: false).isTrusted == false)
    keeper.packetSent(pts: 80, isIntra: true)
    #expect(keeper.frame(at: ms(80), pts: 80, isIntra: true, isDamaged: false).isTrusted)
  }
}
