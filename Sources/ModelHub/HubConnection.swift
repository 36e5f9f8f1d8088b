import Foundation

/// Requests to one endpoint: redirects, the token, waiting and trying again.
final class HubConnection {
  let settings: HubSettings
  private let transfer: Transfer

  init(_ settings: HubSettings) throws(HubError) {
    guard !settings.isOffline else {
      throw HubError(.unavailable, settings.endpoint, "HF_HUB_OFFLINE is set", remedy: "unset it to fetch a model")
    }
    guard settings.endpoint.hasPrefix("http://") || settings.endpoint.hasPrefix("https://") else {
      throw HubError(.usage, "HF_ENDPOINT", "is \"\(settings.endpoint)\", not an http or https address", remedy: "correct it or unset it")
    }
    self.settings = settings
    transfer = try Transfer(settings)
  }

  /// A GET that follows redirects and gives the body of 200 and 206 to `take`.
  /// - Returns: The last answer, with the headers of all on the way: the hub says size and hash before it redirects to storage.
  /// - Throws: for every status but 200, 206 and 416.
  func get(_ url: String, from offset: Int = 0, take: @escaping (Transfer.Response, UnsafeRawBufferPointer) -> Bool) throws(HubError) -> Transfer.Response {
    var url = url, gathered: [String: String] = [:]
    for _ in 0..<8 {
      var headers: [String] = offset > 0 ? ["Range: bytes=\(offset)-"] : []
      if let token = settings.token, Self.origin(url) == Self.origin(settings.endpoint) { headers.append("Authorization: Bearer \(token)") }
      var ignored = 0
      var response = try transfer.get(url, headers: headers) { response, bytes in
        if response.status == 200 || response.status == 206 { return take(response, bytes) }
        ignored += bytes.count
        return ignored < 1 << 20
      }
      gathered.merge(response.headers) { _, new in new }
      response.headers = gathered
      guard (300..<400).contains(response.status), let next = response.location else {
        try check(response, url)
        return response
      }
      guard !(url.hasPrefix("https:") && next.hasPrefix("http:")) else {
        throw HubError(.damaged, "GET \(withoutQuery(url))", "redirects from https to plain http", remedy: "check HF_ENDPOINT")
      }
      url = next
    }
    throw HubError(.damaged, "GET \(withoutQuery(url))", "redirects more than 8 times", remedy: "check HF_ENDPOINT")
  }

  /// Runs `attempt` until it succeeds, fails for good, or has failed `retries` times more without getting further.
  func persist<Result>(progress: () -> Int = { 0 }, _ attempt: () throws(HubError) -> Result) throws(HubError) -> Result {
    var failures = 0, furthest = progress()
    while true {
      do throws(HubError) { return try attempt() } catch {
        guard error.kind == .unavailable else { throw error }
        if progress() > furthest { (failures, furthest) = (0, progress()) }
        guard failures < settings.retries else { throw error }
        Thread.sleep(forTimeInterval: min(30, settings.backoff * Double(1 << min(failures, 10))))
        failures += 1
      }
    }
  }

  private func check(_ response: Transfer.Response, _ url: String) throws(HubError) {
    let subject = "GET \(withoutQuery(url))"
    switch response.status {
    case 200, 206, 416: return
    case 401, 403:
      let remedy = settings.token == nil ? "set HF_TOKEN to a token that may read it, and check the name"
        : "check that HF_TOKEN is valid, that it may read this model, and that its terms were accepted on its page"
      throw HubError(.unauthorized, subject, "answered \(response.status): the model is private or gated, or doesn't exist", remedy: remedy)
    case 404, 410: throw HubError(.notFound, subject, "answered \(response.status)", remedy: "check the model's name and the revision")
    case 408, 429, 500...599:
      throw HubError(.unavailable, subject, "answered \(response.status)", remedy: "try again later: it goes on where it stopped")
    default: throw HubError(.damaged, subject, "answered \(response.status)", remedy: "check HF_ENDPOINT")
    }
  }

  /// Scheme, host and port.
  private static func origin(_ url: String) -> String {
    let parts = URLComponents(string: url)
    let scheme = (parts?.scheme ?? "").lowercased()
    return "\(scheme)://\((parts?.host ?? "").lowercased()):\(parts?.port ?? (scheme == "https" ? 443 : 80))"
  }
}
