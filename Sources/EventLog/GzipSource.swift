import CZlib
import Glibc

/// A gzip file's content, across its members, from the header at an offset on.
final class GzipSource: ByteSource {
  private let file: OpenFile
  private var position: Int64
  private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
  // zlib keeps the stream's address: it must not move.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private var isBetweenMembers = true
  private var isOver = false

  init(_ file: OpenFile, from position: Int64 = 0) throws(EventLogError) {
    self.file = file
    self.position = position
    stream.initialize(to: z_stream())
    // 15 + 16: the whole window, gzip alone.
    guard inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw EventLogError(.system(code: ENOMEM), path: file.path, attempted: "unpack", reason: "zlib could not start")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    input.deallocate()
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(EventLogError) -> Int {
    guard !isOver, !buffer.isEmpty else { return 0 }
    let wanted = min(buffer.count, Int(UInt32.max))
    stream.pointee.next_out = buffer.bindMemory(to: UInt8.self).baseAddress
    stream.pointee.avail_out = UInt32(wanted)
    while Int(stream.pointee.avail_out) == wanted && !isOver { try step() }
    return wanted - Int(stream.pointee.avail_out)
  }

  private func step() throws(EventLogError) {
    if stream.pointee.avail_in == 0 {
      let n = try file.read(into: input, at: position)
      position += Int64(n)
      guard n > 0 else {
        isOver = true
        guard isBetweenMembers else { throw damaged("it ends in the middle") }
        return
      }
      stream.pointee.next_in = input.bindMemory(to: UInt8.self).baseAddress
      stream.pointee.avail_in = UInt32(n)
    }
    isBetweenMembers = false
    switch inflate(stream, Z_NO_FLUSH) {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END:
      isBetweenMembers = true
      inflateReset(stream)
    case let code:
      isOver = true
      throw damaged(stream.pointee.msg.map { String(cString: $0) } ?? "zlib says \(code)")
    }
  }

  private func damaged(_ words: String) -> EventLogError {
    EventLogError(.damaged, path: file.path, attempted: "unpack", reason: "\(words), near byte \(position)",
                  remedy: "what stands before it was read; the rest of this part is lost")
  }
}
