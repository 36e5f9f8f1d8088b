import CFFmpeg

/// Sole owner of an opened decoder.
final class Decoder {
  enum Received { case frame, needsPacket, end, damaged }

  private var context: UnsafeMutablePointer<AVCodecContext>?
  /// Each packet is decoded by itself at once: for intra frames of a live stream, which else wait for their successors.
  private let alone: Bool
  private var isDraining = false

  init(_ stream: UnsafeMutablePointer<AVStream>, options: InputOptions, isLive: Bool) throws(VideoInputError) {
    let parameters = stream.pointee.codecpar!
    guard let codec = avcodec_find_decoder(parameters.pointee.codec_id) else {
      let name = String(cString: avcodec_get_name(parameters.pointee.codec_id))
      throw VideoInputError(.unsupported, attempted: "decode", source: options.source, libraryWords: "no decoder for \(name)",
                            remedy: "`ffmpeg -decoders` lists those there are")
    }
    alone = isLive && options.sampling == .intra
    context = avcodec_alloc_context3(codec)
    guard let context else {
      throw VideoInputError(.unsupported, attempted: "decode", source: options.source, remedy: "it needs more memory than there is")
    }
    var code = avcodec_parameters_to_context(context, parameters)
    context.pointee.pkt_timebase = stream.pointee.time_base
    context.pointee.max_pixels = Int64(PictureLimits.pixels)
    context.pointee.thread_count = Int32(clamping: max(0, min(options.decoderThreads, 64)))
    if isLive {
      // Frame threads hold back one frame each.
      context.pointee.thread_type = FF_THREAD_SLICE
      context.pointee.flags |= AV_CODEC_FLAG_LOW_DELAY
    }
    if options.sampling == .intra { context.pointee.skip_frame = AVDISCARD_NONKEY }
    if code >= 0 { code = avcodec_open2(context, codec, nil) }
    guard code >= 0 else {
      let words = LibraryWords.words(for: code)
      avcodec_free_context(&self.context)
      throw VideoInputError(.unsupported, attempted: "decode", source: options.source, libraryWords: words,
                            remedy: "the stream's description is damaged, or FFmpeg lacks what it takes: `ffprobe` says more")
    }
  }

  deinit { avcodec_free_context(&context) }

  /// Hands a packet to the decoder; nil: no more will come. Call it once `receive` says `needsPacket`.
  /// - Returns: whether the decoder took it for sound.
  func send(_ packet: UnsafePointer<AVPacket>?) -> Bool {
    let code = avcodec_send_packet(context, packet)
    isDraining = packet == nil
    if alone && packet != nil { avcodec_send_packet(context, nil) }
    return code >= 0 || code == ow_eof
  }

  func receive(into frame: UnsafeMutablePointer<AVFrame>) -> Received {
    let code = avcodec_receive_frame(context, frame)
    if code >= 0 { return .frame }
    if code == ow_again { return .needsPacket }
    if code == ow_eof {
      guard alone, !isDraining else { return .end }
      avcodec_flush_buffers(context)
      return .needsPacket
    }
    return .damaged
  }

  /// Forgets everything: after a seek.
  func flush() {
    avcodec_flush_buffers(context)
    isDraining = false
  }
}
