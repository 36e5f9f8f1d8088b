import EventLog
import Foundation
import Scene

/// A log that spans some days and grows until it has its size: each growth writes it anew, so that its last hour is as dense as its first.
final class LargeLog {
  let path: String
  private let days: Double
  private(set) var bytes: Int64 = 0
  private static let lineLength = 560.0

  init(_ path: String, days: Double) throws { self.path = path; self.days = days }

  func grow(to wanted: Int64) throws {
    let lines = Int(Double(wanted) / Self.lineLength), step = days * 86_400 / Double(lines)
    var encoder = EventEncoder()
    guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path) else { throw CocoaError(.fileWriteUnknown) }
    bytes = 0
    for n in 0..<lines {
      try encoder.encode(SampleEvents.event(n, at: Double(n) * step), in: SampleEvents.context, sequence: n + 1)
      if encoder.count > 1 << 20 || n == lines - 1 {
        bytes += Int64(encoder.count)
        try encoder.withBytes { try file.write(contentsOf: Data($0)) }
        encoder.clear()
      }
    }
    try file.close()
  }

  /// RFC 3339, so many seconds before the last line.
  func time(beforeEnd seconds: Double) -> String {
    let end = Double(SampleEvents.context.epoch) / 1e9 + days * 86_400
    return ISO8601DateFormatter().string(from: Date(timeIntervalSince1970: end - seconds))
  }
}
