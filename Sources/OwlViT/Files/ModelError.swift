/// What is wrong with a model on disk: which file, which key or tensor in it, what was found there, and what to do about it.
///
/// Everything that reads a model throws this and nothing else; the wording lives with whoever finds the mistake, the
/// order of the words lives here.
public struct ModelError: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Kind: Sendable, Equatable {
    /// A file or directory is not there. Exit code 66.
    case notFound
    /// A file is there and cannot be read: permission, input/output error, changed while read. Exit code 66.
    case unreadable
    /// A file says something that is wrong, dangerous, or outside what owlwatch knows. Exit code 65.
    case malformed
    /// The matrix library or another thread is not to be had. Exit code 69.
    case unavailable
    /// Tensors cannot be written where they should go. Exit code 73.
    case notWritable
  }

  public var kind: Kind
  /// Path of the file or directory.
  public var file: String
  /// The key in a JSON file, the tensor in a weight file, the line of a merges file.
  public var key: String?
  /// What is wrong, with the value as it was found.
  public var problem: String
  /// What to do about it.
  public var remedy: String

  public init(_ kind: Kind, file: String, key: String? = nil, problem: String, remedy: String) {
    self.kind = kind
    self.file = file
    self.key = key
    self.problem = problem
    self.remedy = remedy
  }

  /// One line: `Models/mine/config.json: text_config.hidden_size: -3 is not a positive number; download the model again`.
  public var description: String {
    let place = key.map { "\(file): \($0)" } ?? file
    return "\(place): \(problem); \(remedy)"
  }

  /// sysexits.
  public var exitCode: Int32 {
    switch kind {
    case .malformed: 65
    case .notFound, .unreadable: 66
    case .unavailable: 69
    case .notWritable: 73
    }
  }

  /// The remedy for whatever a download can have broken.
  static let fetchAgain = "download the model again, or check it with `owlwatch models verify`"
}
