internal import CKernels
internal import Scene
internal import Tensors

/// Makes the network's input of a region of a picture, exactly as the model's preprocessor config says.
///
/// OWL-ViT squeezes the region to a square in bytes; OWLv2 pads it with black to a square, in floats. Weights are computed
/// once for each size of region and kept for the last 64 sizes.
final class Sampler {
  /// Side of the square input.
  let side: Int
  /// Whether a region is padded to a square at its right or bottom, instead of squeezed.
  let pads: Bool
  private let asFloats: Bool
  private let cubic: Bool
  /// Value of a byte after rescaling and normalising, for each channel: (3, 256).
  private let table: FloatBuffer
  private let rescale: Double
  private let offset: [Float]
  private let divisor: [Float]
  private var plans: [(key: Key, plan: Plan)] = []

  /// How regions of one size become the input.
  final class Plan {
    /// nil: the region has as many columns (rows) as the input already.
    let across: AxisWeights?
    let down: AxisWeights?
    let width: Int
    let height: Int
    init(across: AxisWeights?, down: AxisWeights?, width: Int, height: Int) {
      self.across = across; self.down = down; self.width = width; self.height = height
    }
  }

  private struct Key: Equatable {
    var width: Int
    var height: Int
  }

  init(_ config: PreprocessorConfig, kind: OwlConfig.Kind, side: Int) {
    self.side = side
    asFloats = kind == .owlv2
    pads = kind == .owlv2 && config.doPad
    cubic = config.resample == .bicubic
    let factor = config.doRescale ? config.rescaleFactor : 1
    rescale = Double(factor)
    // transformers multiplies mean and deviation by 1 / factor and leaves the bytes alone; the same in float32.
    offset = config.doNormalize ? config.mean : [0, 0, 0]
    divisor = config.doNormalize ? config.std : [1, 1, 1]
    table = FloatBuffer(count: 3 * 256)
    let inverse = Float(1 / Double(factor))
    for channel in 0..<3 {
      for value in 0..<256 {
        table.start[channel * 256 + value] = config.doNormalize
          ? (Float(value) - offset[channel] * inverse) / (divisor[channel] * inverse) : Float(value) * factor
      }
    }
  }

  /// Side of the square that a region fills or is padded to, in pixels across and down: what box coordinates 0…1 span.
  func span(of region: PixelRect) -> (width: Int, height: Int) {
    pads ? (max(region.width, region.height), max(region.width, region.height)) : (region.width, region.height)
  }

  /// The plan for regions of this size; made once, and forgotten after 64 other sizes.
  func plan(width: Int, height: Int) -> Plan {
    let key = Key(width: width, height: height)
    if let index = plans.firstIndex(where: { $0.key == key }) {
      let found = plans[index]
      if index < plans.count - 1 { plans.append(plans.remove(at: index)) }
      return found.plan
    }
    if plans.count >= 64 { plans.removeFirst() }
    let plan = asFloats ? floatPlan(width, height) : bytePlan(width, height)
    plans.append((key, plan))
    return plan
  }

  private func bytePlan(_ width: Int, _ height: Int) -> Plan {
    func axis(_ count: Int, evenTaps: Bool) -> AxisWeights? {
      if count == side { return nil }
      return AxisWeights(bytesFrom: count, to: side, radius: cubic ? 2 : 1, evenTaps: evenTaps,
                         filter: cubic ? { Filter.cubic($0) } : Filter.triangle)
    }
    return Plan(across: axis(width, evenTaps: true), down: axis(height, evenTaps: false), width: width, height: height)
  }

  private func floatPlan(_ width: Int, _ height: Int) -> Plan {
    let (across, down) = pads ? (max(width, height), max(width, height)) : (width, height)
    let blurs = across > side && down > side
    return Plan(across: AxisWeights(floatsFrom: width, padded: across, to: side, blurs: blurs, cubic: cubic, factor: rescale),
                down: AxisWeights(floatsFrom: height, padded: down, to: side, blurs: blurs, cubic: cubic, factor: 1),
                width: width, height: height)
  }
}

extension Sampler {
  /// Rows of the input that are made in one go: few enough that what lies between the two passes stays in the cache.
  static let band = 64
  var bands: Int { (side + Sampler.band - 1) / Sampler.band }

  /// Floats of scratch that `sample` needs for one band.
  func scratch(for plan: Plan) -> Int {
    var rows = Sampler.band
    if let down = plan.down {
      for band in 0..<bands { rows = max(rows, down.inputs(of: range(band)).count) }
    }
    return asFloats ? (rows + 1) * side * 3 + 64 : (rows + 1) * side * 3 / 4 + side + 64
  }

  private func range(_ band: Int) -> Range<Int> { band * Sampler.band..<min(side, (band + 1) * Sampler.band) }

  /// Writes one band of the input.
  /// - Parameters:
  ///   - region: inside the picture, of the plan's size.
  ///   - pixels: (3, side, side), the whole input.
  ///   - scratch: as many floats as `scratch(for:)` says.
  func sample(_ picture: Picture, _ region: PixelRect, _ plan: Plan, band: Int, into pixels: UnsafeMutablePointer<Float>,
              scratch: UnsafeMutablePointer<Float>) {
    let source = UnsafePointer(picture.pixels.assumingMemoryBound(to: UInt8.self) + region.y * picture.rowBytes + region.x * 3)
    if asFloats {
      sampleFloats(source, picture.rowBytes, plan, range(band), pixels, scratch)
    } else {
      sampleBytes(source, picture.rowBytes, plan, range(band), pixels, scratch)
    }
  }

  private func sampleBytes(_ source: UnsafePointer<UInt8>, _ stride: Int, _ plan: Plan, _ rows: Range<Int>,
                           _ pixels: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>) {
    let plane = side * side, width = side * 3
    let inputs = plan.down?.inputs(of: rows) ?? rows
    let line = UnsafeMutableRawPointer(scratch).assumingMemoryBound(to: UInt8.self)
    let between = line + (width + 63) / 64 * 64
    var rowsOf = source + inputs.lowerBound * stride, betweenStride = stride
    if let across = plan.across {
      ow_resample_bytes_across(between, rowsOf, stride, inputs.count, side, across.starts, across.shorts, across.taps,
                               Int32(across.precision))
      rowsOf = UnsafePointer(between)
      betweenStride = width
    }
    for row in rows {
      var made = rowsOf + (row - inputs.lowerBound) * betweenStride
      if let down = plan.down {
        down.shorts.withUnsafeBufferPointer { weights in
          ow_resample_bytes_down(line, rowsOf + (Int(down.starts[row]) - inputs.lowerBound) * betweenStride, betweenStride,
                                 width, weights.baseAddress! + row * down.taps, down.taps, Int32(down.precision))
        }
        made = UnsafePointer(line)
      }
      let out = pixels + row * side
      ow_bytes_to_planes(out, out + plane, out + 2 * plane, made, side, table.start)
    }
  }

  private func sampleFloats(_ source: UnsafePointer<UInt8>, _ stride: Int, _ plan: Plan, _ rows: Range<Int>,
                            _ pixels: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>) {
    guard let across = plan.across, let down = plan.down else { preconditionFailure("float plans have both axes") }
    let plane = side * side, width = side * 3
    let inputs = down.inputs(of: rows)
    let line = scratch, between = scratch + (width + 15) / 16 * 16
    ow_resample_floats_across(between, source + inputs.lowerBound * stride, stride, inputs.count, side, across.starts,
                              across.floats, across.taps)
    for row in rows {
      down.floats.withUnsafeBufferPointer { weights in
        ow_resample_floats_down(line, between + (Int(down.starts[row]) - inputs.lowerBound) * width, width, width,
                                weights.baseAddress! + row * down.taps, down.taps)
      }
      let out = pixels + row * side
      ow_floats_to_planes(out, out + plane, out + 2 * plane, line, side, offset, divisor)
    }
  }
}
