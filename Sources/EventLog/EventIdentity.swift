internal import Crypto
import Scene

/// An event's id: UUID version 5 (RFC 9562) in the URL name space over what makes the event the one it is. A consumer that is
/// handed a line twice knows it by this. The name is these fields joined by line feeds, absent ones empty:
/// source, session, type, rule, query, track, subject, PTS, media time in nanoseconds, phase. Query and media time are in it
/// because one keyframe may count two queries at one line, or see one track cross a line twice.
struct EventIdentity: ~Copyable {
  private var name = ByteBuffer(capacity: 512)

  /// RFC 9562, section 6.6: the name space of URLs.
  private static let urlNamespace: InlineArray<16, UInt8> = [
    0x6B, 0xA7, 0xB8, 0x11, 0x9D, 0xAD, 0x11, 0xD1, 0x80, 0xB4, 0x00, 0xC0, 0x4F, 0xD4, 0x30, 0xC8,
  ]

  init() {}

  /// Appends the 36 characters of the id.
  mutating func append(_ event: Event, in context: StreamContext, to line: inout ByteBuffer) {
    compose(event, in: context)
    var hash = Insecure.SHA1()
    hash.update(bufferPointer: name.bytes)
    hash.finalize().withUnsafeBytes { Self.write(digest: $0, to: &line) }
  }

  private mutating func compose(_ event: Event, in context: StreamContext) {
    name.truncate(to: 0)
    for index in 0..<16 { name.append(byte: Self.urlNamespace[index]) }
    name.append("urn:owlwatch:")
    name.append(raw: context.stream)
    separate()
    name.append(integer: Int64(context.session))
    separate()
    name.append(raw: event.type.rawValue)
    separate()
    if let rule = event.rule { name.append(raw: rule.id) }
    separate()
    if let query = event.query { name.append(raw: query.id) }
    separate()
    if let track = event.object?.track { name.append(track: track) }
    separate()
    name.append(raw: event.subject)
    separate()
    if let pts = event.pts { name.append(integer: pts) }
    separate()
    name.append(integer: event.mediaTime.nanoseconds)
    separate()
    if let phase = event.phase { name.append(raw: phase.rawValue) }
  }

  private mutating func separate() { name.append(byte: 0x0A) }

  private static func write(digest: UnsafeRawBufferPointer, to line: inout ByteBuffer) {
    let start = line.reserve(36)
    var target = start
    for index in 0..<16 {
      var byte = digest[index]
      if index == 6 { byte = byte & 0x0F | 0x50 }  // version 5
      if index == 8 { byte = byte & 0x3F | 0x80 }  // variant of RFC 9562
      if index == 4 || index == 6 || index == 8 || index == 10 {
        target.pointee = UInt8(ascii: "-")
        target += 1
      }
      target[0] = hexDigits[Int(byte >> 4)]
      target[1] = hexDigits[Int(byte & 15)]
      target += 2
    }
    line.advance(36)
  }
}

extension ByteBuffer {
  /// `7-12`.
  mutating func append(track: TrackID) {
    append(integer: Int64(track.session))
    append(byte: UInt8(ascii: "-"))
    append(integer: Int64(track.number))
  }
}
