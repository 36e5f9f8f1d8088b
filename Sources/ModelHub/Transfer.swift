import CCurl
import Foundation

/// One libcurl handle, which keeps its connection from request to request. Not for several threads at once.
final class Transfer {
  struct Response {
    var status: Int
    /// Names in lower case.
    var headers: [String: String]
    /// Where a redirect points, absolute.
    var location: String?
  }

  /// What libcurl's callbacks see.
  private final class Context {
    var headers: [String: String] = [:]
    var status = 0
    /// False ends the transfer.
    let take: (Response, UnsafeRawBufferPointer) -> Bool
    init(take: @escaping (Response, UnsafeRawBufferPointer) -> Bool) { self.take = take }

    func header(_ line: String) {
      if line.hasPrefix("HTTP/") {
        headers = [:]
        status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
      } else if let colon = line.firstIndex(of: ":") {
        headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespacesAndNewlines)
      }
    }
  }

  private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  private let handle: UnsafeMutableRawPointer
  private let settings: HubSettings

  init(_ settings: HubSettings) throws(HubError) {
    guard Self.isReady, let handle = curl_easy_init() else {
      throw HubError(.unavailable, "libcurl", "cannot be started", remedy: "check the memory that is left")
    }
    self.handle = handle
    self.settings = settings
  }

  deinit { curl_easy_cleanup(handle) }

  /// One GET without following redirects.
  /// - Parameter take: Gets the body piece by piece, with the status and headers it belongs to; false ends the transfer.
  /// - Throws: `HubError.unavailable` where no whole answer came.
  func get(_ url: String, headers: [String], take: @escaping (Response, UnsafeRawBufferPointer) -> Bool) throws(HubError) -> Response {
    let context = Context(take: take)
    var list: UnsafeMutablePointer<curl_slist>?
    for header in headers { list = curl_slist_append(list, header) }
    defer { curl_slist_free_all(list) }
    let pointer = Unmanaged.passUnretained(context).toOpaque()
    curl_easy_reset(handle)
    try check(owl_curl_set_text(handle, CURLOPT_URL, url), url)
    try check(owl_curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https"), url)
    try check(owl_curl_set_text(handle, CURLOPT_USERAGENT, "owlwatch"), url)
    try check(owl_curl_set_number(handle, CURLOPT_NOSIGNAL, 1), url)
    try check(owl_curl_set_number(handle, CURLOPT_CONNECTTIMEOUT, settings.connectTimeout), url)
    try check(owl_curl_set_number(handle, CURLOPT_LOW_SPEED_LIMIT, 1), url)
    try check(owl_curl_set_number(handle, CURLOPT_LOW_SPEED_TIME, settings.stallTimeout), url)
    try check(owl_curl_set_pointer(handle, CURLOPT_HTTPHEADER, list), url)
    try check(owl_curl_set_pointer(handle, CURLOPT_WRITEDATA, pointer), url)
    try check(owl_curl_set_pointer(handle, CURLOPT_HEADERDATA, pointer), url)
    try check(owl_curl_set_take(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
      let context = Unmanaged<Context>.fromOpaque(context!).takeUnretainedValue()
      context.header(String(decoding: UnsafeRawBufferPointer(start: bytes, count: size * count), as: UTF8.self))
      return size * count
    }, url)
    try check(owl_curl_set_take(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
      let context = Unmanaged<Context>.fromOpaque(context!).takeUnretainedValue()
      let response = Response(status: context.status, headers: context.headers)
      return context.take(response, UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
    }, url)
    let code = withExtendedLifetime(context) { curl_easy_perform(handle) }
    var response = Response(status: context.status, headers: context.headers)
    // 23: `take` wanted no more, and knows why.
    if code != CURLE_WRITE_ERROR { try check(code, url) }
    var location: UnsafeMutablePointer<CChar>?
    try check(owl_curl_get_text(handle, CURLINFO_REDIRECT_URL, &location), url)
    response.location = location.map { String(cString: $0) }
    return response
  }

  /// The one place where libcurl's codes become errors.
  private func check(_ code: CURLcode, _ url: String) throws(HubError) {
    guard code != CURLE_OK else { return }
    let remedy = code == CURLE_PARTIAL_FILE || code == CURLE_OPERATION_TIMEDOUT
      ? "run the same command again: it goes on where it stopped" : "check the network, the proxy settings and HF_ENDPOINT"
    throw HubError(.unavailable, "GET \(withoutQuery(url))", String(cString: curl_easy_strerror(code)), remedy: remedy)
  }
}

/// Addresses that storage servers hand out carry a signature in their query, which is as good as a token.
func withoutQuery(_ url: String) -> String { String(url.prefix { $0 != "?" }) }
