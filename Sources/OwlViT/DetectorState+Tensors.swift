internal import Scene
internal import Tensors

extension DetectorState {
  /// Everything that goes into the network and comes out of it for the whole picture; shapes as `transformers` gives them for a
  /// batch of one.
  func tensors(_ picture: Picture, _ queries: QueryEmbeddings) -> NamedTensors {
    let vision = network.config.vision, tokens = network.image.tokens, patches = tokens - 1, count = queries.count
    let region = PixelRect(whole: picture.size), dimension = network.heads.dimension
    jobs = [Job(index: 0, region: region, plan: sampler.plan(width: region.width, height: region.height))]
    makeRoom(1, count)
    let embeddings = FloatBuffer.zeros(tokens * dimension)
    var answers = answers(0, count)
    answers.classEmbeddings = embeddings.start
    let activations = seats[0].activations!, pixels = seats[0].pixels!
    let job = jobs[0], answersToFill = answers
    look(job, picture, queries, answersToFill, .together(team, spaces), activations, pixels)
    // The first row of everything is the picture's own token.
    func rows(_ start: UnsafeMutablePointer<Float>, _ width: Int) -> [Float] {
      Array(UnsafeBufferPointer(start: start + width, count: patches * width))
    }
    var logits = rows(answers.logits, count)
    for query in 0..<count where queries.isPadding(query) {
      for patch in 0..<patches { logits[patch * count + query] = -Float.greatestFiniteMagnitude }
    }
    var result = NamedTensors()
    result.append("input_ids", [count, network.config.text.positions], queries.ids.flatMap { $0.map(Int64.init) })
    result.append("attention_mask", [count, network.config.text.positions], queries.masks.flatMap { $0.map(Int64.init) })
    result.append("pixel_values", [1, vision.channels, vision.imageSize, vision.imageSize], Array(pixels.contents))
    result.append("text_embeds", [1, count, queries.dimension],
                  Array(UnsafeBufferPointer(start: queries.values.start, count: count * queries.dimension)))
    result.append("image_embeds", [1, vision.grid, vision.grid, vision.hiddenSize],
                  rows(activations.gathered.start, vision.hiddenSize))
    result.append("class_embeds", [1, patches, dimension], rows(embeddings.start, dimension))
    result.append("logits", [1, patches, count], logits)
    result.append("pred_boxes", [1, patches, 4], rows(answers.boxes, 4))
    if network.heads.hasObjectness { result.append("objectness_logits", [1, patches], rows(answers.objectness, 1)) }
    return result
  }
}
