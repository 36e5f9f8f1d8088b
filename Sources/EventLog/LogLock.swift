import Glibc

/// Holds a log for one worker: an flock(2) on `gate.jsonl.lock`, which holds the process id. On a file of its own, since rotation
/// gives the log's name to another file. The kernel gives the lock back when the process dies, however it dies.
final class LogLock {
  private let file: OpenFile

  init(log: String, notice: (String) -> Void) throws(EventLogError) {
    let path = log + ".lock"
    while true {
      let file = try OpenFile(path, flags: O_RDWR | O_CREAT, attempted: "lock the log")
      if uninterrupted({ flock(file.descriptor, LOCK_EX | LOCK_NB) }) == -1 {
        if errno == EWOULDBLOCK { throw Self.inUse(log, by: file) }
        guard errno == ENOLCK || errno == ENOTSUP || errno == ENOSYS else {
          throw EventLogError(code: errno, path: path, attempted: "lock the log")
        }
        notice("\(log): this file system has no locks; see to it that only one worker writes this log")
      }
      // The holder before may have unlinked the file between our open and our lock: then it is no longer the one that
      // others look at.
      guard Self.isStill(path, file) else { continue }
      self.file = file
      break
    }
    ftruncate(file.descriptor, 0)
    let text = "\(getpid())\n"
    _ = text.withCString { pwrite(file.descriptor, $0, strlen($0), 0) }
  }

  deinit { unlink(file.path) }

  private static func isStill(_ path: String, _ file: OpenFile) -> Bool {
    var named = stat()
    guard let held = try? file.status(), stat(path, &named) == 0 else { return false }
    return held.st_ino == named.st_ino && held.st_dev == named.st_dev
  }

  private static func inUse(_ log: String, by file: OpenFile) -> EventLogError {
    var id: Int32?
    // It may have the lock and not yet have written its number.
    for _ in 0..<20 where id == nil {
      id = ((try? file.read(32, at: 0)) ?? []).split(separator: 10).first.flatMap { Int32(String(decoding: $0, as: UTF8.self)) }
      if id == nil { sleep(milliseconds: 5) }
    }
    let holder = id.map { "process \($0)" } ?? "another process"
    return EventLogError(.inUse(processID: id), path: log, attempted: "open the log", reason: "\(holder) is writing it",
                         remedy: "stop that one first, or give this one a log of its own (--output)")
  }
}
