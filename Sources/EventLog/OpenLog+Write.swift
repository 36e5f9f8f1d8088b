import Glibc

extension OpenLog {
  /// Writes the encoder's line whole, or leaves no byte of it: a torn line is cut away before the log waits or gives up.
  mutating func writeLine() throws(EventLogError) {
    let length = encoder.count
    var written = 0
    try patiently("write an event") { (log: inout OpenLog) throws(EventLogError) in
      do throws(EventLogError) {
        try log.writeRest(&written)
      } catch {
        if written > 0 && log.cutTornLine(written) { written = 0 }
        throw error
      }
    }
    offset += Int64(length)
  }

  /// As a rule one `write(2)`; more only where the kernel takes less than the line.
  private mutating func writeRest(_ written: inout Int) throws(EventLogError) {
    let descriptor = file.descriptor, path = path, isInterrupted = surroundings.isInterrupted
    var done = written
    defer { written = done }
    try encoder.withBytes { line throws(EventLogError) in
      while done < line.count {
        let n = write(descriptor, line.baseAddress! + done, line.count - done)
        if n > 0 {
          done += n
        } else if n == 0 || errno == EAGAIN {
          // A full pipe set not to block. Nobody may ever read it: so look up now and then.
          if isInterrupted() { throw EventLogError(.interrupted, path: path, attempted: "write an event", reason: "told to stop while nobody read") }
          var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&wait, 1, 200)
        } else if errno != EINTR {
          throw EventLogError(code: errno, path: path, attempted: "write an event")
        }
      }
    }
  }

  /// True where the first `written` bytes of a line are gone again. False on pipes, and where the disk won't even cut: then the
  /// line is finished later from where it stopped.
  private func cutTornLine(_ written: Int) -> Bool {
    guard isRegular else { return false }
    // From where the file stands, not from `offset`: on standard output the file may have begun before us.
    let here = lseek(file.descriptor, 0, SEEK_CUR)
    guard here >= off_t(written), uninterrupted({ ftruncate(file.descriptor, here - off_t(written)) }) == 0 else { return false }
    return lseek(file.descriptor, here - off_t(written), SEEK_SET) != -1
  }

  /// Does something that a full or failing disk may refuse: says so once, tries again until it works, or throws at
  /// once where the options say `exit`.
  mutating func patiently(_ attempted: String, _ body: (inout OpenLog) throws(EventLogError) -> Void) throws(EventLogError) {
    var isTold = false
    while true {
      do throws(EventLogError) {
        try body(&self)
        break
      } catch {
        guard error.kind == .noRoom || error.kind == .device, options.whenFull == .wait else { throw error }
        if !isTold {
          isTold = true
          surroundings.notice("\(error); waiting until it works again")
        }
        for _ in 0..<10 {
          if surroundings.isInterrupted() {
            throw EventLogError(.interrupted, path: path, attempted: attempted, reason: "told to stop while waiting: \(error.reason)")
          }
          sleep(milliseconds: 50)
        }
      }
    }
    if isTold { surroundings.notice("\(path): works again; going on, no event is lost") }
  }
}
