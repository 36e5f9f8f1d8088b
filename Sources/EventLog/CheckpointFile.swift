internal import Crypto
import Glibc

/// A small file that is there whole or not at all: what the worker needs to go on after a crash. Content is the caller's; the file
/// adds a line with its length and SHA-256 digest.
public struct CheckpointFile: Sendable {
  public let path: String
  private static let title = "owlwatch-checkpoint 1 "
  /// Nothing that is a checkpoint comes near.
  private static let largest: Int64 = 1 << 30

  public init(path: String) { self.path = path }

  /// Replaces the file: written beside it, synced, renamed over it, the rename synced. After a crash at any instant the file holds the old
  /// content or the new.
  public func write(_ content: [UInt8]) throws(EventLogError) {
    let temporary = path + ".tmp"
    do throws(EventLogError) {
      let file = try OpenFile(temporary, flags: O_WRONLY | O_CREAT | O_TRUNC, attempted: "write the checkpoint")
      let head = Array("\(Self.title)\(Self.digest(of: content)) \(content.count)\n".utf8)
      try file.writeAll(head + content)
      try check(uninterrupted { fsync(file.descriptor) }, "sync the checkpoint to disk", on: temporary)
      try check(rename(temporary, path), "put the checkpoint in place", on: path)
    } catch {
      unlink(temporary)
      throw error
    }
    try syncDirectory(of: path)
  }

  /// The content; nil where there is no file. Throws `damaged` where the content is not what was written.
  public func read() throws(EventLogError) -> [UInt8]? {
    let file: OpenFile
    do throws(EventLogError) {
      file = try OpenFile(path, flags: O_RDONLY, attempted: "read the checkpoint")
    } catch {
      if error.kind == .notFound { return nil }
      throw error
    }
    let size = try file.size()
    guard size <= Self.largest else { throw damaged("it is larger than a checkpoint can be") }
    let bytes = try file.read(Int(size), at: 0)
    guard let feed = bytes.prefix(200).firstIndex(of: 10) else { throw damaged("its first line is missing") }
    let head = String(decoding: bytes[..<feed], as: UTF8.self)
    guard head.hasPrefix("owlwatch-checkpoint ") else { throw damaged("it is no checkpoint") }
    guard head.hasPrefix(Self.title) else { throw damaged("another version of owlwatch wrote it") }
    let content = Array(bytes[(feed + 1)...])
    guard head == "\(Self.title)\(Self.digest(of: content)) \(content.count)" else { throw damaged("its content is not what was written") }
    return content
  }

  /// Deletes it; a file that is not there is fine.
  public func remove() throws(EventLogError) {
    if unlink(path) == -1 && errno != ENOENT { throw EventLogError(code: errno, path: path, attempted: "delete the checkpoint") }
    try syncDirectory(of: path)
  }

  /// Lower-case hexadecimal SHA-256.
  static func digest(of content: [UInt8]) -> String {
    var hash = SHA256()
    content.withUnsafeBytes { hash.update(bufferPointer: $0) }
    return hash.finalize().withUnsafeBytes { digest in
      String(decoding: digest.flatMap { [hexDigits[Int($0 >> 4)], hexDigits[Int($0 & 15)]] }, as: UTF8.self)
    }
  }

  private func damaged(_ reason: String) -> EventLogError {
    EventLogError(.damaged, path: path, attempted: "go on from the checkpoint", reason: reason, remedy: "start anew (--restart)")
  }
}
