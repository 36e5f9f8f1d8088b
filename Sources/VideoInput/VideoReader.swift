public import Scene
import Synchronization

/// Reads one stream: keyframes, gaps and clock steps in order of media time.
///
/// `next()` is called from one thread at a time; everything else from any.
public final class VideoReader: Sendable {
  private struct Snapshot {
    var statistics = InputStatistics()
    var position = MediaTime.zero
    var senderEpoch: Int64?
  }

  public let info: StreamInfo
  private let cancellation: Cancellation
  // Touched by `next()` alone.
  private nonisolated(unsafe) let engine: InputEngine
  private let snapshot = Mutex(Snapshot())

  /// Opens the stream: for RTSP and HTTP this takes as long as the other side does, at most `openTimeout`.
  /// - Parameter cancellation: stops the opening too, from another thread; `cancel()` later sets the same one.
  public init(_ options: InputOptions, cancellation: Cancellation = Cancellation()) throws(VideoInputError) {
    self.cancellation = cancellation
    engine = try InputEngine(options, interruption: Interruption(cancellation))
    info = try engine.demuxer.info(isLive: engine.isLive, source: options.source)
  }

  /// Nanoseconds since 1970 at which the stream was opened: about when the first frame of a live stream arrived.
  public var openedAt: Int64 { engine.demuxer.openedAt }

  /// The next element; nil at the end of the stream, and after `cancel()`.
  ///
  /// A keyframe's picture is lent: while someone holds it, the reader takes another one from its pool for the next keyframe.
  /// - Throws: where a network stream or camera is lost or stalls, or a frame can't be converted. The reader is of no use then.
  public func next() throws(VideoInputError) -> InputElement? {
    defer {
      let now = Snapshot(statistics: engine.statistics, position: engine.position, senderEpoch: engine.senderEpoch)
      snapshot.withLock { $0 = now }
    }
    return try engine.next()
  }

  /// `next()` returns nil soon, even where it is waiting for the network.
  public func cancel() { cancellation.cancel() }

  /// Counts, as of the last return of `next()`.
  public var statistics: InputStatistics { snapshot.withLock(\.statistics) }

  /// Nanoseconds since 1970 at media time zero by the sender's own clock (RTCP sender reports); nil until the sender told.
  /// Follows that clock: a later report may move it by what the clocks drifted.
  public var senderEpoch: Int64? { snapshot.withLock(\.senderEpoch) }

  /// Media time of the last frame decoded.
  public var position: MediaTime { snapshot.withLock(\.position) }
}
