import Foundation

public struct PullProgress: Sendable, Equatable {
  /// The file that is being fetched.
  public var file: String
  /// Bytes of all files that are there, those of earlier runs included.
  public var done: Int
  /// Bytes of all files, as far as the server has said.
  public var total: Int
}

extension ModelHub {
  /// Fetches a model into the Hugging Face cache; what is there already is not fetched again, what was cut off goes on.
  ///
  /// Only the files that loading needs come. Each is checked by size and hash before it gets its name, and the revision points at
  /// the new files only when all are there. Blocks until done: never call it on Swift's cooperative threads.
  /// - Parameters:
  ///   - repository: `google/owlvit-base-patch32`.
  ///   - revision: A branch, a tag or a commit.
  ///   - progress: Called on this thread, at most every tenth of a second, and at each file's end.
  /// - Returns: The directory that `resolve` gives from now on.
  @discardableResult
  public static func pull(_ repository: String, revision: String = "main", settings: HubSettings = HubSettings(),
                          progress: (PullProgress) -> Void = { _ in }) throws(HubError) -> String {
    guard isRepository(repository) else {
      throw HubError(.usage, "model \"\(repository.prefix(80))\"", "is not a name on the hub", remedy: "names look like google/owlvit-base-patch32")
    }
    guard isRevision(revision) else {
      throw HubError(.usage, "revision \"\(revision.prefix(80))\"", "is not a branch, tag or commit", remedy: "leave it out for main")
    }
    let connection = try HubConnection(settings)
    let cache = HubCache(repository, settings)
    let listing = try list(repository, revision, connection)
    let files = try listing.needed(by: repository)
    try makeDirectory(cache.folder + "/blobs")
    try makeDirectory(cache.snapshot(listing.commit))

    return try withoutActuallyEscaping(progress) { (progress) throws(HubError) in
      let meter = ProgressMeter(total: files.reduce(0) { $0 &+ ($1.size ?? 0) }, report: progress)
      for file in files {
        var download = Download(url: "\(settings.endpoint)/\(repository)/resolve/\(listing.commit)/\(file.name)", file: file, cache: cache,
                                connection: connection) { done, size in meter.update(file, done: done, of: size) }
        let hash = try download.run()
        try cache.link(file.name, in: listing.commit, to: hash)
        meter.finish(file, size: sizeOnDisk(cache.blob(hash)) ?? 0)
      }
      try cache.point(revision, at: listing.commit)
      return cache.snapshot(listing.commit)
    }
  }

  private static func list(_ repository: String, _ revision: String, _ connection: HubConnection) throws(HubError) -> HubListing {
    let name = revision.replacingOccurrences(of: "/", with: "%2F")
    let url = "\(connection.settings.endpoint)/api/models/\(repository)/revision/\(name)?blobs=true"
    let body = try connection.persist { () throws(HubError) -> Data in
      var body = Data(), isTooLong = false
      _ = try connection.get(url) { _, bytes in
        // A retried or redirected answer never follows a partial one here: `get` starts afresh.
        body.append(contentsOf: bytes)
        isTooLong = body.count > 8 << 20
        return !isTooLong
      }
      guard !isTooLong else { throw HubError(.damaged, "GET \(url)", "the answer has more than 8 MB", remedy: "check HF_ENDPOINT") }
      return body
    }
    return try HubListing(body, of: url)
  }
}
