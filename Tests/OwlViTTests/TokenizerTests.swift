import Foundation
import OwlViT
import Testing

/// The same ids as `transformers` for any text. How the expectations were made: Tests/Golden/tokenizer.py.
@Suite struct TokenizerTests {
  struct Case: Decodable {
    var text: String
    /// In the bundled model's vocabulary, in CLIP's own: whole. CLIP's as the model gets them: cut and padded.
    var nano: [Int32], clip: [Int32], cut: [Int32]
  }

  static func cases(_ path: String) throws -> [Case] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { try JSONDecoder().decode(Case.self, from: Data($0.utf8)) }
  }

  static let texts = Golden.folder + "/tokenizer/texts.jsonl"
  static let testdata = ProcessInfo.processInfo.environment["OWLWATCH_TESTDATA"]
  static let hasTestdata = testdata != nil || ProcessInfo.processInfo.environment["CI"] == "true"

  private func code(_ text: String) -> String { text.unicodeScalars.map { String($0.value, radix: 16) }.joined(separator: " ") }

  @Test func theBundledVocabulary() throws {
    let folder = URL(filePath: Golden.folder).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Models/owlwatch-nano").path
    let tokenizer = try Tokenizer.read(in: folder, for: TextConfig())
    let cases = try Self.cases(Self.texts)
    #expect(cases.count > 500)
    for one in cases { #expect(tokenizer.ids(of: one.text) == one.nano, "\(code(one.text))") }
  }

  /// All 49,408 tokens: cut, padded, and whole.
  @Test(.enabled(if: hasTestdata, "OWLWATCH_TESTDATA has CLIP's vocabulary")) func clipsOwnVocabulary() throws {
    let tokenizer = try clip()
    for one in try Self.cases(Self.texts) {
      #expect(tokenizer.ids(of: one.text) == one.clip, "\(code(one.text))")
      #expect(tokenizer.encode(one.text).ids == one.cut, "\(code(one.text))")
    }
  }

  /// A file that `tokenizer.py --soak` wrote: 1.3 million texts take minutes.
  @Test(.enabled(if: hasTestdata && ProcessInfo.processInfo.environment["OWLWATCH_TOKENIZER_TEXTS"] != nil, "OWLWATCH_TOKENIZER_TEXTS names a file"))
  func soak() throws {
    let tokenizer = try clip()
    let file = try FileHandle(forReadingFrom: URL(filePath: #require(ProcessInfo.processInfo.environment["OWLWATCH_TOKENIZER_TEXTS"])))
    var rest = Data(), count = 0, wrong = 0
    while let block = try file.read(upToCount: 1 << 22), !block.isEmpty {
      rest += block
      let lines = rest.split(separator: 10, omittingEmptySubsequences: false)
      for line in lines.dropLast() {
        let one = try JSONDecoder().decode(Case.self, from: Data(line))
        count += 1
        guard tokenizer.ids(of: one.text) != one.clip || tokenizer.encode(one.text).ids != one.cut else { continue }
        wrong += 1
        if wrong <= 20 { Issue.record("\(code(one.text)): \(tokenizer.ids(of: one.text)) instead of \(one.clip)") }
      }
      rest = Data(lines.last ?? Data())
    }
    #expect(wrong == 0 && count > 0, "\(wrong) of \(count) texts differ")
    print("\(count) texts")
  }

  /// `tokenizer.json`, with added tokens of every sort.
  @Test func aJoinedFile() throws {
    struct Joined: Decodable { var text: String, whole: [Int32], cut: [Int32] }
    let folder = Golden.folder + "/tokenizer-joined"
    var config = TextConfig()
    config.vocabularySize = 600
    let tokenizer = try Tokenizer.read(in: folder, for: config)
    for line in try String(contentsOfFile: folder + "/texts.jsonl", encoding: .utf8).split(separator: "\n") {
      let one = try JSONDecoder().decode(Joined.self, from: Data(line.utf8))
      #expect(tokenizer.ids(of: one.text) == one.whole, "\(code(one.text))")
      #expect(tokenizer.encode(one.text).ids == one.cut, "\(code(one.text))")
    }
  }

  @Test func theMaskCoversTextAndMarks() throws {
    var config = TextConfig()
    config.vocabularySize = 600
    let tokenizer = try Tokenizer.read(in: Golden.folder + "/tokenizer-joined", for: config)
    #expect(tokenizer.encode("cat").mask.prefix { $0 == 1 }.count == 2 + tokenizer.ids(of: "cat").count)
    #expect(tokenizer.encode(String(repeating: "cat ", count: 100)).mask == [Int32](repeating: 1, count: 16))
  }

  /// CLIP's merges, as tokenizer.py writes them for transformers: 256 bytes, the same at a word's end, a token a merge, two marks.
  private func clip() throws -> Tokenizer {
    let archive = try #require(Self.testdata, "set OWLWATCH_TESTDATA") + "/clip-bpe/bpe_simple_vocab_16e6.txt.gz"
    let folder = NSTemporaryDirectory() + "owlwatch-clip-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let unpack = Process(), output = Pipe()
    unpack.executableURL = URL(filePath: "/usr/bin/env")
    unpack.arguments = ["gzip", "-dc", archive]
    unpack.standardOutput = output
    try unpack.run()
    let lines = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self).split(separator: "\n").dropFirst().prefix(49152 - 256 - 2)
    unpack.waitUntilExit()
    let kept = [Int](33..<127) + [Int](161..<173) + [Int](174..<256)
    let symbols: [String] = (kept + [Int](256..<256 + 256 - kept.count)).map { String(Unicode.Scalar(UInt32($0))!) }
    let merged: [String] = lines.map { $0.filter { $0 != " " } }
    let tokens: [String] = symbols + symbols.map { $0 + "</w>" } + merged + ["<|startoftext|>", "<|endoftext|>"]
    let members: [String] = tokens.enumerated().map { "\(quoted($0.element)): \($0.offset)" }
    let vocabulary = "{" + members.joined(separator: ",") + "}"
    try vocabulary.write(toFile: folder + "/vocab.json", atomically: false, encoding: .utf8)
    try ("#version: 0.2\n" + lines.joined(separator: "\n") + "\n").write(toFile: folder + "/merges.txt", atomically: false, encoding: .utf8)
    try #"{"pad_token": "!"}"#.write(toFile: folder + "/tokenizer_config.json", atomically: false, encoding: .utf8)
    return try Tokenizer.read(in: folder, for: TextConfig())
  }

  private func quoted(_ token: String) -> String {
    "\"" + token.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
