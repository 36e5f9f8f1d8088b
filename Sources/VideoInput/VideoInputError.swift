/// Why a source can't be read: what was attempted, on what, the library's words, and what to do about it.
public struct VideoInputError: Error, Sendable, CustomStringConvertible {
  public enum Kind: String, Sendable, CaseIterable {
    case notFound, isDirectory, empty, notAVideo, noVideoStream, unreadable
    /// A live stream or camera that can't be reached, or was lost.
    case unavailable
    case timedOut, authentication
    /// FFmpeg as installed can't do it, or it is larger than owlwatch takes.
    case unsupported
    /// `cancel()` was called while the stream was being opened.
    case cancelled
  }

  public var kind: Kind
  /// "open", "read", "decode", …
  public var attempted: String
  /// The source, passwords masked.
  public var source: String
  /// What FFmpeg or the system said, passwords masked; nil where neither had anything to do with it.
  public var libraryWords: String?
  public var remedy: String

  /// Masks passwords in `source` and, wherever it recurs, in `libraryWords`.
  public init(_ kind: Kind, attempted: String, source: String, libraryWords: String? = nil, remedy: String) {
    self.kind = kind
    self.attempted = attempted
    self.source = maskingPassword(in: source)
    self.libraryWords = libraryWords.map { $0 == source ? maskingPassword(in: $0) : maskingPasswords(inText: $0) }
    self.remedy = remedy
  }

  /// One line: `cannot open clip.mp4: not a video or picture that FFmpeg can read (moov atom not found); …`
  public var description: String {
    let words = libraryWords.map { " (\($0))" } ?? ""
    return "cannot \(attempted) \(source): \(kind.words)\(words); \(remedy)"
  }
}

extension VideoInputError.Kind {
  var words: String {
    switch self {
    case .notFound: "there is no such file or stream"
    case .isDirectory: "it is a directory"
    case .empty: "it is empty"
    case .notAVideo: "not a video or picture that FFmpeg can read"
    case .noVideoStream: "it has no video stream"
    case .unreadable: "it can't be read"
    case .unavailable: "the stream is unavailable"
    case .timedOut: "no answer in time"
    case .authentication: "user name or password is wrong or missing"
    case .unsupported: "not supported"
    case .cancelled: "stopped while opening"
    }
  }
}
