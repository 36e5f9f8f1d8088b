import CFFmpeg
import Scene

/// Sole owner of an opened container and its one video stream.
final class Demuxer {
  enum Read { case packet, end, damaged, lost(VideoInputError) }

  let source: Source
  let name: String
  let interruption: Interruption
  private(set) var context: UnsafeMutablePointer<AVFormatContext>?
  let stream: UnsafeMutablePointer<AVStream>
  private let pipe: PipeInput?
  private let stall: Int64
  /// Nanoseconds since 1970 at which the other side began to send: probing the stream takes some of its seconds.
  let openedAt: Int64
  /// Whether the container's reader complained of what it read since this was last set to false.
  var hasComplained = false

  init(_ options: InputOptions, source: Source, isLive: Bool, interruption: Interruption) throws(VideoInputError) {
    self.source = source
    self.interruption = interruption
    name = options.source
    stall = options.stallTimeout.nanoseconds
    var pipe: PipeInput?
    if case .pipe(let path) = source { pipe = try PipeInput(path: path, interruption: interruption) }
    self.pipe = pipe
    interruption.allow(source.canStall ? options.openTimeout.nanoseconds : nil)
    LibraryWords.forget()
    let opened = try Demuxer.open(options.source, source: source, isLive: isLive, pipe: pipe, interruption: interruption)
    context = opened
    openedAt = wallClock()
    do throws(VideoInputError) {
      stream = try Demuxer.videoStream(of: opened, name: options.source, interruption: interruption)
    } catch {
      avformat_close_input(&context)
      throw error
    }
    for i in 0..<Int(opened.pointee.nb_streams) where opened.pointee.streams[i] != stream {
      opened.pointee.streams[i]?.pointee.discard = AVDISCARD_ALL
    }
  }

  deinit { avformat_close_input(&context) }

  var timeBase: AVRational { stream.pointee.time_base }

  /// Whether seeking lands on frames whose time stamps are those that reading from the start gives. Checked for these containers;
  /// the others are read from the start, since their stamps are in part derived from what came before.
  var seeksExactly: Bool {
    guard case .file = source else { return false }
    return ["mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "mpegts"].contains(formatName)
  }

  var formatName: String { context?.pointee.iformat?.pointee.name.map { String(cString: $0) } ?? "" }

  /// Reads the next packet of the video stream. `damaged`: something was unreadable, go on.
  func read(into packet: UnsafeMutablePointer<AVPacket>) -> Read {
    interruption.allow(source.canStall ? stall : nil)
    LibraryWords.forget()
    while true {
      let code = av_read_frame(context, packet)
      if LibraryWords.wereSaid { hasComplained = true }
      if interruption.isCancelled { return .end }
      if code >= 0 {
        if packet.pointee.stream_index == stream.pointee.index { return .packet }
        av_packet_unref(packet)
      } else if code == ow_again {
        if interruption.mustStop { return .lost(failure(code)) }
        pause()
      } else if interruption.isTimedOut {
        return .lost(failure(code))
      } else if code == ow_eof {
        return .end
      } else if source.canStall {
        return .lost(failure(code))
      } else {
        // Containers cut off in the middle say "input/output error" (AVI, Matroska) or "invalid data" (MP4, for each lost frame).
        return code == ow_invalid_data ? .damaged : .end
      }
    }
  }

  /// Whether the last key packet at or before this PTS could be sought.
  func seek(toPTS pts: Int64) -> Bool {
    av_seek_frame(context, stream.pointee.index, pts, AVSEEK_FLAG_BACKWARD) >= 0
  }

  /// A camera that has no frame yet says so at once.
  private func pause() {
    var time = timespec(tv_sec: 0, tv_nsec: 2_000_000)
    nanosleep(&time, nil)
  }

  private func failure(_ code: Int32) -> VideoInputError {
    VideoInputError.library(code, attempted: "read", source: name, isNetwork: source.canStall, interruption: interruption)
  }
}

extension Demuxer {
  private static func open(_ name: String, source: Source, isLive: Bool, pipe: PipeInput?,
                           interruption: Interruption) throws(VideoInputError) -> UnsafeMutablePointer<AVFormatContext> {
    var context = avformat_alloc_context()
    context?.pointee.interrupt_callback = interruption.callback
    var format: UnsafePointer<AVInputFormat>?
    var settings: OpaquePointer?
    defer { av_dict_free(&settings) }
    let url: String
    switch source {
    case .file(let path):
      url = "file:" + path
    case .pipe:
      url = ""
      context?.pointee.pb = pipe?.context
    case .camera(let path):
      url = path
      guard ow_register_devices() != 0, let v4l2 = av_find_input_format("v4l2") else {
        avformat_free_context(context)
        throw VideoInputError(.unsupported, attempted: "open", source: name,
                              remedy: "install FFmpeg's device library (Debian: apt install libavdevice-dev)")
      }
      format = UnsafePointer(v4l2)
      // Else the driver waits for the next frame where nothing can interrupt it.
      context?.pointee.flags |= AVFMT_FLAG_NONBLOCK
    case .network(_, let scheme):
      url = name
      if scheme.hasPrefix("rtsp") {
        av_dict_set(&settings, "rtsp_transport", "tcp", 0)
        // With sound beside it FFmpeg would shift the picture's time stamps once the sender's clock is known.
        av_dict_set(&settings, "allowed_media_types", "video", 0)
      }
    }
    if isLive {
      context?.pointee.max_analyze_duration = 3_000_000
      // Live frames have times of their own: nobody waits until FFmpeg has guessed a frame rate.
      context?.pointee.fps_probe_size = 0
    }
    let code = avformat_open_input(&context, url, format, &settings)
    guard code >= 0, let context else {
      if pipe?.bytesRead == 0, !interruption.mustStop {
        throw VideoInputError(.empty, attempted: "open", source: name, remedy: "check what writes into it")
      }
      throw VideoInputError.library(code, attempted: "open", source: name, isNetwork: source.canStall, interruption: interruption)
    }
    return context
  }

  private static func videoStream(of context: UnsafeMutablePointer<AVFormatContext>, name: String,
                                  interruption: Interruption) throws(VideoInputError) -> UnsafeMutablePointer<AVStream> {
    // FFmpeg draws text files as pictures of a terminal. Nobody means that.
    if let format = context.pointee.iformat?.pointee.name, String(cString: format) == "tty" {
      throw VideoInputError(.notAVideo, attempted: "open", source: name, remedy: "it is a text file; name a video")
    }
    let code = avformat_find_stream_info(context, nil)
    if interruption.isCancelled || interruption.isTimedOut {
      throw VideoInputError.library(code, attempted: "open", source: name, isNetwork: true, interruption: interruption)
    }
    let index = av_find_best_stream(context, AVMEDIA_TYPE_VIDEO, -1, -1, nil, 0)
    guard index >= 0, let stream = context.pointee.streams[Int(index)],
          stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC == 0 else {
      let holds = (0..<Int(context.pointee.nb_streams)).compactMap { context.pointee.streams[$0]?.pointee.codecpar }
        .map { String(cString: avcodec_get_name($0.pointee.codec_id)) }
      throw VideoInputError(.noVideoStream, attempted: "open", source: name,
                            libraryWords: holds.isEmpty ? nil : "it holds " + holds.joined(separator: ", "),
                            remedy: "name a file or stream that has pictures")
    }
    return stream
  }
}
