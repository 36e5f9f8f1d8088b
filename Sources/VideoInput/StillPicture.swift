import CFFmpeg
public import Scene

/// Reads a still image in any format FFmpeg knows, as it is shown: EXIF orientation applied, 8 bits RGB, transparency dropped.
/// Of a video or an animation, the first frame.
public func loadPicture(_ path: String) throws(VideoInputError) -> Picture {
  let options = InputOptions(source: path, decoderThreads: 1, isLive: false)
  let demuxer = try Demuxer(options, source: try Source(path), isLive: false, interruption: Interruption(Cancellation()))
  _ = try demuxer.info(isLive: false, source: path)
  let decoder = try Decoder(demuxer.stream, options: options, isLive: false)
  let packet = AVPacketBox(), frame = AVFrameBox()
  LibraryWords.forget()
  var isFed = false
  while true {
    switch decoder.receive(into: frame.pointer) {
    case .frame:
      return try PictureMaker(source: path, isStill: true)
        .picture(of: frame.pointer, sampleAspect: demuxer.sampleAspect(of: frame.pointer),
                 orientation: Orientation(matrix: ow_display_matrix(frame.pointer, demuxer.stream)))
    case .needsPacket where !isFed:
      guard case .packet = demuxer.read(into: packet.pointer) else { _ = decoder.send(nil); isFed = true; continue }
      _ = decoder.send(packet.pointer)
      av_packet_unref(packet.pointer)
    case .damaged where !isFed:
      continue
    default:
      throw VideoInputError(.notAVideo, attempted: "decode", source: path, libraryWords: LibraryWords.words(for: ow_invalid_data),
                            remedy: "check that the image is whole: `ffprobe` says more")
    }
  }
}
