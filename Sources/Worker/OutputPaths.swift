import Foundation

/// No output may be an input, or another output: whichever is opened last would empty the other.
/// - Throws: `WorkerError`, usage, naming both.
public func checkOutputs(_ outputs: [(flag: String, path: String?)], inputs: [String]) throws {
  var taken = inputs.map { (name: "an input", file: FileOnDisk($0)) }
  for (flag, path) in outputs {
    guard let path, path != "-" else { continue }
    let file = FileOnDisk(path)
    guard !file.isDevice else { continue }
    if let other = taken.first(where: { $0.file == file }) {
      throw WorkerError(.usage, "\(flag) \(path): that is \(other.name), too, and would be written over; name another file")
    }
    taken.append((flag, file))
  }
}

/// Which file a path names, whatever the spelling and the links.
private struct FileOnDisk: Equatable {
  private let path: String
  private let device: UInt64, node: UInt64
  /// A pipe, a terminal, `/dev/null`: it holds nothing that could be lost.
  let isDevice: Bool

  init(_ path: String) {
    var status = stat()
    let exists = stat(path, &status) == 0
    device = exists ? UInt64(status.st_dev) : 0
    node = exists ? UInt64(status.st_ino) : 0
    isDevice = exists && ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
    // What is not there yet is told by its folder and its name. Two that are there by their numbers alone.
    let url = URL(filePath: path)
    self.path = exists ? "" : url.deletingLastPathComponent().resolvingSymlinksInPath().path + "/" + url.lastPathComponent
  }
}
