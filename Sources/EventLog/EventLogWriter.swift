import Dispatch
import Glibc
import Scene
import Synchronization

/// Writes a log: events in, one line and one `write(2)` each. May be used from any thread.
///
/// A file is locked against other workers, repaired where a crash tore its last line, and gone on with: `seq` continues, and
/// `recovered` says what the worker has to end. Syncs that are due by time and the compression of old parts run on threads of
/// the writer's own.
public final class EventLogWriter: Sendable {
  private let log: Mutex<OpenLog?>
  private let isInterrupted: Interruption
  private let keeping: PartKeeping
  private let syncQueue = DispatchQueue(label: "owlwatch.log.sync")
  private let partQueue = DispatchQueue(label: "owlwatch.log.parts", qos: .utility)
  private let isSyncDue = Atomic<Bool>(false)
  /// What a sync behind the caller's back met, under `whenFull: exit`: the next call throws it.
  private let syncFailure = Mutex<EventLogError?>(nil)

  /// What an existing log told when it was opened.
  public let recovered: RecoveredState

  /// Opens or creates a log file. Its directory must exist.
  /// - Parameter notice: told, once each, what the log waits out or cannot do: a full disk, a part that cannot be compressed.
  ///   Called on any thread.
  /// Throws `inUse` with the other worker's process id, `notWritable`, `notFound`, `directory`, `notALog`.
  public init(path: String, options: LogOptions = LogOptions(),
              notice: @escaping @Sendable (String) -> Void = EventLogWriter.tellStandardError) throws(EventLogError) {
    let interruption = Interruption()
    let surroundings = LogSurroundings(notice: notice, isInterrupted: { interruption.flag.load(ordering: .relaxed) })
    var log = try Self.open(path, options, surroundings)
    recovered = try log.recover()
    for problem in recovered.problems { notice("\(problem)") }
    if recovered.cutBytes > 0 { notice("\(path): the last line was torn: \(recovered.cutBytes) bytes cut off") }
    isInterrupted = interruption
    keeping = PartKeeping(path: log.path, options: options, surroundings: surroundings)
    self.log = Mutex(log)
  }

  /// Writes to standard output, or another descriptor that stays the caller's. Numbers from 1, never rotates. Ignores SIGPIPE in this process
  /// from now on, so that a reader that goes away is the error `closedPipe`.
  public init(standardOutput descriptor: Int32 = 1, options: LogOptions = LogOptions(),
              notice: @escaping @Sendable (String) -> Void = EventLogWriter.tellStandardError) {
    signal(SIGPIPE, SIG_IGN)
    let interruption = Interruption()
    let surroundings = LogSurroundings(notice: notice, isInterrupted: { interruption.flag.load(ordering: .relaxed) })
    var plain = options
    plain.rotateAtBytes = nil
    plain.rotateDaily = false
    let file = OpenFile(descriptor: descriptor, path: "standard output", closes: false)
    isInterrupted = interruption
    keeping = PartKeeping(path: file.path, options: plain, surroundings: surroundings)
    recovered = RecoveredState()
    log = Mutex(OpenLog(file: file, path: file.path, options: plain, surroundings: surroundings, lock: nil))
  }

  @Sendable public static func tellStandardError(_ text: String) {
    let line = Array("owlwatch: \(text)\n".utf8)
    _ = line.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
  }

  private static func open(_ path: String, _ options: LogOptions,
                           _ surroundings: LogSurroundings) throws(EventLogError) -> OpenLog {
    // A link is followed once, here: a rename would replace the link.
    let real = resolved(path)
    var status = stat()
    let isThere = stat(real, &status) == 0
    if isThere && status.st_mode & S_IFMT == S_IFDIR { throw EventLogError(code: EISDIR, path: path, attempted: "open the log") }
    let isRegular = !isThere || status.st_mode & S_IFMT == S_IFREG
    guard isRegular else {
      signal(SIGPIPE, SIG_IGN)
      let file = try OpenFile(real, flags: O_WRONLY, attempted: "open the log")
      return OpenLog(file: file, path: real, options: options, surroundings: surroundings, lock: nil)
    }
    let lock = try LogLock(log: real, notice: surroundings.notice)
    let file = try OpenFile(real, flags: O_RDWR | O_CREAT | O_APPEND, attempted: "open the log")
    if !isThere { try syncDirectory(of: real) }
    var log = OpenLog(file: file, path: real, options: options, surroundings: surroundings, lock: lock)
    // Compressed with the first event, not now: an analysis may first go back to them, and says only then which ones it needs.
    try log.findUnfinishedParts()
    return log
  }

  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// The number that the next event gets.
  public var nextSequence: Int { log.withLock { $0?.nextSequence ?? 0 } }

  /// Whether it is a file, in which `truncate` can go back; pipes and devices are not.
  public var canGoBack: Bool { log.withLock { $0?.isRegular ?? false } }

  /// Where the log ends now.
  public var position: LogPosition { log.withLock { $0?.position ?? .start } }

  /// What has started and not ended, in order.
  public var open: [LoggedEvent] { log.withLock { $0?.memory.open ?? [] } }

  /// Appends the events in order. When it returns, they are in the kernel: they outlive this process. With `sync: each`, and after an event of severity
  /// `alert`, they are on the disk.
  ///
  /// A full or failing disk is waited out or thrown (`noRoom`, `device`), as the options say; `interrupt` ends the waiting.
  /// Where it throws, the log ends with a whole line, and `nextSequence` tells how many of the events are in it.
  public func append(_ events: [Event], in context: StreamContext) throws(EventLogError) {
    guard !events.isEmpty else { return }
    let finished = try withLog { log throws(EventLogError) in
      var isUrgent = log.options.sync == .each
      for event in events where try log.append(event, in: context) { isUrgent = true }
      if isUrgent { try log.sync() }
      return log.takeFinishedParts()
    }
    for part in finished { finishLater(part) }
    syncLater()
  }

  /// Forces everything to the disk.
  public func sync() throws(EventLogError) { try withLog { log throws(EventLogError) in try log.sync() } }

  /// Makes a wait for room end with the error `interrupted`, now and from now on. For the second SIGTERM.
  public func interrupt() { isInterrupted.flag.store(true, ordering: .relaxed) }

  /// Syncs (unless the policy is `never`), finishes old parts, gives the lock back. Nothing can be appended after it.
  public func close() throws(EventLogError) {
    for part in log.withLock({ $0?.takeFinishedParts() ?? [] }) { finishLater(part) }
    partQueue.sync {}
    // What could not be compressed when it was tried: once more.
    if canGoBack { for part in (try? keeping.leftovers()) ?? [] { finishLater(part) } }
    partQueue.sync {}
    let failure = log.withLock { (log: inout OpenLog?) -> EventLogError? in
      do throws(EventLogError) {
        if log?.options.sync != .never { try log?.sync() }
        if let part = log?.part { try keeping.trim(upTo: part - 1) }
        log = nil
        return nil
      } catch {
        log = nil
        return error
      }
    }
    if let failure { throw failure }
  }

  /// Goes back to an earlier place: everything behind it is cut away, also across parts, compressed or not, and forgotten. For
  /// an analysis that resumes from its checkpoint. Throws `damaged` where that place is gone.
  public func truncate(to position: LogPosition) throws(EventLogError) {
    partQueue.sync {}
    try withLog { log throws(EventLogError) in try log.truncate(to: position) }
  }

  /// Deletes all that the log holds, its parts too, and begins at 1.
  public func beginAnew() throws(EventLogError) {
    partQueue.sync {}
    try withLog { log throws(EventLogError) in try log.beginAnew() }
  }

  /// From now on no part from this place on is deleted, however little is to be kept: `truncate` may go back there. nil: the bound alone counts.
  public func keep(from position: LogPosition?) { keeping.needed.part.store(position?.part ?? .max, ordering: .releasing) }

  /// Lets go of everything without syncing or ending anything, as a killed process does.
  package func abandon() {
    partQueue.sync {}
    log.withLock { $0 = nil }
  }

  private func withLog<Result: Sendable>(_ body: (inout OpenLog) throws(EventLogError) -> Result) throws(EventLogError) -> Result {
    try log.withLock { (log: inout sending OpenLog?) throws(EventLogError) -> Result in
      guard log != nil else {
        throw EventLogError(.usage, path: keeping.path, attempted: "write an event", reason: "the log was closed")
      }
      if let failure = syncFailure.withLock({ $0 }) { throw failure }
      return try body(&log!)
    }
  }

  private func syncLater() {
    guard case .interval(let interval) = keeping.options.sync, !isSyncDue.exchange(true, ordering: .acquiringAndReleasing) else { return }
    syncQueue.asyncAfter(deadline: .now() + .nanoseconds(Int(interval.nanoseconds))) { [weak self] in
      guard let self else { return }
      isSyncDue.store(false, ordering: .releasing)
      syncNow()
    }
  }

  /// The disk's time is not the writer's: the lock is given back while it works. Through a file opened for this alone: Linux tells each opened file
  /// once that bytes were lost, and what is told here must be told to the writer's own next sync, too, which may be under way already.
  private func syncNow() {
    let (file, part, offset) = log.withLock { (log: inout OpenLog?) -> (OpenFile?, Int, Int64) in
      guard let path = log?.unsyncedPath else { return (nil, 0, 0) }
      return (try? OpenFile(path, flags: O_RDONLY, attempted: "sync to disk"), log?.part ?? 0, log?.offset ?? 0)
    }
    guard let file else { return syncWithLock() }
    guard uninterrupted({ fdatasync(file.descriptor) }) == 0 else {
      let failed = EventLogError(code: errno, path: file.path, attempted: "sync to disk")
      log.withLock { if $0?.part == part { $0?.hasFailedSync = true } }
      if keeping.options.whenFull == .exit { return syncFailure.withLock { $0 = failed } }
      return syncWithLock()
    }
    log.withLock {
      guard let current = $0?.synced, $0?.part == part, $0?.hasFailedSync == false else { return }
      $0?.synced = max(current, offset)
    }
  }

  /// Said once where it fails, and written again before the next try.
  private func syncWithLock() {
    guard log.withLock({ $0?.unsyncedPath != nil }) else { return }
    do { try sync() } catch { keeping.surroundings.notice("\(error)") }
  }

  private func finishLater(_ part: String) {
    partQueue.async { [keeping] in
      do { try keeping.finish(part) } catch { keeping.surroundings.notice("\(error); the part stays as it is") }
    }
  }
}

/// Set from any thread, seen by whoever waits.
private final class Interruption: Sendable {
  let flag = Atomic<Bool>(false)
}
