extension OwlConfig {
  /// Reads `config.json`. The ranges are far beyond any model there is and keep every product of them within 64 bits.
  static func read(_ file: String) throws(ModelError) -> OwlConfig {
    let fields = try JSONFields(reading: file)
    let kind = try kind(of: fields)
    let text = try fields.object("text_config") ?? JSONFields(file: file, prefix: "text_config.", members: [])
    let vision = try fields.object("vision_config") ?? JSONFields(file: file, prefix: "vision_config.", members: [])
    return OwlConfig(kind: kind, projectionDimension: try fields.integer("projection_dim", in: 1...65536) ?? 512,
                     text: try TextConfig(text), vision: try VisionConfig(vision, kind: kind))
  }

  private static func kind(of fields: JSONFields) throws(ModelError) -> Kind {
    let remedy = "owlwatch runs OwlViTForObjectDetection and Owlv2ForObjectDetection: name such a model"
    if let name = try fields.string("model_type") {
      guard let kind = Kind(rawValue: name) else {
        throw ModelError(.malformed, file: fields.file, key: "model_type", problem: "is \"\(name.prefix(60))\"", remedy: remedy)
      }
      return kind
    }
    switch try fields.strings("architectures")?.first {
    case "OwlViTForObjectDetection": return .owlvit
    case "Owlv2ForObjectDetection": return .owlv2
    default: throw ModelError(.malformed, file: fields.file, key: "model_type", problem: "is missing", remedy: remedy)
    }
  }
}

extension TextConfig {
  init(_ fields: JSONFields) throws(ModelError) {
    self.init()
    hiddenSize = try fields.integer("hidden_size", in: 1...65536) ?? hiddenSize
    layers = try fields.integer("num_hidden_layers", in: 0...1024) ?? layers
    heads = try fields.integer("num_attention_heads", in: 1...1024) ?? heads
    intermediateSize = try fields.integer("intermediate_size", in: 1...262_144) ?? intermediateSize
    vocabularySize = try fields.integer("vocab_size", in: 1...4_194_304) ?? vocabularySize
    positions = try fields.integer("max_position_embeddings", in: 2...65536) ?? positions
    activation = try fields.activation() ?? activation
    epsilon = try fields.epsilon() ?? epsilon
    padID = try fields.integer("pad_token_id", in: 0...Int(Int32.max)) ?? padID
    bosID = try fields.integer("bos_token_id", in: 0...Int(Int32.max)) ?? bosID
    if case .array(let ids)? = fields["eos_token_id"], let first = ids.first.flatMap(JSONFields.whole), first >= 0, first <= Int(Int32.max) {
      eosID = first
    } else {
      eosID = try fields.integer("eos_token_id", in: 0...Int(Int32.max)) ?? eosID
    }
    try fields.checkHeads(heads, of: hiddenSize)
  }
}

extension VisionConfig {
  init(_ fields: JSONFields, kind: OwlConfig.Kind) throws(ModelError) {
    self.init(patchSize: kind == .owlvit ? 32 : 16)
    hiddenSize = try fields.integer("hidden_size", in: 1...65536) ?? hiddenSize
    layers = try fields.integer("num_hidden_layers", in: 0...1024) ?? layers
    heads = try fields.integer("num_attention_heads", in: 1...1024) ?? heads
    intermediateSize = try fields.integer("intermediate_size", in: 1...262_144) ?? intermediateSize
    imageSize = try fields.side("image_size") ?? imageSize
    patchSize = try fields.side("patch_size") ?? patchSize
    channels = try fields.integer("num_channels", in: 3...3) ?? channels
    activation = try fields.activation() ?? activation
    epsilon = try fields.epsilon() ?? epsilon
    try fields.checkHeads(heads, of: hiddenSize)
    guard patchSize <= imageSize else {
      throw fields.wrong("patch_size", .integer(patchSize), "at most image_size, which is \(imageSize)")
    }
  }
}

extension JSONFields {
  fileprivate func activation() throws(ModelError) -> OwlConfig.Activation? {
    guard let name = try string("hidden_act") else { return nil }
    switch name {
    case "quick_gelu": return .quickGELU
    case "gelu", "gelu_python": return .gelu
    case "gelu_pytorch_tanh", "gelu_new": return .tanhGELU
    default: throw wrong("hidden_act", .string(name), "an activation owlwatch knows (quick_gelu, gelu, gelu_pytorch_tanh, gelu_new)")
    }
  }

  fileprivate func epsilon() throws(ModelError) -> Float? {
    try number("layer_norm_eps", in: 0...1).map { Float($0) }
  }

  /// A number, or a list of two equal ones: newer files write `[768, 768]`.
  fileprivate func side(_ key: String) throws(ModelError) -> Int? {
    if case .array(let sides)? = self[key] {
      guard sides.count == 2, sides[0] == sides[1], let side = Self.whole(sides[0]), (1...16384).contains(side) else {
        throw wrong(key, .array(sides), "a square")
      }
      return side
    }
    return try integer(key, in: 1...16384)
  }

  fileprivate func checkHeads(_ heads: Int, of hiddenSize: Int) throws(ModelError) {
    guard hiddenSize % heads == 0 else {
      throw wrong("num_attention_heads", .integer(heads), "a divisor of hidden_size, which is \(hiddenSize)")
    }
  }
}
