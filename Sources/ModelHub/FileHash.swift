import Crypto
import Foundation

/// Hashes of files as the hub names them.
enum FileHash {
  /// - Parameter kind: A hash of the kind that is wanted, by its length: 64 digits are sha256 of the content, 40 are git's blob sha1.
  /// - Returns: Lower-case hexadecimal.
  static func of(_ path: String, like kind: String) throws(HubError) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .disk(path, "cannot be opened") }
    defer { close(descriptor) }
    if kind.utf8.count == 64 {
      var hash = SHA256()
      try feed(descriptor, path) { hash.update(bufferPointer: $0) }
      return hexadecimal(hash.finalize())
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .disk(path, "cannot be measured") }
    // Git's own name for a file's content; sha1 finds damage here, it doesn't keep out forgers.
    var hash = Insecure.SHA1()
    hash.update(data: Data("blob \(status.st_size)\0".utf8))
    try feed(descriptor, path) { hash.update(bufferPointer: $0) }
    return hexadecimal(hash.finalize())
  }

  private static func feed(_ descriptor: Int32, _ path: String, _ take: (UnsafeRawBufferPointer) -> Void) throws(HubError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { buffer.deallocate() }
    while true {
      let got = read(descriptor, buffer.baseAddress!, buffer.count)
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { throw .disk(path, "cannot be read") }
      guard got > 0 else { return }
      take(UnsafeRawBufferPointer(rebasing: buffer[..<got]))
    }
  }

  private static func hexadecimal(_ digest: some Sequence<UInt8>) -> String {
    digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
