internal import Scene
internal import Tensors

/// A detector's network and memory; one thread at a time holds it.
final class DetectorState: @unchecked Sendable {
  let network: Network
  let team: Team
  let engine: any MatmulEngine
  let sampler: Sampler
  let tokenizer: Tokenizer
  var cache = TextCache()
  var queries: QueryEmbeddings?

  /// A thread's own memory. The first one's activations and pixels also serve the team when it works on one region together.
  struct Seat {
    let workspace: Workspace
    let activations: Activations?
    let pixels: FloatBuffer?
  }
  let seats: [Seat]
  let spaces: [Workspace]
  let textWorkspace: Workspace
  let textActivations: Activations

  /// Whether each thread may take a region of its own: else all work on one region together.
  let alone: Bool
  /// Regions whose answers are held at once.
  static let batch = 64
  var logits = FloatBuffer(count: 0)
  var boxes = FloatBuffer(count: 0)
  var objectness = FloatBuffer(count: 0)
  var jobs: [Job] = []

  /// A region that is being looked at.
  struct Job {
    /// Index in the caller's list.
    var index: Int
    /// Inside the picture.
    var region: PixelRect
    var plan: Sampler.Plan
  }

  init(_ model: ModelDirectory, _ engine: Engine, threads: Int) throws(ModelError) {
    let config = model.config
    try DetectorState.check(model)
    guard let team = Team(size: threads) else {
      throw ModelError(.unavailable, file: model.path, problem: "\(threads) threads could not be started",
                       remedy: "ask for fewer with --threads")
    }
    self.team = team
    do { self.engine = try engine.open() } catch {
      throw ModelError(.unavailable, file: model.path, problem: "\(error.engine.rawValue): \(error.attempt): \(error.problem)",
                       remedy: error.remedy)
    }
    let network = try Network(config, Checkpoint(weights: model.weights, engine: self.engine, workers: threads))
    self.network = network
    tokenizer = model.tokenizer
    let side = config.vision.imageSize
    sampler = Sampler(model.preprocessor, kind: config.kind, side: side)
    // A region of one's own saves all meetings, but costs each thread activations: 16 MB is four times a small model's.
    let floats = network.image.tokens * config.vision.hiddenSize * 5 + side * side * 3
    alone = floats * 4 <= 16 << 20
    let alone = alone
    seats = (0..<threads).map { worker in
      let owns = worker == 0 || alone
      return Seat(workspace: network.workspace(worker: worker), activations: owns ? network.activations() : nil,
                  pixels: owns ? FloatBuffer.zeros(side * side * 3) : nil)
    }
    spaces = seats.map(\.workspace)
    textWorkspace = network.text.workspace()
    textActivations = network.text.activations()
  }

  /// Sizes that a config may ask for although no model needs them are refused before memory is taken for them.
  private static func check(_ model: ModelDirectory) throws(ModelError) {
    let config = model.config, file = model.path + "/config.json"
    func refuse(_ key: String, _ problem: String, in file: String, _ remedy: String) -> ModelError {
      ModelError(.malformed, file: file, key: key, problem: problem, remedy: remedy)
    }
    let other = "owlwatch runs the sizes that OWL-ViT and OWLv2 come in; take another model"
    guard config.vision.imageSize <= 4096 else {
      throw refuse("vision_config.image_size", "\(config.vision.imageSize) is more than 4096", in: file, other)
    }
    guard config.text.positions <= 4096 else {
      throw refuse("text_config.max_position_embeddings", "\(config.text.positions) is more than 4096", in: file, other)
    }
    guard config.projectionDimension == config.text.hiddenSize else {
      throw refuse("projection_dim", "\(config.projectionDimension) is not text_config.hidden_size, which is \(config.text.hiddenSize): texts and image tokens could not be compared",
                   in: file, "take config.json from the model the weights belong to")
    }
    let preprocessor = model.preprocessor, settings = model.path + "/preprocessor_config.json"
    let side = PreprocessorConfig.Size(height: config.vision.imageSize, width: config.vision.imageSize)
    guard preprocessor.doResize, preprocessor.size == side else {
      throw refuse("size", "\(preprocessor.size.height) × \(preprocessor.size.width) is not vision_config.image_size, which is \(side.width); owlwatch resizes and does not crop",
                   in: settings, "set do_resize to true and size to the model's own")
    }
    guard preprocessor.resample == .bilinear || preprocessor.resample == .bicubic else {
      throw refuse("resample", "\(preprocessor.resample.rawValue) is neither 2 (bilinear) nor 3 (bicubic)", in: settings,
                   "take what the model was trained with: 3 for OWL-ViT, 2 for OWLv2")
    }
  }

  /// Encodes texts, one after the other, on the calling thread.
  func encode(_ texts: [String]) -> QueryEmbeddings {
    let dimension = network.text.dimension
    let values = FloatBuffer.zeros(texts.count * dimension)
    var ids: [[Int32]] = [], masks: [[Int32]] = []
    for (index, text) in texts.enumerated() {
      let row = values.start + index * dimension
      if let known = cache.entry(for: text) {
        ids.append(known.ids)
        masks.append(known.mask)
        known.embedding.withUnsafeBufferPointer { row.update(from: $0.baseAddress!, count: dimension) }
        continue
      }
      let encoded = tokenizer.encode(text)
      network.text.encode(ids: encoded.ids, mask: encoded.mask, into: row, textActivations, textWorkspace)
      cache.insert(text, ids: encoded.ids, mask: encoded.mask,
                   embedding: Array(UnsafeBufferPointer(start: row, count: dimension)))
      ids.append(encoded.ids)
      masks.append(encoded.mask)
    }
    return QueryEmbeddings(texts: texts, ids: ids, masks: masks, values: values, dimension: dimension)
  }
}
