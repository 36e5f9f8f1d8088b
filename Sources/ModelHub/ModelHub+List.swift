import Foundation

/// A model that is there to be used by name.
public struct InstalledModel: Sendable, Equatable {
  public enum Source: String, Sendable, Equatable {
    case bundled, cache
  }
  /// What `--model` takes.
  public var name: String
  public var path: String
  public var source: Source
  /// `owlvit`, `owlv2`.
  public var kind: String
  /// Bytes of its files.
  public var bytes: Int
  /// The commit, for models of the cache.
  public var revision: String?
}

extension ModelHub {
  /// All models that can be named: the bundled ones, then those in the Hugging Face cache, each sorted by name. Models of other kinds
  /// in the cache are left out.
  public static func list(searchDirectories: [String], settings: HubSettings = HubSettings()) -> [InstalledModel] {
    var result: [InstalledModel] = []
    for directory in searchDirectories {
      for name in names(in: directory) where !result.contains(where: { $0.name == name }) {
        result += model(name, at: directory + "/" + name, .bundled, revision: nil)
      }
    }
    result.sort { $0.name < $1.name }
    for folder in names(in: settings.cache) where folder.hasPrefix("models--") {
      let repository = folder.dropFirst("models--".count).replacingOccurrences(of: "--", with: "/")
      let cache = HubCache(repository, settings)
      for revision in names(in: cache.folder + "/refs") {
        guard let path = cache.directory(of: revision) else { continue }
        result += model(revision == "main" ? repository : "\(repository)@\(revision)", at: path, .cache,
                        revision: (path as NSString).lastPathComponent)
      }
    }
    return result
  }

  private static func model(_ name: String, at path: String, _ source: InstalledModel.Source, revision: String?) -> [InstalledModel] {
    struct Config: Decodable { var model_type: String? }
    guard let size = sizeOnDisk(path + "/config.json"), size < 1 << 20, let data = FileManager.default.contents(atPath: path + "/config.json"),
          let kind = (try? JSONDecoder().decode(Config.self, from: data))?.model_type, ["owlvit", "owlv2"].contains(kind) else { return [] }
    let bytes = names(in: path).reduce(0) { $0 + (sizeOnDisk(path + "/" + $1) ?? 0) }
    return [InstalledModel(name: name, path: path, source: source, kind: kind, bytes: bytes, revision: revision)]
  }

  /// Names in a directory, sorted; none where there is no such directory.
  static func names(in directory: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).sorted()
  }
}
