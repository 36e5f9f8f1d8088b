import Foundation

/// What a check of one file of a model found.
public struct FileReport: Sendable, Equatable {
  public enum State: Sendable, Equatable {
    /// The content has the hash on record.
    case verified
    /// Nothing on record to compare with.
    case unrecorded
    case damaged(expected: String, found: String)
    /// On record, and not there.
    case missing
  }
  public var name: String
  public var bytes: Int
  public var state: State
}

extension ModelHub {
  /// Reads every file of a model and compares it with what is on record: in the Hugging Face cache the blob's name is the content's
  /// hash; elsewhere a `SHA256SUMS` in the directory, as `sha256sum` writes it, has them. Whether the files make a model that loads
  /// is for `ModelDirectory.open` to say.
  /// - Returns: One report a file, sorted by name.
  public static func verify(_ directory: String) throws(HubError) -> [FileReport] {
    guard isModel(directory) else {
      throw HubError(.notFound, directory, "is not a model: there is no config.json in it", remedy: "name a model directory in the Hugging Face layout")
    }
    let records = try recorded(in: directory)
    var reports: [FileReport] = []
    let present = names(in: directory).filter { $0 != "SHA256SUMS" }
    for name in present {
      let path = directory + "/" + name
      guard let bytes = sizeOnDisk(path) else {
        // A link into the cache whose blob is gone.
        if (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil {
          reports.append(FileReport(name: name, bytes: 0, state: .missing))
        }
        continue
      }
      guard let expected = records[name] ?? blobName(path) else {
        reports.append(FileReport(name: name, bytes: bytes, state: .unrecorded))
        continue
      }
      let found = try FileHash.of(path, like: expected)
      reports.append(FileReport(name: name, bytes: bytes, state: found == expected ? .verified : .damaged(expected: expected, found: found)))
    }
    for name in records.keys where !present.contains(name) { reports.append(FileReport(name: name, bytes: 0, state: .missing)) }
    return reports.sorted { $0.name < $1.name }
  }

  /// The hash a snapshot's link points at, or nil where it isn't one.
  private static func blobName(_ path: String) -> String? {
    guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path) else { return nil }
    let name = (target as NSString).lastPathComponent
    return isHash(name) ? name.lowercased() : nil
  }

  private static func recorded(in directory: String) throws(HubError) -> [String: String] {
    let file = directory + "/SHA256SUMS"
    guard let size = sizeOnDisk(file) else { return [:] }
    guard size < 1 << 20, let text = try? String(contentsOfFile: file, encoding: .utf8) else {
      throw HubError(.damaged, file, "cannot be read as text", remedy: "write it again with sha256sum, or remove it")
    }
    var result: [String: String] = [:]
    for (number, line) in text.split(separator: "\n").enumerated() {
      let hash = String(line.prefix(64)), name = line.dropFirst(64).drop { $0 == " " || $0 == "*" }
      guard hash.utf8.count == 64, isHash(hash), !name.isEmpty, !name.contains("/") else {
        throw HubError(.damaged, "\(file), line \(number + 1)", "is not a hash and a file's name", remedy: "write it again with sha256sum, or remove it")
      }
      result[String(name)] = hash.lowercased()
    }
    return result
  }
}
