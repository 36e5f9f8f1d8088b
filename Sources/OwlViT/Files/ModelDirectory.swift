/// A model on disk in the Hugging Face layout, every file of it read and checked, the weights not yet loaded.
public struct ModelDirectory: Sendable {
  public let path: String
  /// The directory's last name: `owlwatch-nano`.
  public let name: String
  public let config: OwlConfig
  public let preprocessor: PreprocessorConfig
  public let tokenizer: Tokenizer
  public let weights: WeightFile
  /// `owlwatch.json`, where there is one.
  public let notes: ModelNotes?

  /// Reads `config.json`, the preprocessor's and the tokenizer's files, `owlwatch.json`, and the descriptions of all tensors.
  /// Nothing of a file is executed and nothing outside the directory is read, whatever the files say.
  /// - Throws: `ModelError` with file, key and value of the first mistake.
  public static func open(_ path: String) throws(ModelError) -> ModelDirectory {
    var path = path
    while path.count > 1 && path.hasSuffix("/") { path.removeLast() }
    let configFile = path + "/config.json"
    guard ModelFile.exists(configFile) else {
      throw ModelError(.notFound, file: path, problem: "is not a model: there is no config.json in it",
                       remedy: "name a model directory in the Hugging Face layout, or pull one with `owlwatch models pull`")
    }
    let config = try OwlConfig.read(configFile)
    return ModelDirectory(path: path, name: path.split(separator: "/").last.map(String.init) ?? path, config: config,
                          preprocessor: try PreprocessorConfig.read(in: path, for: config),
                          tokenizer: try Tokenizer.read(in: path, for: config.text), weights: try WeightFile.open(in: path),
                          notes: try ModelNotes.read(path + "/owlwatch.json"))
  }
}
