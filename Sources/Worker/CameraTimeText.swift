import Foundation

/// Points of real time as people write them: RFC 3339 (`2026-05-04T10:11:12.345Z`, `…+02:00`).
public enum CameraTimeText {
  /// Nanoseconds since 1970. - Throws: `WorkerError` that names the flag.
  public static func parse(_ text: String, _ key: String) throws(WorkerError) -> Int64 {
    for fractions in [false, true] {
      let style = Date.ISO8601FormatStyle(includingFractionalSeconds: fractions)
      if let date = try? style.parse(text), abs(date.timeIntervalSince1970) < 9e9 {
        // Milliseconds are all that is written; they survive Double exactly.
        return Int64((date.timeIntervalSince1970 * 1000).rounded()) * 1_000_000
      }
    }
    throw WorkerError(.usage, "\(key): '\(text)' is not a time: write it like 2026-05-04T10:11:12Z or 2026-05-04T12:11:12.5+02:00")
  }
}
