public import Scene

public final class VideoReader: Sendable {
  public let info: StreamInfo
  public init(_ options: InputOptions, cancellation: Cancellation = Cancellation()) throws(VideoInputError) {
    throw VideoInputError(.unsupported, attempted: "open", source: options.source, remedy: "wait")
  }
  /// The next element; nil at the end of the stream, and after `cancel()`. Call it from one thread at a time.
  public func next() throws(VideoInputError) -> InputElement? { nil }
  /// From any thread: `next()` returns nil soon, even where it is waiting for the network.
  public func cancel() {}
  public var statistics: InputStatistics { InputStatistics() }
  public var senderEpoch: Int64? { nil }
  public var position: MediaTime { .zero }
}

public func loadPicture(_ path: String) throws(VideoInputError) -> Picture {
  throw VideoInputError(.unsupported, attempted: "open", source: path, remedy: "wait")
}
