import Crypto
import Foundation

enum Digest {
  static func of(_ text: String) -> String { hex(SHA256.hash(data: Data(text.utf8))) }

  static func of(_ bytes: Data) -> String { hex(SHA256.hash(data: bytes)) }

  /// Of a clip: its length and its first and last 64 KiB, so that a long recording is not read twice.
  static func ofClip(_ path: String) -> String {
    guard let handle = FileHandle(forReadingAtPath: path), let length = try? handle.seekToEnd() else { return "unreadable" }
    let part: UInt64 = 64 << 10
    var hash = SHA256()
    hash.update(data: Data("\(length)\n".utf8))
    for start in [0, length > part ? length - part : 0] {
      try? handle.seek(toOffset: start)
      hash.update(data: (try? handle.read(upToCount: Int(part))) ?? Data())
    }
    return hex(hash.finalize())
  }

  private static func hex(_ digest: some Sequence<UInt8>) -> String {
    digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
