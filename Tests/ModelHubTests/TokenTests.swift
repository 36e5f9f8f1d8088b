import Foundation
import ModelHub
import Testing

/// HF_TOKEN: goes to the endpoint, nowhere else, and is never shown.
@Suite struct TokenTests {
  @Test func aGatedModelComesWithTheToken() throws {
    let cache = try Cache(token: HubServer.token)
    #expect(try cache.isWhole(cache.pull("gated/model")))
    let requests = try cache.server.requests("gated/model")
    #expect(requests.filter { $0.host == "endpoint" }.allSatisfy { $0.authorization == "Bearer " + HubServer.token })
    let storage = requests.filter { $0.host == "storage" }
    #expect(!storage.isEmpty && storage.allSatisfy { $0.authorization == nil }, "no token to the host that was redirected to")
  }

  @Test func withoutATokenItSaysWhichVariableToSet() throws {
    let cache = try Cache()
    let error = try #require(cache.failure("gated/alone"))
    #expect(error.kind == .unauthorized && error.exitCode == 66)
    #expect(error.problem.contains("401") && error.remedy.contains("set HF_TOKEN"))
  }

  @Test func aWrongTokenIsNotShown() throws {
    let cache = try Cache(token: "hf_somebodyElse")
    let error = try #require(cache.failure("gated/other"))
    #expect(error.remedy.contains("check that HF_TOKEN is valid"))
    #expect(!error.description.contains("somebodyElse"))
  }

  @Test func aTokenThatCouldSmuggleAHeaderIsNotSent() {
    #expect(HubSettings(environment: ["HF_TOKEN": "a\r\nX-Evil: 1"]).token == nil)
    #expect(HubSettings(environment: ["HF_TOKEN": "  hf_a\n"]).token == "hf_a")
  }

  @Test func theEnvironmentIsHuggingFaces() throws {
    let home = NSTemporaryDirectory() + "owlwatch-home-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: home) }
    try "hf_stored\n".write(toFile: home + "/token", atomically: true, encoding: .utf8)
    let settings = HubSettings(environment: ["HF_HOME": home, "HF_ENDPOINT": "http://mirror.example/hf/"])
    #expect(settings.endpoint == "http://mirror.example/hf" && settings.cache == home + "/hub" && settings.token == "hf_stored")
    #expect(HubSettings(environment: ["HF_HOME": home, "HF_TOKEN": "hf_own"]).token == "hf_own")
    #expect(HubSettings(environment: ["HF_HOME": home, "HF_HUB_CACHE": "/c"]).cache == "/c")
    let plain = HubSettings(environment: ["HOME": "/home/me", "HF_ENDPOINT": ""])
    #expect(plain.endpoint == "https://huggingface.co" && plain.cache == "/home/me/.cache/huggingface/hub" && plain.token == nil)
    #expect(HubSettings(environment: ["XDG_CACHE_HOME": "/x"]).cache == "/x/huggingface/hub")
  }

  @Test func offlineAsksNobody() throws {
    let cache = try Cache()
    cache.settings.isOffline = true
    #expect(cache.failure("plain/offline")?.problem.contains("HF_HUB_OFFLINE") == true)
    #expect(try cache.server.requests("plain/offline").isEmpty)
    #expect(HubSettings(environment: ["HF_HUB_OFFLINE": "1"]).isOffline)
  }
}
