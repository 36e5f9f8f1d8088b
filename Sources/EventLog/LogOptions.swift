public import Scene

/// How a log is kept.
public struct LogOptions: Sendable, Equatable {
  /// When lines are forced to the disk. A process that dies loses nothing under any policy: the lines are in the kernel
  /// after `append`. What a power cut can take:
  public enum SyncPolicy: Sendable, Equatable {
    /// Nothing that `append` came back from.
    case each
    /// The last so many seconds, alerts excepted: an event of severity `alert` syncs at once.
    case interval(MediaInterval)
    /// What the kernel had not written by itself, some 30 seconds as a rule; alerts excepted.
    case never

    /// Reads `each`, `never` or a duration like `1s`; nil where it is anything else.
    public init?(text: String) {
      switch text {
      case "each": self = .each
      case "never": self = .never
      default:
        guard let interval = MediaInterval(text: text), interval > .zero else { return nil }
        self = .interval(interval)
      }
    }
  }

  /// What to do when the disk is full or fails.
  public enum WhenFull: String, Sendable, CaseIterable {
    /// Say so once, try again every half second, go on when there is room.
    case wait
    /// Throw, with the log cut back to whole lines.
    case exit
  }

  public var sync: SyncPolicy
  /// A line that would make the file longer than this begins a new part; nil: never.
  public var rotateAtBytes: Int64?
  /// The first event of a later day, in UTC by the event's own `time`, begins a new part. By event time, not by the worker's
  /// clock, so that an analysis gives the same parts whenever it is run.
  public var rotateDaily: Bool
  /// Old parts are compressed (gzip), in the background.
  public var compressParts: Bool
  /// The log with all its parts takes no more than this: the oldest parts are deleted. The current file always stays. nil: all is kept.
  public var keepBytes: Int64?
  public var whenFull: WhenFull

  public init(sync: SyncPolicy = .interval(.seconds(1)), rotateAtBytes: Int64? = nil, rotateDaily: Bool = false,
              compressParts: Bool = true, keepBytes: Int64? = nil, whenFull: WhenFull = .wait) {
    self.sync = sync; self.rotateAtBytes = rotateAtBytes; self.rotateDaily = rotateDaily
    self.compressParts = compressParts; self.keepBytes = keepBytes; self.whenFull = whenFull
  }
}
