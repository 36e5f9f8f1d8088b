import CFFmpeg
import Scene

extension Demuxer {
  /// Frames a second as the container states it; nil where it doesn't, or nonsense.
  var frameRate: Double? {
    for rate in [stream.pointee.avg_frame_rate, stream.pointee.r_frame_rate] where rate.num > 0 && rate.den > 0 {
      return Double(rate.num) / Double(rate.den)
    }
    return nil
  }

  /// Frames that the container promised for the time after `position`, where the stream ended: by its index where that can be
  /// believed (AVI counts ticks), else by duration and rate.
  func framesMissing(after position: MediaTime, read: Int) -> Int {
    if isMOV, stream.pointee.nb_frames > 0 { return Int(stream.pointee.nb_frames) - read }
    guard let frameRate, let duration else { return 0 }
    let frames = (duration - (position - .zero)).seconds * frameRate - 1
    return frames > 0 && frames < 1e12 ? Int(frames.rounded()) : 0
  }

  var remedyForNoFrames: String {
    if case .pipe = source, isMOV {
      return "an MP4 whose index stands at its end can't be read from a pipe: name the file, or rewrite it with `ffmpeg -i IN -c copy -movflags +faststart OUT`"
    }
    return "`ffprobe` says more"
  }

  private var isMOV: Bool { formatName.hasPrefix("mov,") }

  var frameCount: Int? {
    let stated = stream.pointee.nb_frames
    if stated > 0 { return Int(stated) }
    guard let frameRate, let duration else { return nil }
    let frames = frameRate * duration.seconds
    return frames >= 1 && frames < 1e12 ? Int(frames.rounded()) : nil
  }

  var duration: MediaInterval? {
    let base = timeBase
    if stream.pointee.duration > 0, base.num > 0, base.den > 0 {
      let nanoseconds = Double(stream.pointee.duration) * Double(base.num) / Double(base.den) * 1e9
      return nanoseconds < 1e18 ? MediaInterval(nanoseconds: Int64(nanoseconds.rounded())) : nil
    }
    guard let whole = context?.pointee.duration, whole > 0, whole < Int64.max / 4000 else { return nil }
    return MediaInterval(nanoseconds: whole * 1000)
  }

  /// Nanoseconds since 1970, from the container's metadata.
  var creationTime: Int64? {
    for metadata in [context?.pointee.metadata, stream.pointee.metadata] {
      guard let entry = av_dict_get(metadata, "creation_time", nil, 0), let text = entry.pointee.value else { continue }
      var microseconds: Int64 = 0
      // 1904 and 1970 stand for "unknown" in files of cameras without a clock.
      if av_parse_time(&microseconds, text, 0) >= 0, microseconds > 0, microseconds < Int64.max / 1000 { return microseconds * 1000 }
    }
    return nil
  }

  func sampleAspect(of frame: UnsafeMutablePointer<AVFrame>?) -> AVRational {
    av_guess_sample_aspect_ratio(context, stream, frame)
  }

  func info(isLive: Bool, source: String) throws(VideoInputError) -> StreamInfo {
    let parameters = stream.pointee.codecpar.pointee
    let stored = PictureSize(width: Int(parameters.width), height: Int(parameters.height))
    let scaled = PictureMaker.square(stored, sampleAspect(of: nil))
    guard PictureLimits.allow(width: stored.width, height: stored.height),
          PictureLimits.allow(width: scaled.width, height: scaled.height) else {
      throw VideoInputError(stored.width > 0 && stored.height > 0 ? .unsupported : .notAVideo, attempted: "open", source: source,
                            libraryWords: "its pictures are \(stored.width)×\(stored.height)",
                            remedy: "pictures have from 1 to \(PictureLimits.side) pixels a side and at most \(PictureLimits.pixels)")
    }
    return StreamInfo(size: Orientation(matrix: ow_display_matrix(nil, stream)).shown(scaled),
                      codec: String(cString: avcodec_get_name(parameters.codec_id)),
                      timeBase: (Int(timeBase.num), Int(timeBase.den)),
                      duration: isLive ? nil : duration, averageFrameRate: frameRate, isLive: isLive,
                      startEpoch: isLive ? nil : creationTime, frameCountEstimate: isLive ? nil : frameCount)
  }
}
