/// Wall time by stage, in nanoseconds, over one stream.
public struct StageTimes: Sendable {
  public var decode: UInt64 = 0
  public var look: UInt64 = 0
  public var detect: UInt64 = 0
  public var track: UInt64 = 0
  public var judge: UInt64 = 0

  mutating func add(_ other: StageTimes) {
    decode += other.decode; look += other.look; detect += other.detect; track += other.track; judge += other.judge
  }

  /// Runs `body` and adds its wall time to one stage.
  mutating func measure<Result>(_ stage: WritableKeyPath<StageTimes, UInt64>, _ body: () throws -> Result) rethrows -> Result {
    let start = ContinuousClock.now
    defer {
      let (seconds, attoseconds) = (ContinuousClock.now - start).components
      self[keyPath: stage] += UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
    }
    return try body()
  }
}
