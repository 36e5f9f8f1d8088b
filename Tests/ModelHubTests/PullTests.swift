import Foundation
import ModelHub
import Testing

/// Against Tests/hub-server.py, whose FAULTS say what each name does.
@Suite struct PullTests {
  static let commit = "0123456789abcdef0123456789abcdef01234567"
  static let weights = 126_942

  @Test func aModelComesWholeIntoTheCacheOfHuggingFace() throws {
    let cache = try Cache()
    let path = try cache.pull("plain/first")
    #expect(path == cache.folder("plain/first") + "/snapshots/" + Self.commit)
    #expect(try cache.isWhole(path))
    #expect(try String(contentsOfFile: cache.folder("plain/first") + "/refs/main", encoding: .utf8) == Self.commit)
    // The layout of huggingface_hub: links to blobs, named by their hash.
    let link = try FileManager.default.destinationOfSymbolicLink(atPath: path + "/model.safetensors")
    #expect(link.hasPrefix("../../blobs/") && link.utf8.count == 12 + 64)
    #expect(cache.files(in: cache.folder("plain/first") + "/blobs").allSatisfy { !$0.hasSuffix(".incomplete") })
    // Nothing that loading doesn't need.
    #expect(cache.files(in: path) == ["config.json", "merges.txt", "model.safetensors", "preprocessor_config.json", "tokenizer_config.json", "vocab.json"])
    #expect(try ModelHub.resolve("plain/first", searchDirectories: [], settings: cache.settings) == path)
    #expect(try ModelHub.resolve("plain/first@main", searchDirectories: [], settings: cache.settings) == path)
    #expect(try ModelHub.resolve("plain/first@" + Self.commit, searchDirectories: [], settings: cache.settings) == path)
  }

  @Test func whatIsThereIsNotFetchedAgain() throws {
    let cache = try Cache()
    try cache.pull("plain/twice")
    let before = try cache.server.requests("plain/twice").count
    try cache.pull("plain/twice")
    #expect(try cache.server.requests("plain/twice").dropFirst(before).map(\.path) == ["/api/models/plain/twice/revision/main"])
  }

  @Test func aRevisionHasANameOfItsOwn() throws {
    let cache = try Cache()
    let path = try ModelHub.pull("plain/revised", revision: "refs/pr/1", settings: cache.settings)
    #expect(try cache.isWhole(path))
    #expect(try ModelHub.resolve("plain/revised@refs/pr/1", searchDirectories: [], settings: cache.settings) == path)
    #expect(throws: HubError.self) { try ModelHub.resolve("plain/revised", searchDirectories: [], settings: cache.settings) }
    #expect(throws: HubError.self) { try ModelHub.pull("plain/revised", revision: "gone", settings: cache.settings) }
  }

  @Test func aBodyThatIsCutOffGoesOnWhereItStopped() throws {
    let cache = try Cache()
    #expect(try cache.isWhole(cache.pull("cut/model")))
    let ranges = try cache.server.requests("cut/model").filter { $0.host == "storage" && $0.file == "model.safetensors" }.map(\.range)
    #expect(ranges == [nil, "bytes=\(Self.weights / 2)-"])
  }

  @Test func theNextRunGoesOnWhereTheLastWasCutOff() throws {
    let cache = try Cache()
    cache.settings.retries = 0
    let error = try #require(cache.failure("cut/later"))
    #expect(error.kind == .unavailable && error.remedy.contains("goes on where it stopped"))
    // Half of it waits; nothing points at it.
    #expect(cache.files(in: cache.folder("cut/later") + "/blobs").filter { $0.hasSuffix(".incomplete") }.count == 1)
    #expect(cache.files(in: cache.folder("cut/later") + "/refs").isEmpty)
    #expect(throws: HubError.self) { try ModelHub.resolve("cut/later", searchDirectories: [], settings: cache.settings) }
    #expect(try cache.isWhole(cache.pull("cut/later")))
    let asked = try cache.server.requests("cut/later").filter { $0.host == "storage" }
    #expect(asked.map(\.range) == [nil, "bytes=\(Self.weights / 2)-"])
  }

  /// Each attempt gets further, so none is the last one.
  @Test func progressStartsTheCountOfRetriesAnew() throws {
    let cache = try Cache()
    cache.settings.retries = 1
    cache.settings.backoff = 0
    #expect(try cache.isWhole(cache.pull("always-cut/model")))
    #expect(try cache.server.requests("always-cut/model").filter { $0.host == "storage" }.count > 100)
  }

  @Test(arguments: ["whole/model", "shifted/model"]) func aServerThatDoesNotKnowRangesIsReadFromTheStart(name: String) throws {
    let cache = try Cache()
    try plantPartial(cache, name, Data(contentsOf: URL(filePath: HubServer.fixture + "/model.safetensors")).prefix(5000))
    #expect(try cache.isWhole(cache.pull(name)))
  }

  @Test func whatWasLeftBehindIsNotTrusted() throws {
    let cache = try Cache()
    try plantPartial(cache, "plain/planted", Data(repeating: 7, count: 5000))
    #expect(try cache.isWhole(cache.pull("plain/planted")))
    try plantPartial(cache, "plain/larger", Data(repeating: 7, count: 500_000))
    #expect(try cache.isWhole(cache.pull("plain/larger")))
  }

  /// What an earlier run might have left of the weights.
  private func plantPartial(_ cache: Cache, _ model: String, _ bytes: Data) throws {
    let blobs = cache.folder(model) + "/blobs"
    try FileManager.default.createDirectory(atPath: blobs, withIntermediateDirectories: true)
    // Their hash, as the server announces it.
    let reference = try Cache()
    let link = try FileManager.default.destinationOfSymbolicLink(atPath: reference.pull("plain/reference") + "/model.safetensors")
    try bytes.write(to: URL(filePath: "\(blobs)/\((link as NSString).lastPathComponent).incomplete"))
  }

  @Test(arguments: ["wrong/model", "longer/model"]) func otherContentThanAnnouncedIsRefused(name: String) throws {
    let cache = try Cache()
    let error = try #require(cache.failure(name))
    #expect(error.kind == .damaged && error.exitCode == 65)
    #expect(error.subject.contains("model.safetensors") && !error.description.contains("secretOfTheStorage"))
    #expect(error.problem.contains(name.hasPrefix("wrong") ? "hash" : "more comes"))
    #expect(throws: HubError.self) { try ModelHub.resolve(name, searchDirectories: [], settings: cache.settings) }
  }

  @Test func aBusyServerIsAskedAgain() throws {
    let cache = try Cache()
    #expect(try cache.isWhole(cache.pull("busy/model")))
    let error = try #require(cache.failure("down/model"))
    #expect(error.kind == .unavailable && error.exitCode == 69 && error.problem.contains("503"))
    #expect(try cache.server.requests("down/model").filter { $0.host == "storage" }.count == 4)
  }

  @Test func aServerThatFallsSilentIsLeftAfterAWhile() throws {
    let cache = try Cache()
    let start = ContinuousClock.now
    #expect(try cache.isWhole(cache.pull("stalled/model")))
    #expect(ContinuousClock.now - start < .seconds(15))
  }

  @Test func noServerAtAll() throws {
    let cache = try Cache()
    cache.settings.endpoint = "http://127.0.0.1:9"
    let error = try #require(cache.failure("plain/unreached"))
    #expect(error.kind == .unavailable && error.remedy.contains("HF_ENDPOINT"))
  }

  @Test func progressGrowsToTheTotal() throws {
    let cache = try Cache()
    var reports: [PullProgress] = []
    try cache.pull("slow/model") { reports.append($0) }
    #expect(reports.count { $0.file == "model.safetensors" && $0.done < $0.total } >= 3, "slow enough to be told several times")
    #expect(zip(reports, reports.dropFirst()).allSatisfy { $0.done <= $1.done && $0.total == $1.total })
    #expect(reports.last.map { $0.done == $0.total && $0.total > Self.weights } == true)
  }

  @Test func aListingMayLackSizesAndHashes() throws {
    let cache = try Cache()
    #expect(try cache.isWhole(cache.pull("untold/model")))
  }

  @Test func weightsInSeveralFiles() throws {
    let cache = try Cache()
    let files = try cache.files(in: cache.pull("sharded/model"))
    #expect(files.filter { $0.hasPrefix("model") } == ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors", "model.safetensors.index.json"])
  }

  @Test(arguments: [("outside/model", "outside the model"), ("babble/model", "no model listing"), ("loop/model", "redirects more than 8 times")])
  func aServerThatMakesNoSense(name: String, words: String) throws {
    let cache = try Cache()
    let error = try #require(cache.failure(name))
    #expect(error.kind == .damaged && error.problem.contains(words), "\(error)")
    #expect(cache.files(in: cache.folder(name) + "/refs").isEmpty)
    #expect(!FileManager.default.fileExists(atPath: cache.home + "/outside.json"))
  }

  @Test func whatIsNotThere() throws {
    let cache = try Cache()
    let unknown = try #require(cache.failure("unknown/model"))
    #expect(unknown.kind == .notFound && unknown.exitCode == 66 && unknown.problem.contains("404"))
    let empty = try #require(cache.failure("nothing/model"))
    #expect(empty.kind == .notFound && empty.problem.contains("model.safetensors"))
  }

  @Test func twoAtOnceDoNotMixTheirBytes() throws {
    let cache = try Cache()
    let other = Thread { [settings = cache.settings] in _ = try? ModelHub.pull("slow/both", settings: settings) }
    other.start()
    let end = Date(timeIntervalSinceNow: 10)
    while cache.files(in: cache.folder("slow/both") + "/blobs").allSatisfy({ !$0.hasSuffix(".incomplete") }), Date() < end { Thread.sleep(forTimeInterval: 0.01) }
    let error = try #require(cache.failure("slow/both"))
    #expect(error.kind == .unavailable && error.problem.contains("another process"))
    while !other.isFinished { Thread.sleep(forTimeInterval: 0.02) }
    #expect(try cache.isWhole(cache.pull("slow/both")))
  }

  @Test(arguments: ["", "/", "a/b/c", "../etc", "a b/c", "a/..", "a--b/c", "a/b?x=1", "http://127.0.0.1/a/b", ".hidden/a"])
  func aNameThatIsNone(name: String) throws {
    let cache = try Cache()
    #expect(cache.failure(name)?.kind == .usage)
  }

  @Test func aCacheThatCannotBeWritten() throws {
    let cache = try Cache()
    try FileManager.default.createDirectory(atPath: cache.home, withIntermediateDirectories: true)
    try Data().write(to: URL(filePath: cache.home + "/file"))
    cache.settings.cache = cache.home + "/file/hub"
    let error = try #require(cache.failure("plain/nowhere"))
    #expect(error.kind == .disk && error.problem.contains("cannot be created"))
  }
}
