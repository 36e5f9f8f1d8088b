extension EventEncoder {
  /// The id that the event's line has.
  public static func id(of event: Event, in context: StreamContext) -> String {
    var identity = EventIdentity(), text = ByteBuffer(capacity: 64)
    identity.append(event, in: context, to: &text)
    return String(decoding: text.bytes, as: UTF8.self)
  }
}
