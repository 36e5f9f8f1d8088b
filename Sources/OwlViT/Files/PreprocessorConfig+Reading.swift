extension PreprocessorConfig {
  /// What `transformers` takes where the file doesn't say.
  init(defaultsOf kind: OwlConfig.Kind, side: Int? = nil) {
    let side = side ?? (kind == .owlvit ? 768 : 960)
    self.init(size: Size(height: side, width: side), resample: kind == .owlvit ? .bicubic : .bilinear, rescaleFactor: 1.0 / 255,
              mean: [0.48145466, 0.4578275, 0.40821073], std: [0.26862954, 0.26130258, 0.27577711],
              doResize: true, doRescale: true, doNormalize: true, doPad: kind == .owlv2, crop: nil)
  }

  /// Reads `preprocessor_config.json`; where it is absent, the `image_processor` part of `processor_config.json`, into which
  /// newer versions of `transformers` write it; where both are, the kind's defaults at the model's own image size.
  static func read(in directory: String, for config: OwlConfig) throws(ModelError) -> PreprocessorConfig {
    let own = directory + "/preprocessor_config.json", shared = directory + "/processor_config.json"
    var result: PreprocessorConfig
    if ModelFile.exists(own) {
      result = try PreprocessorConfig(JSONFields(reading: own), kind: config.kind)
    } else if ModelFile.exists(shared), let part = try JSONFields(reading: shared).object("image_processor") {
      result = try PreprocessorConfig(part, kind: config.kind)
    } else {
      result = PreprocessorConfig(defaultsOf: config.kind, side: config.vision.imageSize)
    }
    if !result.doRescale { result.rescaleFactor = 1 }
    let side = config.vision.imageSize
    let final = result.crop ?? result.size
    guard !result.doResize && result.crop == nil || final == Size(height: side, width: side) else {
      throw ModelError(.malformed, file: own, key: result.crop == nil ? "size" : "crop_size",
                       problem: "is \(final.height) × \(final.width), but config.json's vision_config.image_size is \(side)",
                       remedy: "take both files from the same model")
    }
    return result
  }

  private init(_ fields: JSONFields, kind: OwlConfig.Kind) throws(ModelError) {
    self.init(defaultsOf: kind)
    size = try fields.size("size") ?? size
    if let number = try fields.integer("resample", in: 0...5), let known = Resample(rawValue: number) { resample = known }
    rescaleFactor = try fields.number("rescale_factor", in: 0...1e6).map { Float($0) } ?? rescaleFactor
    mean = try fields.channels("image_mean", in: -1e6...1e6) ?? mean
    std = try fields.channels("image_std", in: 1e-9...1e6) ?? std
    doResize = try fields.bool("do_resize") ?? doResize
    // Early files on the hub call it `rescale`.
    doRescale = try fields.bool("do_rescale") ?? doRescale
    doRescale = try fields.bool("rescale") ?? doRescale
    doNormalize = try fields.bool("do_normalize") ?? doNormalize
    doPad = kind == .owlv2 ? try fields.bool("do_pad") ?? doPad : false
    if try fields.bool("do_center_crop") ?? false {
      crop = try fields.size("crop_size") ?? Size(height: 768, width: 768)
    }
  }
}

extension JSONFields {
  /// 768, [768, 768] (height first), or {"height": 768, "width": 768}.
  fileprivate func size(_ key: String) throws(ModelError) -> PreprocessorConfig.Size? {
    guard let value = self[key] else { return nil }
    let sides: [Int?]
    switch value {
    case .array(let values): sides = values.map(Self.whole)
    case .object:
      let part = try object(key)!
      sides = [try part.integer("height", in: 1...16384), try part.integer("width", in: 1...16384)]
    default: sides = [Self.whole(value), Self.whole(value)]
    }
    guard sides.count == 2, let height = sides[0], let width = sides[1], (1...16384).contains(height), (1...16384).contains(width) else {
      throw wrong(key, value, "a side, or a height and a width, of 1 to 16384 pixels")
    }
    return PreprocessorConfig.Size(height: height, width: width)
  }

  /// One number for each of red, green and blue.
  fileprivate func channels(_ key: String, in range: ClosedRange<Double>) throws(ModelError) -> [Float]? {
    guard let values = try numbers(key, in: range) else { return nil }
    guard values.count == 3 else { throw wrong(key, self[key]!, "three numbers") }
    return values.map { Float($0) }
  }
}
