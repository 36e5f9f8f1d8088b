import CFFmpeg
import Glibc

/// FFmpeg's log, kept off stderr. The last error line of each thread is told with the error it explains: it says more than the code.
enum LibraryWords {
  static func forget() {
    _ = logIsOurs
    line?.pointee = 0
  }

  /// Whether the library logged an error on this thread since `forget()`.
  static var wereSaid: Bool { line.map { $0.pointee != 0 } ?? false }

  /// What the code means, and what the log said last.
  static func words(for code: Int32) -> String {
    let meaning = withUnsafeTemporaryAllocation(of: CChar.self, capacity: room) { buffer in
      av_strerror(code, buffer.baseAddress, room)
      return text(buffer.baseAddress!)
    }
    let said = line.map { text($0) } ?? ""
    if said.isEmpty { return meaning }
    return said.contains(meaning) ? said : "\(meaning): \(said)"
  }

  private static let room = 256

  // A buffer a thread, freed when the thread ends.
  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key) { free($0) }
    return key
  }()

  private static var line: UnsafeMutablePointer<CChar>? {
    if let known = pthread_getspecific(key) { return known.assumingMemoryBound(to: CChar.self) }
    guard let new = calloc(room, 1) else { return nil }
    pthread_setspecific(key, new)
    return new.assumingMemoryBound(to: CChar.self)
  }

  private static let logIsOurs: Void = av_log_set_callback { _, level, format, arguments in
    guard level <= AV_LOG_ERROR, let format, let arguments, let line else { return }
    vsnprintf(line, room, format, arguments)
  }

  /// A log line is whatever bytes a damaged file held: decoded leniently, control characters out.
  private static func text(_ line: UnsafePointer<CChar>) -> String {
    var bytes: [UInt8] = []
    for i in 0..<room where line[i] != 0 && bytes.count == i { bytes.append(UInt8(bitPattern: line[i])) }
    while let last = bytes.last, last <= 32 { bytes.removeLast() }
    return String(decoding: bytes.map { $0 < 32 ? 32 : $0 }, as: UTF8.self)
  }
}
