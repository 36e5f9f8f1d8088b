import Foundation

/// The inputs of `analyze`: files, folders and stream files, and what a list of them says.
public enum InputList {
  /// What counts as a video in a folder; a file that is named is tried whatever its name.
  static let extensions: Set<String> = [
    "3gp", "asf", "avi", "dav", "divx", "flv", "gif", "h264", "h265", "hevc", "m2ts", "m4v", "mkv", "mjpeg", "mjpg", "mov", "mp4",
    "mpeg", "mpg", "mts", "mxf", "ogv", "ts", "vob", "webm", "wmv", "y4m",
  ]

  /// - Parameter path: a file with an input a line; `-`: standard input. Empty lines are skipped.
  public static func lines(of path: String) throws -> [String] {
    let data: Data
    if path == "-" { data = FileHandle.standardInput.readDataToEndOfFile() } else {
      guard let read = FileManager.default.contents(atPath: path) else {
        throw WorkerError(.noInput, "\(path): cannot read this list of files; name an existing text file, or - for standard input")
      }
      data = read
    }
    return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init).filter { !$0.allSatisfy(\.isWhitespace) }
  }

  /// Settings of every input, flags over files; folders become their videos in order of name.
  public static func expand(_ names: [String], flags: StreamSettings) throws -> [StreamSettings] {
    try names.flatMap { name throws -> [StreamSettings] in
      if isStreamFile(name) { return [flags.over(try StreamSettings.load(path: name))] }
      return try files(in: name).map { path in
        var settings = flags
        settings.source = path
        return settings
      }
    }
  }

  /// A stream's file, told from a video by its name.
  public static func isStreamFile(_ name: String) -> Bool { name.hasSuffix(".yaml") || name.hasSuffix(".yml") }

  private static func files(in name: String) throws -> [String] {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: name, isDirectory: &isDirectory), isDirectory.boolValue else { return [name] }
    guard let walk = FileManager.default.enumerator(atPath: name) else {
      throw WorkerError(.noInput, "\(name): cannot read this folder; check its permissions")
    }
    let videos = walk.compactMap { $0 as? String }.filter { extensions.contains(URL(filePath: $0).pathExtension.lowercased()) }.sorted()
    guard !videos.isEmpty else { throw WorkerError(.noInput, "\(name): no video files in this folder") }
    return videos.map { name.hasSuffix("/") ? name + $0 : name + "/" + $0 }
  }
}
