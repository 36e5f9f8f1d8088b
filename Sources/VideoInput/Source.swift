import CFFmpeg
import Glibc

/// What a source's text names, and whether it is there.
enum Source {
  case file(path: String)
  /// Standard input, a named pipe, a terminal: read once, front to back.
  case pipe(path: String?)
  case camera(path: String)
  case network(url: String, scheme: String)

  private static let liveSchemes: Set<String> = ["rtsp", "rtsps", "rtmp", "rtmps", "srt", "rtp", "udp", "mms", "tcp"]
  /// Character devices with this major number are video devices (Linux, Documentation/admin-guide/devices.txt).
  private static let videoDeviceMajor: UInt = 81

  /// Throws where a path leads to nothing that could be a video.
  init(_ text: String) throws(VideoInputError) {
    if text == "-" {
      self = .pipe(path: nil)
    } else if let scheme = Source.scheme(of: text) {
      self = scheme == "file" ? try Source.onDisk(String(text.dropFirst("file://".count))) : .network(url: text, scheme: scheme)
    } else {
      self = try Source.onDisk(text)
    }
  }

  var isLive: Bool {
    switch self {
    case .file, .pipe: false
    case .camera: true
    case .network(_, let scheme): Source.liveSchemes.contains(scheme)
    }
  }

  /// Whether reading may wait for someone else: then it has a deadline.
  var canStall: Bool {
    switch self {
    case .file, .pipe: false
    case .camera, .network: true
    }
  }

  /// `rtsp` of `rtsp://…`; nil where the text is a path.
  static func scheme(of text: String) -> String? {
    guard let mark = text.firstRange(of: "://"), mark.lowerBound > text.startIndex else { return nil }
    let scheme = text[..<mark.lowerBound]
    let letters = scheme.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
    return letters ? scheme.lowercased() : nil
  }

  private static func onDisk(_ path: String) throws(VideoInputError) -> Source {
    var status = stat()
    guard stat(path, &status) == 0 else { throw absent(path, errno) }
    switch status.st_mode & S_IFMT {
    case S_IFDIR:
      throw VideoInputError(.isDirectory, attempted: "open", source: path, remedy: "name a file in it")
    case S_IFREG where status.st_size == 0:
      throw VideoInputError(.empty, attempted: "open", source: path, remedy: "check how the file was written or copied")
    case S_IFREG:
      guard access(path, R_OK) == 0 else { throw absent(path, errno) }
      return .file(path: path)
    case S_IFCHR where (UInt(status.st_rdev) >> 8) & 0xfff == videoDeviceMajor:
      return .camera(path: path)
    case S_IFBLK:
      return .file(path: path)
    default:
      return .pipe(path: path)
    }
  }

  private static func absent(_ path: String, _ code: Int32) -> VideoInputError {
    let words = String(cString: strerror(code))
    if code == EACCES || code == EPERM {
      return VideoInputError(.unreadable, attempted: "open", source: path, libraryWords: words, remedy: "check its permissions")
    }
    if path.hasPrefix("/dev/video") {
      return VideoInputError(.unavailable, attempted: "open", source: path, libraryWords: words,
                             remedy: "plug the camera in; `ls /dev/video*` lists those there are")
    }
    return VideoInputError(.notFound, attempted: "open", source: path, libraryWords: words, remedy: "check the path")
  }
}
