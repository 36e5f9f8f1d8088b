import Foundation

/// A file that is being fetched, `HASH.incomplete` beside the blob it becomes. What is there stays there when a download is cut off,
/// and the next one goes on behind it.
final class PartialFile {
  let path: String
  private let descriptor: Int32
  /// Bytes there so far.
  private(set) var size: Int

  /// - Throws: also where another owlwatch is fetching the same file.
  init(_ path: String) throws(HubError) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else { throw .disk(path, "cannot be created") }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw HubError(.unavailable, path, "is being fetched by another process", remedy: "wait until that one has finished")
    }
    self.path = path
    self.descriptor = descriptor
    size = Int(lseek(descriptor, 0, SEEK_END))
  }

  deinit { close(descriptor) }

  func append(_ bytes: UnsafeRawBufferPointer) throws(HubError) {
    var done = 0
    while done < bytes.count {
      let wrote = pwrite(descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(size))
      if wrote < 0 && errno == EINTR { continue }
      guard wrote > 0 else { throw .disk(path, "cannot be written") }
      done += wrote
      size += wrote
    }
  }

  func empty() throws(HubError) {
    guard ftruncate(descriptor, 0) == 0 else { throw .disk(path, "cannot be emptied") }
    size = 0
  }

  /// Makes it durable, then gives it its final name.
  func finish(as final: String) throws(HubError) {
    guard fsync(descriptor) == 0 else { throw .disk(path, "cannot be written to the disk") }
    guard rename(path, final) == 0 else { throw .disk(final, "cannot be put in place") }
  }
}
