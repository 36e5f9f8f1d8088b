import EventLog
import Foundation
import RuleEngine
import Scene

/// Points in time as explanations write and read them.
enum TimeText {
  /// `12:03:05.120 (93.480 s)` where the camera's time is known, else `93.480 s`.
  static func text(_ time: MediaTime, in context: StreamContext) -> String {
    guard context.timeSource != .media else { return seconds(time) }
    let milliseconds = floorDivided(context.cameraTime(of: time) + 500_000, by: 1_000_000)
    let ofDay = milliseconds - floorDivided(milliseconds, by: 86_400_000) * 86_400_000
    let clock = [ofDay / 3_600_000, ofDay / 60_000 % 60, ofDay / 1000 % 60].map { padded($0, 2) }.joined(separator: ":")
    return "\(clock).\(padded(ofDay % 1000, 3)) (\(seconds(time)))"
  }

  static func seconds(_ time: MediaTime) -> String {
    let milliseconds = floorDivided(time.nanoseconds + 500_000, by: 1_000_000)
    let whole = milliseconds.magnitude
    return "\(milliseconds < 0 ? "-" : "")\(whole / 1000).\(padded(Int64(whole % 1000), 3)) s"
  }

  /// Reads `12:03:05` (the camera's clock in UTC, or a position where that is not known), `93.5s`, `1:30` (positions) and
  /// `2026-05-04T12:03:05Z`.
  /// - Parameter first: the recording's first keyframe; a time of the day is its first such time or a later one.
  static func time(_ text: String, in context: StreamContext, first: MediaTime) throws -> MediaTime {
    if text.contains("T") { return MediaTime(nanoseconds: try CameraTimeText.parse(text, "--at") - context.epoch) }
    let position = try PositionText.parse(text, "--at")
    guard text.count(where: { $0 == ":" }) == 2, context.timeSource != .media else { return position }
    let day: Int64 = 86_400_000_000_000, start = context.cameraTime(of: first)
    var camera = floorDivided(start, by: day) * day + position.nanoseconds
    // A second's grace: times are read off a log that rounds.
    if camera < start - 1_000_000_000 { camera += day }
    return MediaTime(nanoseconds: camera - context.epoch)
  }

  private static func padded(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
