import Foundation

// The layout is that of huggingface_hub's cache, so that one download serves owlwatch and Python alike:
//   models--ORG--NAME/blobs/HASH              contents, named by sha256 (large files) or git's blob sha1 (small ones)
//   models--ORG--NAME/snapshots/COMMIT/FILE   symbolic link to ../../blobs/HASH
//   models--ORG--NAME/refs/REVISION           text: COMMIT; written last, so that it never points at half a model

/// One model's place in the cache.
struct HubCache {
  let folder: String

  init(_ repository: String, _ settings: HubSettings) {
    folder = settings.cache + "/models--" + repository.replacingOccurrences(of: "/", with: "--")
  }

  func blob(_ hash: String) -> String { folder + "/blobs/" + hash }
  func snapshot(_ commit: String) -> String { folder + "/snapshots/" + commit }
  func reference(_ revision: String) -> String { folder + "/refs/" + revision }

  /// The directory of a revision that has been pulled, or nil.
  func directory(of revision: String = "main") -> String? {
    guard let text = try? String(contentsOfFile: reference(revision), encoding: .utf8) else { return nil }
    let commit = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard isPlainName(commit), ModelHub.isModel(snapshot(commit)) else { return nil }
    return snapshot(commit)
  }

  func link(_ file: String, in commit: String, to hash: String) throws(HubError) {
    let path = snapshot(commit) + "/" + file, temporary = path + ".link"
    unlink(temporary)
    guard symlink("../../blobs/" + hash, temporary) == 0, rename(temporary, path) == 0 else { throw .disk(path, "cannot be linked") }
  }

  func point(_ revision: String, at commit: String) throws(HubError) {
    let path = reference(revision)
    try makeDirectory((path as NSString).deletingLastPathComponent)
    do { try Data(commit.utf8).write(to: URL(fileURLWithPath: path), options: .atomic) } catch { throw .disk(path, "cannot be written") }
  }
}

func makeDirectory(_ path: String) throws(HubError) {
  do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
    throw .disk(path, "cannot be created")
  }
}

/// Letters, digits, `.`, `_`, `-`: one path component that stays where it is put.
func isPlainName(_ name: String) -> Bool {
  !name.isEmpty && name.utf8.count <= 200 && !name.hasPrefix(".") && !name.contains("..")
    && name.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 45 || $0 == 46 || $0 == 95 }
}

extension HubError {
  /// A system call that has just failed, with its words.
  static func disk(_ path: String, _ problem: String) -> HubError {
    HubError(.disk, path, "\(problem): \(String(cString: strerror(errno)))",
             remedy: "check space and permissions there, or set HF_HOME to another place")
  }
}
