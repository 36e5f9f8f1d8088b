/// A position in a stream, in nanoseconds from the stream's own zero, taken from PTS.
/// The only clock that tracker and rules know.
public struct MediaTime: Sendable, Hashable, Comparable, Codable {
  public var nanoseconds: Int64

  @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
  /// Rounds to the nearest nanosecond.
  @inlinable public init(seconds: Double) { nanoseconds = Int64((seconds * 1e9).rounded()) }

  public static let zero = MediaTime(nanoseconds: 0)

  @inlinable public var seconds: Double { Double(nanoseconds) / 1e9 }

  @inlinable public static func < (a: MediaTime, b: MediaTime) -> Bool { a.nanoseconds < b.nanoseconds }
  @inlinable public static func - (a: MediaTime, b: MediaTime) -> MediaInterval {
    MediaInterval(nanoseconds: a.nanoseconds - b.nanoseconds)
  }
  @inlinable public static func + (a: MediaTime, b: MediaInterval) -> MediaTime {
    MediaTime(nanoseconds: a.nanoseconds + b.nanoseconds)
  }
  @inlinable public static func - (a: MediaTime, b: MediaInterval) -> MediaTime {
    MediaTime(nanoseconds: a.nanoseconds - b.nanoseconds)
  }
  @inlinable public static func += (a: inout MediaTime, b: MediaInterval) { a = a + b }

  // In files and logs a bare number: nanoseconds.
  public init(from decoder: any Decoder) throws {
    nanoseconds = try decoder.singleValueContainer().decode(Int64.self)
  }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(nanoseconds)
  }
}

/// A span of media time, in nanoseconds: a hold, a dwell, a sampling interval.
public struct MediaInterval: Sendable, Hashable, Comparable, Codable {
  public var nanoseconds: Int64

  @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
  /// Rounds to the nearest nanosecond.
  @inlinable public init(seconds: Double) { nanoseconds = Int64((seconds * 1e9).rounded()) }
  @inlinable public static func milliseconds(_ n: Int64) -> MediaInterval { MediaInterval(nanoseconds: n * 1_000_000) }
  @inlinable public static func seconds(_ n: Int64) -> MediaInterval { MediaInterval(nanoseconds: n * 1_000_000_000) }

  public static let zero = MediaInterval(nanoseconds: 0)

  @inlinable public var seconds: Double { Double(nanoseconds) / 1e9 }

  @inlinable public static func < (a: MediaInterval, b: MediaInterval) -> Bool { a.nanoseconds < b.nanoseconds }
  @inlinable public static func + (a: MediaInterval, b: MediaInterval) -> MediaInterval {
    MediaInterval(nanoseconds: a.nanoseconds + b.nanoseconds)
  }
  @inlinable public static func - (a: MediaInterval, b: MediaInterval) -> MediaInterval {
    MediaInterval(nanoseconds: a.nanoseconds - b.nanoseconds)
  }
  @inlinable public static func += (a: inout MediaInterval, b: MediaInterval) { a = a + b }

  public init(from decoder: any Decoder) throws {
    nanoseconds = try decoder.singleValueContainer().decode(Int64.self)
  }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(nanoseconds)
  }
}
