import Foundation
import ModelHub
import Testing

/// What is on this machine: found by name, listed, verified.
@Suite struct InstalledTests {
  @Test func aDirectoryComesBeforeTheCacheAndTheCacheBeforeBundledModels() throws {
    let cache = try Cache()
    let bundled = cache.home + "/bundled"
    try FileManager.default.createDirectory(atPath: bundled, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: HubServer.fixture, toPath: bundled + "/small")
    func resolve(_ name: String) throws -> String { try ModelHub.resolve(name, searchDirectories: ["/nowhere", bundled], settings: cache.settings) }
    #expect(try resolve("small") == bundled + "/small")
    #expect(try resolve(HubServer.fixture) == HubServer.fixture)
    let error = #expect(throws: HubError.self) { try resolve("plain/absent") }
    #expect(error?.kind == .notFound && error?.remedy.contains("owlwatch models pull plain/absent") == true)
    #expect(#expect(throws: HubError.self) { try resolve(bundled) }?.problem == "has no config.json")
    #expect(#expect(throws: HubError.self) { try resolve("smal") }?.remedy.contains("models list") == true)
  }

  @Test func listedAreBundledModelsThenThoseOfTheCache() throws {
    let cache = try Cache()
    let bundled = cache.home + "/bundled"
    try FileManager.default.createDirectory(atPath: bundled + "/other", withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: HubServer.fixture, toPath: bundled + "/small")
    try #"{"model_type": "bert"}"#.write(toFile: bundled + "/other/config.json", atomically: true, encoding: .utf8)
    let path = try cache.pull("plain/listed")
    let list = ModelHub.list(searchDirectories: [bundled, bundled], settings: cache.settings)
    #expect(list.map(\.name) == ["small", "plain/listed"])
    #expect(list.map(\.source) == [.bundled, .cache] && list.map(\.kind) == ["owlvit", "owlvit"])
    #expect(list[1].path == path && list[1].revision == PullTests.commit && list[1].bytes > PullTests.weights)
  }

  @Test func aPulledModelIsVerifiedByItsBlobs() throws {
    let cache = try Cache()
    let path = try cache.pull("plain/verified")
    #expect(try ModelHub.verify(path).allSatisfy { $0.state == .verified })
    // One bit flips, one blob goes.
    var bytes = try Data(contentsOf: URL(filePath: path + "/model.safetensors"))
    bytes[100_000] ^= 4
    try bytes.write(to: URL(filePath: path + "/model.safetensors").resolvingSymlinksInPath())
    try FileManager.default.removeItem(at: URL(filePath: path + "/merges.txt").resolvingSymlinksInPath())
    let states = Dictionary(uniqueKeysWithValues: try ModelHub.verify(path).map { ($0.name, $0.state) })
    guard case .damaged(let expected, let found) = states["model.safetensors"] else { Issue.record("a flipped bit was not seen"); return }
    #expect(expected != found && expected.utf8.count == 64 && found.utf8.count == 64)
    #expect(states["merges.txt"] == .missing && states["config.json"] == .verified)
  }

  @Test func aDirectoryIsVerifiedByItsSums() throws {
    let cache = try Cache()
    let path = cache.home + "/mine"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try "{}".write(toFile: path + "/config.json", atomically: true, encoding: .utf8)
    #expect(try ModelHub.verify(path).map(\.state) == [.unrecorded])
    let right = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    try "\(right)  config.json\n\(right)  gone.txt\n".write(toFile: path + "/SHA256SUMS", atomically: true, encoding: .utf8)
    #expect(try ModelHub.verify(path).map(\.state) == [.verified, .missing])
    try "not a sum\n".write(toFile: path + "/SHA256SUMS", atomically: true, encoding: .utf8)
    #expect(#expect(throws: HubError.self) { try ModelHub.verify(path) }?.subject.hasSuffix("SHA256SUMS, line 1") == true)
    #expect(#expect(throws: HubError.self) { try ModelHub.verify(cache.home) }?.kind == .notFound)
  }
}
