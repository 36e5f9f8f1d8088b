import Foundation

/// `GET /api/models/NAME/revision/REVISION?blobs=true`: the commit a revision stands for, and its files.
struct HubListing {
  struct File: Equatable {
    var name: String
    /// Bytes, where the server says.
    var size: Int?
    /// Hexadecimal: sha256 of the content (64 digits) or git's blob sha1 (40); nil where the server doesn't say.
    var hash: String?
  }

  private struct Answer: Decodable {
    var sha: String
    var siblings: [Sibling]
  }
  private struct Sibling: Decodable {
    var rfilename: String
    var size: Int?
    var blobId: String?
    var lfs: LargeFile?
  }
  private struct LargeFile: Decodable {
    var sha256: String?
    var oid: String?
    var size: Int?
  }

  var commit: String
  var files: [File]

  init(_ body: Data, of url: String) throws(HubError) {
    let answer: Answer
    do { answer = try JSONDecoder().decode(Answer.self, from: body) } catch {
      throw HubError(.damaged, "GET \(url)", "the answer is no model listing", remedy: "check HF_ENDPOINT")
    }
    guard answer.sha.utf8.count == 40, isHash(answer.sha) else {
      throw HubError(.damaged, "GET \(url)", "the answer names the commit \"\(answer.sha.prefix(60))\"", remedy: "check HF_ENDPOINT")
    }
    commit = answer.sha
    files = []
    for sibling in answer.siblings {
      let name = sibling.rfilename
      guard !name.hasPrefix("/"), !name.contains("\\"), !name.utf8.contains(0), !name.split(separator: "/").contains("..") else {
        throw HubError(.damaged, "GET \(url)", "the answer lists a file \"\(name.prefix(60))\" that lies outside the model",
                       remedy: "don't use this server: check HF_ENDPOINT")
      }
      let hash = sibling.lfs?.sha256 ?? sibling.lfs?.oid ?? sibling.blobId
      let size = sibling.lfs?.size ?? sibling.size
      guard hash.map(isHash) ?? true, (0...1 << 50).contains(size ?? 0) else {
        throw HubError(.damaged, "GET \(url)", "the answer has no sensible size or hash for \"\(name.prefix(60))\"", remedy: "check HF_ENDPOINT")
      }
      files.append(File(name: name, size: size, hash: hash?.lowercased()))
    }
  }

  /// The files that loading needs, weights last: safetensors before PyTorch's, one file before several.
  /// - Throws: where there is no config.json or no weights.
  func needed(by repository: String) throws(HubError) -> [File] {
    let small = ["config.json", "preprocessor_config.json", "processor_config.json", "vocab.json", "merges.txt", "tokenizer.json",
                 "tokenizer_config.json", "special_tokens_map.json", "owlwatch.json"]
    var result = small.compactMap { name in files.first { $0.name == name } }
    guard result.first?.name == "config.json" else { throw Self.unusable(repository, "config.json") }
    for (single, part, ending) in [("model.safetensors", "model-", ".safetensors"), ("pytorch_model.bin", "pytorch_model-", ".bin")] {
      if let file = files.first(where: { $0.name == single }) { return result + [file] }
      if let index = files.first(where: { $0.name == single + ".index.json" }) {
        result.append(index)
        return result + files.filter { isPlainName($0.name) && $0.name.hasPrefix(part) && $0.name.hasSuffix(ending) }
      }
    }
    throw Self.unusable(repository, "model.safetensors and no pytorch_model.bin")
  }

  private static func unusable(_ repository: String, _ what: String) -> HubError {
    HubError(.notFound, "model \(repository)", "has no \(what)", remedy: "owlwatch runs OwlViTForObjectDetection and Owlv2ForObjectDetection: name such a model")
  }
}

/// 40 or 64 hexadecimal digits.
func isHash(_ text: String) -> Bool {
  (text.utf8.count == 40 || text.utf8.count == 64) && text.utf8.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
}
