private let secretKeys: Set<Substring> = ["password", "passwd", "pass", "pwd", "token", "secret", "key", "auth", "apikey", "api_key"]

/// The source with the password of a URL, and values of query keys that name a secret, replaced by `***`.
/// Anything that isn't a URL comes back as it is.
public func maskingPassword(in source: String) -> String {
  guard let scheme = source.firstRange(of: "://") else { return source }
  let rest = source[scheme.upperBound...]
  let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
  var masked = String(source[..<scheme.upperBound])
  var tail = rest
  if let at = endOfUserInfo(rest, authorityEnd: end) {
    let user = rest[..<at].prefix { $0 != ":" }
    masked += user.endIndex < at ? "\(user):***" : user
    tail = rest[at...]
  }
  return masked + maskingQuery(tail)
}

/// The `@` that ends user name and password. A password that was not percent-encoded may itself hold `/`: then what stands
/// where a port would stand is no number, and the last `@` counts.
private func endOfUserInfo(_ rest: Substring, authorityEnd: Substring.Index) -> Substring.Index? {
  if let at = rest[..<authorityEnd].lastIndex(of: "@") { return at }
  guard let colon = rest[..<authorityEnd].firstIndex(of: ":"), rest.first != "[",
        !rest[rest.index(after: colon)..<authorityEnd].allSatisfy(\.isNumber) else { return nil }
  return rest.lastIndex(of: "@")
}

private func maskingQuery(_ tail: Substring) -> String {
  guard let mark = tail.firstIndex(of: "?") else { return String(tail) }
  let fields = tail[tail.index(after: mark)...].split(separator: "&", omittingEmptySubsequences: false).map { field -> Substring in
    guard let equals = field.firstIndex(of: "="), secretKeys.contains(Substring(field[..<equals].lowercased())) else { return field }
    return field[...equals] + "***"
  }
  return tail[...mark] + fields.joined(separator: "&")
}

/// Masks every URL among the words of a text.
func maskingPasswords(inText text: String) -> String {
  text.split(separator: " ", omittingEmptySubsequences: false).map { maskingPassword(in: String($0)) }.joined(separator: " ")
}
