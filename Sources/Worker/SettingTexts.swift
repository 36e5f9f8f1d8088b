public import EventLog
public import Scene
public import VideoInput

/// `every`, `sample-fps` and `sample`, as flags and stream files write them.
public enum SamplingText {
  /// Nil where none is given. - Throws: `WorkerError` where two are, or one makes no sense.
  public static func parse(every: String?, rate: Double?, sample: String?) throws(WorkerError) -> Sampling? {
    guard [every != nil, rate != nil, sample != nil].count(where: { $0 }) <= 1 else {
      throw WorkerError(.usage, "every, sample-fps and sample exclude one another: give one")
    }
    if let every {
      guard let interval = MediaInterval(text: every), interval > .zero else {
        throw WorkerError(.usage, "every: '\(every)' is not a duration above zero: write it like 500ms or 2s")
      }
      return .every(interval)
    }
    if let rate {
      guard let sampling = Sampling.perSecond(rate) else { throw WorkerError(.usage, "sample-fps: \(rate) is not a rate: give frames a second, e.g. 2 or 0.5") }
      return sampling
    }
    switch sample {
    case nil: return nil
    case "intra": return .intra
    case "all": return .all
    case let other?: throw WorkerError(.usage, "sample: '\(other)' is not known: intra or all")
    }
  }
}

/// Sizes and policies of the event log, as flags and stream files write them.
public enum LogText {
  public static func sync(_ text: String) throws(WorkerError) -> LogOptions.SyncPolicy {
    guard let policy = LogOptions.SyncPolicy(text: text) else {
      throw WorkerError(.usage, "sync: '\(text)' is not known: each, never, or a duration like 1s")
    }
    return policy
  }

  /// `500000`, `64KB`, `100MB`, `10GB`: powers of ten.
  public static func bytes(_ text: String, _ key: String) throws(WorkerError) -> Int64 {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let factors: [String: Int64] = ["": 1, "B": 1, "KB": 1000, "MB": 1_000_000, "GB": 1_000_000_000, "TB": 1_000_000_000_000]
    guard let count = Int64(digits), let factor = factors[text[digits.endIndex...].uppercased()], count > 0,
          case let (bytes, overflow) = count.multipliedReportingOverflow(by: factor), !overflow else {
      throw WorkerError(.usage, "\(key): '\(text)' is not a size: write it like 100MB or 10GB")
    }
    return bytes
  }
}

/// Points of time in a file: `90s`, `1m30s` is `1:30`, or seconds.
public enum PositionText {
  /// - Throws: `WorkerError` that names the flag.
  public static func parse(_ text: String, _ key: String) throws(WorkerError) -> MediaTime {
    if let interval = MediaInterval(text: text) { return .zero + interval }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    var seconds = 0.0
    for part in parts {
      guard (1...3).contains(parts.count), let value = Double(part), value.isFinite, value >= 0, value < 1e7 else {
        throw WorkerError(.usage, "\(key): '\(text)' is not a position: write it like 90s, 1:30 or 0:01:30.5")
      }
      seconds = seconds * 60 + value
    }
    return MediaTime(seconds: seconds)
  }
}
