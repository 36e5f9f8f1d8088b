import EventLog
import Foundation
import Scene

/// A log that spans some days and grows until it has its size: each growth writes it anew, so that its last hour is as dense as its first.
final class LargeLog {
  enum Kind: String, CaseIterable {
    case file = "one file"
    case plainParts = "parts"
    case parts = "compressed parts"
  }

  let path: String
  private let kind: Kind
  private let days: Double
  /// Of all lines.
  private(set) var bytes: Int64 = 0
  private static let lineLength = 560.0

  init(_ path: String, _ kind: Kind, days: Double) { self.path = path; self.kind = kind; self.days = days }

  func grow(to wanted: Int64) throws {
    try remove()
    try FileManager.default.createDirectory(atPath: URL(filePath: path).deletingLastPathComponent().path, withIntermediateDirectories: true)
    let options = LogOptions(sync: .never, rotateAtBytes: kind == .file ? nil : 100_000_000, compressParts: kind == .parts)
    let log = try EventLogWriter(path: path, options: options)
    let lines = Int(Double(wanted) / Self.lineLength), step = days * 86_400 / Double(lines)
    bytes = 0
    for n in 0..<lines {
      let before = log.position
      try log.append([SampleEvents.event(n, at: Double(n) * step)], in: SampleEvents.context)
      bytes += log.position.offset - (log.position.part == before.part ? before.offset : 0)
    }
    try log.close()
  }

  /// Drops its pages from memory.
  func forget() throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      let descriptor = open(folder + "/" + name, O_RDONLY)
      fsync(descriptor)
      posix_fadvise(descriptor, 0, 0, Int32(POSIX_FADV_DONTNEED))
      close(descriptor)
    }
  }

  func remove() throws { if FileManager.default.fileExists(atPath: folder) { try FileManager.default.removeItem(atPath: folder) } }

  private var folder: String { URL(filePath: path).deletingLastPathComponent().path }

  /// RFC 3339, so many seconds before the last line.
  func time(beforeEnd seconds: Double) -> String {
    let end = Double(SampleEvents.context.epoch) / 1e9 + days * 86_400
    return ISO8601DateFormatter().string(from: Date(timeIntervalSince1970: end - seconds))
  }
}
