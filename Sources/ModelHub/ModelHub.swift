import Foundation

/// Models by name: those bundled with owlwatch, those in the local Hugging Face cache, and how they get there.
public enum ModelHub {
  public static let bundledName = "owlwatch-nano"

  /// The directory of a model.
  /// - Parameters:
  ///   - name: A directory with a `config.json`, a name in the Hugging Face cache (`google/owlvit-base-patch32`, or with a revision,
  ///     `google/owlvit-base-patch32@main`), or the name of a bundled model; looked for in this order.
  ///   - searchDirectories: Directories that hold bundled models, the first match wins.
  /// - Throws: `HubError` that says where it looked.
  public static func resolve(_ name: String, searchDirectories: [String], settings: HubSettings = HubSettings()) throws(HubError) -> String {
    if isModel(name) { return name }
    if FileManager.default.fileExists(atPath: name) {
      throw HubError(.notFound, name, "has no config.json", remedy: "name a model directory in the Hugging Face layout")
    }
    let parts = name.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    if isRepository(parts[0]), parts.count == 1 || isRevision(parts[1]) {
      let cache = HubCache(parts[0], settings)
      let revision = parts.count == 2 ? parts[1] : "main"
      if let found = cache.directory(of: revision) { return found }
      if isPlainName(revision), isModel(cache.snapshot(revision)) { return cache.snapshot(revision) }
    }
    if isPlainName(name) {
      for directory in searchDirectories where isModel(directory + "/" + name) { return directory + "/" + name }
    }
    let remedy = isRepository(parts[0]) && name.contains("/") ? "fetch it with `owlwatch models pull \(name)`" : "`owlwatch models list` shows what is there"
    throw HubError(.notFound, "model \(name)", "is neither a model directory, nor in the cache \(settings.cache), nor bundled", remedy: remedy)
  }

  /// Where bundled models lie: beside an installed binary's `share`, or in the checkout that a built one lies in.
  /// - Parameter executable: Path of the running binary, links resolved.
  public static func searchDirectories(executable: String) -> [String] {
    var directory = (executable as NSString).deletingLastPathComponent
    var result = [directory + "/../share/owlwatch/models"]
    // .build/x86_64-unknown-linux-gnu/release lies three below the checkout.
    for _ in 0..<4 {
      result.append(directory + "/Models")
      directory = (directory as NSString).deletingLastPathComponent
    }
    return result
  }

  static func isModel(_ directory: String) -> Bool { FileManager.default.fileExists(atPath: directory + "/config.json") }

  /// `org/name`, or `name` alone as the hub's oldest models have it.
  static func isRepository(_ name: String) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    return (1...2).contains(parts.count) && parts.allSatisfy { isPlainName($0) && !$0.contains("--") }
  }

  /// A branch, a tag, a commit, `refs/pr/1`.
  static func isRevision(_ name: String) -> Bool {
    name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { isPlainName(String($0)) }
  }
}
