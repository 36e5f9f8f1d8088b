import Foundation

/// Where models come from and where they go, with the names that Hugging Face's own tools use.
public struct HubSettings: Sendable {
  /// `HF_ENDPOINT`, without a slash at its end.
  public var endpoint: String
  /// `HF_HUB_CACHE`, or `hub` in `HF_HOME`, or in `~/.cache/huggingface`.
  public var cache: String
  /// `HF_TOKEN`, or the file `token` in `HF_HOME`. Sent to the endpoint alone, never to a server it redirects to, never shown.
  public var token: String?
  /// `HF_HUB_OFFLINE`.
  public var isOffline: Bool
  /// Seconds to connect.
  public var connectTimeout = 15
  /// Seconds without a byte.
  public var stallTimeout = 30
  /// Further attempts, each of which resumes, after something that may pass: no connection, a stall, 5xx, 429, a body cut off.
  public var retries = 5
  /// Seconds before the first further attempt; doubled for each one after, at most 30.
  public var backoff = 1.0

  /// - Parameter environment: The process's own where it is nil.
  public init(environment: [String: String]? = nil) {
    let environment = environment ?? ProcessInfo.processInfo.environment
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    let home = value("HF_HOME") ?? (value("XDG_CACHE_HOME") ?? (value("HOME") ?? "/root") + "/.cache") + "/huggingface"
    var endpoint = value("HF_ENDPOINT") ?? "https://huggingface.co"
    while endpoint.hasSuffix("/") { endpoint.removeLast() }
    self.endpoint = endpoint
    cache = value("HF_HUB_CACHE") ?? home + "/hub"
    isOffline = ["1", "ON", "YES", "TRUE"].contains((value("HF_HUB_OFFLINE") ?? "").uppercased())
    let stored = try? String(contentsOfFile: value("HF_TOKEN_PATH") ?? home + "/token", encoding: .utf8)
    let token = (value("HF_TOKEN") ?? stored)?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
    // A token with a line break in it could smuggle a header.
    self.token = token.isEmpty || token.contains(where: { !$0.isASCII || $0.isNewline }) ? nil : token
  }
}
