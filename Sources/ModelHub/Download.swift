import Foundation

/// Fetches one file of a model into the cache's `blobs`.
struct Download {
  let url: String
  var file: HubListing.File
  let cache: HubCache
  let connection: HubConnection
  /// Gets the bytes that are there so far, and how many there will be.
  let progress: (Int, Int) -> Void

  /// - Returns: The blob's name, the hash it was checked against.
  mutating func run() throws(HubError) -> String {
    if file.hash == nil || file.size == nil { try ask() }
    guard let hash = file.hash, let size = file.size else {
      throw HubError(.damaged, "GET \(withoutQuery(url))", "the server says neither in its listing nor in its headers which size and hash the file has",
                     remedy: "check HF_ENDPOINT")
    }
    if sizeOnDisk(cache.blob(hash)) == size {
      progress(size, size)
      return hash
    }
    let partial = try PartialFile(cache.blob(hash) + ".incomplete")
    let isResumed = partial.size > 0
    do throws(HubError) { try fill(partial, to: size, hash: hash) } catch {
      // What an earlier run left behind may be to blame: once more from the start.
      guard error.kind == .damaged, isResumed else { throw error }
      try fill(partial, to: size, hash: hash)
    }
    try partial.finish(as: cache.blob(hash))
    return hash
  }

  /// Size and hash from the headers of a request that is given up at once, for servers whose listing lacks them.
  private mutating func ask() throws(HubError) {
    let response = try connection.persist { () throws(HubError) in try connection.get(url) { _, _ in false } }
    let tag = (response.headers["x-linked-etag"] ?? response.headers["etag"] ?? "").trimmingCharacters(in: CharacterSet(charactersIn: "W/\""))
    if file.hash == nil, isHash(tag) { file.hash = tag.lowercased() }
    if file.size == nil { file.size = (response.headers["x-linked-size"] ?? response.headers["content-length"]).flatMap { Int($0) } }
    if let size = file.size, size < 0 { file.size = nil }
  }

  private func fill(_ partial: PartialFile, to size: Int, hash: String) throws(HubError) {
    if partial.size > size { try partial.empty() }
    while partial.size < size {
      try connection.persist(progress: { partial.size }) { () throws(HubError) in
        try step(partial, to: size)
        guard partial.size >= size else {
          throw HubError(.unavailable, "GET \(withoutQuery(url))", "the body ended after \(partial.size) of \(size) bytes",
                         remedy: "run the same command again: it goes on where it stopped")
        }
      }
    }
    let found = try FileHash.of(partial.path, like: hash)
    guard found == hash else {
      try partial.empty()
      throw HubError(.damaged, "GET \(withoutQuery(url))", "the content's hash is \(found), not \(hash) as announced",
                     remedy: "try again; if it stays so, the server or something on the way to it is wrong")
    }
  }

  /// One request for what is still missing.
  private func step(_ partial: PartialFile, to size: Int) throws(HubError) {
    let offset = partial.size
    var failure: HubError?, isFirst = true
    let response = try connection.get(url, from: offset) { response, bytes in
      do throws(HubError) {
        if isFirst {
          isFirst = false
          try accept(response, partial, from: offset)
        }
        guard partial.size + bytes.count <= size else {
          throw HubError(.damaged, "GET \(withoutQuery(url))", "more comes than the \(size) bytes that were announced", remedy: "try again")
        }
        try partial.append(bytes)
        progress(partial.size, size)
        return true
      } catch {
        failure = error
        return false
      }
    }
    if let failure {
      if failure.kind == .damaged { try partial.empty() }
      throw failure
    }
    // 416: what is here is no beginning of what is there.
    if response.status == 416 { try partial.empty() }
  }

  /// A server may ignore the range and send everything, or another range than was asked for.
  private func accept(_ response: Transfer.Response, _ partial: PartialFile, from offset: Int) throws(HubError) {
    if response.status == 200 { return try partial.size > 0 ? partial.empty() : () }
    guard response.headers["content-range"]?.lowercased().hasPrefix("bytes \(offset)-") == true else {
      throw HubError(.damaged, "GET \(withoutQuery(url))", "another range came than was asked for", remedy: "try again")
    }
  }
}

/// Bytes of a regular file, or nil.
func sizeOnDisk(_ path: String) -> Int? {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
}
