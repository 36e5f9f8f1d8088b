extension ModelDirectory {
  /// Files up to this size count whole; of larger ones the first half and `samples` pieces spread evenly over the rest.
  private static let whole = 4 << 20
  private static let samples = 128
  private static let sampleBytes = 16 << 10

  /// A name for exactly these weights and files: SHA-256, 64 hexadecimal digits, the same wherever the directory lies.
  ///
  /// It goes over names, sizes and contents of everything that decides what the model answers. Of a large weight file the header
  /// and 128 samples count, so that the name of a gigabyte is there within milliseconds: training moves every number, and a damaged
  /// file is what `owlwatch models verify` is for.
  public func digest() throws(ModelError) -> String {
    var hash = SHA256()
    for name in ["config.json", "preprocessor_config.json", "processor_config.json", "vocab.json", "merges.txt", "tokenizer.json",
                 "tokenizer_config.json", "special_tokens_map.json"] where ModelFile.exists(path + "/" + name) {
      try Self.add(ModelFile(path + "/" + name), name, to: &hash)
    }
    for file in weights.files { try Self.add(file, file.path.split(separator: "/").last.map(String.init) ?? "", to: &hash) }
    return hash.finish()
  }

  private static func add(_ file: ModelFile, _ name: String, to hash: inout SHA256) throws(ModelError) {
    hash.update("\(name)\0\(file.size)\0".utf8)
    guard file.size > whole else { return hash.update(try file.bytes(at: 0, count: file.size)) }
    hash.update(try file.bytes(at: 0, count: whole / 2))
    let span = file.size - whole / 2 - sampleBytes
    for sample in 0..<samples {
      hash.update(try file.bytes(at: whole / 2 + span / (samples - 1) * sample, count: sampleBytes))
    }
  }
}
