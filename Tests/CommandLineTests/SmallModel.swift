import Foundation
import Testing

/// A model of Tests/Golden in a folder of its own, to be used as it is or broken in one place.
struct SmallModel {
  static let golden = Owlwatch.root.appending(path: "Tests/Golden").path
  let path: String

  /// Copies a fixture into a scratch folder.
  init(_ name: String = "owlvit-odd", in scratch: Scratch) throws {
    path = scratch.path + "/model-" + UUID().uuidString
    try FileManager.default.copyItem(atPath: Self.golden + "/" + name, toPath: path)
  }

  func bytes(_ file: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path + "/" + file))) }
  func write(_ bytes: [UInt8], _ file: String) throws { try Data(bytes).write(to: URL(filePath: path + "/" + file)) }
  func remove(_ file: String) throws { try FileManager.default.removeItem(atPath: path + "/" + file) }

  /// Changes a JSON file's value at a path of keys.
  func set(_ value: Any, _ keys: String..., in file: String) throws {
    func change(_ object: [String: Any], _ keys: ArraySlice<String>) -> [String: Any] {
      var object = object
      let key = keys.first!
      object[key] = keys.count == 1 ? value : change(object[key] as? [String: Any] ?? [:], keys.dropFirst())
      return object
    }
    let object = try #require(try JSONSerialization.jsonObject(with: Data(bytes(file))) as? [String: Any])
    try JSONSerialization.data(withJSONObject: change(object, keys[...])).write(to: URL(filePath: path + "/" + file))
  }

  /// Changes the header of the safetensors file; the numbers stay.
  func setHeader(_ change: (inout [String: [String: Any]]) throws -> Void) throws {
    let file = try bytes("model.safetensors"), length = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    var header = try #require(try JSONSerialization.jsonObject(with: Data(file[8..<8 + length])) as? [String: [String: Any]])
    try change(&header)
    let text = [UInt8](try JSONSerialization.data(withJSONObject: header))
    try write((0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text + file[(8 + length)...], "model.safetensors")
  }
}

/// A picture without a library: P6, read by FFmpeg.
func portablePixmap(width: Int, height: Int, pixel: (Int, Int) -> (Int, Int, Int)) -> [UInt8] {
  var bytes = Array("P6\n\(width) \(height)\n255\n".utf8)
  for y in 0..<height {
    for x in 0..<width {
      let (red, green, blue) = pixel(x, y)
      bytes += [red, green, blue].map { UInt8(truncatingIfNeeded: $0) }
    }
  }
  return bytes
}

extension Scratch {
  /// A small picture of stripes.
  func picture(width: Int = 61, height: Int = 40) throws -> String {
    try file("picture-\(width)x\(height).ppm", bytes: portablePixmap(width: width, height: height) { x, y in (x * 4, y * 6, (x * 7 + y * 13) % 256) })
  }

  /// A picture that the ffmpeg command makes: `source` is one of its test sources.
  func ffmpeg(_ source: String, _ arguments: [String] = [], to name: String) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", source, "-frames:v", "1"] + arguments + [path + "/" + name]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return path + "/" + name
  }
}
