import CFFmpeg

extension VideoInputError {
  /// Turns FFmpeg's code into an error; what the interruption knows goes before what the code says.
  static func library(_ code: Int32, attempted: String, source: String, isNetwork: Bool, interruption: Interruption) -> VideoInputError {
    if interruption.isCancelled {
      return VideoInputError(.cancelled, attempted: attempted, source: source, remedy: "nothing is wrong")
    }
    if interruption.isTimedOut {
      return VideoInputError(.timedOut, attempted: attempted, source: source,
                             libraryWords: attempted == "open" ? "it accepts no connection, or sends nothing" : "it stopped sending video",
                             remedy: "check that the camera or server runs and can be reached from here")
    }
    let words = LibraryWords.words(for: code)
    let (kind, remedy) = judgement(ow_classify(code), isNetwork: isNetwork)
    return VideoInputError(kind, attempted: attempted, source: source, libraryWords: words, remedy: remedy)
  }

  private static func judgement(_ failure: ow_failure, isNetwork: Bool) -> (Kind, String) {
    switch failure {
    case ow_failure_not_found: (.notFound, isNetwork ? "check the address" : "check the path")
    case ow_failure_denied: (.unreadable, "check its permissions")
    case ow_failure_http_denied: (.authentication, "check user name and password in the address")
    case ow_failure_protocol: (.unsupported, "`ffmpeg -protocols`, `-demuxers` and `-decoders` list what can be read here")
    case ow_failure_memory: (.unsupported, "it needs more memory than there is")
    case _ where isNetwork: (.unavailable, "check that the camera or server runs and can be reached from here")
    case ow_failure_invalid: (.notAVideo, "check that the file is a video and whole: `ffprobe` says more")
    default: (.unreadable, "check the disk and the file: `ffprobe` says more")
    }
  }
}
