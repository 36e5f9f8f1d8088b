/// Why a model could not be found, fetched or checked.
public struct HubError: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Kind: Sendable, Equatable {
    /// A name or setting that can't be right. Exit code 64.
    case usage
    /// No such model, revision or file. Exit code 66.
    case notFound
    /// 401, 403: private, gated, or a token that isn't valid. Exit code 66.
    case unauthorized
    /// The server can't be reached, fails, or stalls. Exit code 69.
    case unavailable
    /// What came differs in size or hash, or is no answer that makes sense. Exit code 65.
    case damaged
    /// The disk: full, read-only, no permission. Exit code 74.
    case disk
  }

  public var kind: Kind
  /// What was attempted on what: `GET https://…/config.json`.
  public var subject: String
  public var problem: String
  public var remedy: String

  init(_ kind: Kind, _ subject: String, _ problem: String, remedy: String) {
    self.kind = kind
    self.subject = Self.withoutCredentials(subject)
    self.problem = Self.withoutCredentials(problem)
    self.remedy = remedy
  }

  /// User name and password of an address, as an `HF_ENDPOINT` may hold them, are shown as `***`.
  private static func withoutCredentials(_ text: String) -> String {
    guard let scheme = text.firstRange(of: "://") else { return text }
    let host = text[scheme.upperBound...].prefix { !"/?# \"".contains($0) }
    guard let at = host.lastIndex(of: "@") else { return text }
    return text[..<scheme.upperBound] + "***" + text[at...]
  }

  public var description: String { "\(subject): \(problem); \(remedy)" }

  public var exitCode: Int32 {
    switch kind {
    case .usage: 64
    case .damaged: 65
    case .notFound, .unauthorized: 66
    case .unavailable: 69
    case .disk: 74
    }
  }
}
