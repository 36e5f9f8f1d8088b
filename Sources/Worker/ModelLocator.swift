import Foundation
import ModelHub
public import OwlViT

/// Finds models: bundled with owlwatch, pulled, in the Hugging Face cache, or a directory.
public enum ModelLocator {
  public static let bundledName = "owlwatch-nano"

  /// Folders that may hold bundled models, from the executable's own place: installed (`bin/../share/owlwatch/models`) or in a
  /// build folder below the checkout (`Models`). `OWLWATCH_MODELS` comes first.
  public static var searchDirectories: [String] {
    var folders: [String] = []
    if let named = ProcessInfo.processInfo.environment["OWLWATCH_MODELS"], !named.isEmpty { folders.append(named) }
    var folder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    folders.append(folder.deletingLastPathComponent().appending(path: "share/owlwatch/models").path)
    for _ in 0..<5 {
      folders.append(folder.appending(path: "Models").path)
      folder = folder.deletingLastPathComponent()
    }
    return folders
  }

  /// - Parameter name: a directory, a pulled name, a name in the Hugging Face cache, or nil for the bundled model.
  public static func open(_ name: String?) throws -> ModelDirectory {
    let path = try ModelHub.resolve(name ?? bundledName, searchDirectories: searchDirectories)
    return try ModelDirectory.open(path)
  }
}
