import Foundation
import Testing

/// Holds the house table: a target imports only floors below its own; rooms on one floor don't know each other.
@Suite struct HouseTests {
  static let floors: [String: Int] = [
    "CFFmpeg": 0, "COneDNN": 0, "COpenBLAS": 0, "CKernels": 0, "CCairo": 0, "CCurl": 0, "CZlib": 0,
    "Scene": 1,
    "Tensors": 2, "Configuration": 2,
    "VideoInput": 3, "Regions": 3, "OwlViT": 3, "Tracking": 3, "EventLog": 3, "Canvas": 3, "ModelHub": 3,
    "RuleEngine": 4, "Worker": 5, "owlwatch": 6,
  ]

  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  struct Import: CustomStringConvertible {
    let file: String, room: String, imported: String
    var description: String { "\(file) imports \(imported)" }
  }

  static func imports() throws -> [Import] {
    let sources = root.appending(path: "Sources").path
    let pattern = /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|func|protocol|typealias|let|var)\s+)?(\w+)/
    var found: [Import] = []
    for case let path as String in FileManager.default.enumerator(atPath: sources) ?? .init() where path.hasSuffix(".swift") {
      let room = String(path.prefix { $0 != "/" })
      for line in try String(contentsOfFile: sources + "/" + path, encoding: .utf8).split(separator: "\n") {
        if let match = line.firstMatch(of: pattern) { found.append(Import(file: path, room: room, imported: String(match.1))) }
      }
    }
    return found
  }

  @Test func everyRoomStandsInTheTable() throws {
    let rooms = try FileManager.default.contentsOfDirectory(atPath: Self.root.appending(path: "Sources").path)
    #expect(Set(rooms) == Set(Self.floors.keys))
  }

  @Test func importsPointDown() throws {
    let imports = try Self.imports()
    #expect(imports.count > 20, "the imports were not read")
    for one in imports {
      guard let below = Self.floors[one.imported] else { continue }
      let own = try #require(Self.floors[one.room], "\(one.room) is not in the table")
      #expect(below < own, "\(one) from floor \(own) to floor \(below)")
    }
  }

  @Test func plainValuesKnowNoFoundation() throws {
    for one in try Self.imports() where one.room == "Scene" {
      #expect(!one.imported.hasPrefix("Foundation"), "\(one)")
    }
  }
}
