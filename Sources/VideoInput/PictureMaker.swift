import CFFmpeg
import Scene

/// Converts decoded frames to pictures as they are shown: RGB by the frame's own colour space and range, sample aspect
/// ratio and rotation applied. Sole owner of its scaler, which is rebuilt where the stream changes size or format.
final class PictureMaker {
  private struct Shape: Hashable {
    var width: Int32, height: Int32, format: Int32, space: UInt32, range: UInt32
    var scaled: PictureSize
  }

  private let source: String
  private let flags: Int32
  private var scaler: OpaquePointer?
  private var shape: Shape?
  private var pool = PicturePool()
  private var stored: Picture?

  /// - Parameter isStill: worth the exact and slower conversion, with colour interpolated between pixels.
  init(source: String, isStill: Bool = false) {
    self.source = source
    flags = isStill ? SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP : SWS_BICUBIC
  }

  deinit { sws_freeContext(scaler) }

  func picture(of frame: UnsafeMutablePointer<AVFrame>, sampleAspect: AVRational,
               orientation: Orientation) throws(VideoInputError) -> Picture {
    let stored = PictureSize(width: Int(frame.pointee.width), height: Int(frame.pointee.height))
    let scaled = Self.square(stored, sampleAspect)
    guard PictureLimits.allow(width: stored.width, height: stored.height),
          PictureLimits.allow(width: scaled.width, height: scaled.height) else {
      throw VideoInputError(.unsupported, attempted: "decode", source: source,
                            libraryWords: "a picture of \(stored.width)×\(stored.height)",
                            remedy: "at most \(PictureLimits.side) pixels a side and \(PictureLimits.pixels) in all are taken")
    }
    try prepare(frame, scaled)
    if orientation == .upright {
      let picture = pool.picture(scaled)
      scale(frame, into: picture)
      return picture
    }
    let lying = self.stored.flatMap { $0.size == scaled ? $0 : nil } ?? Picture(size: scaled)
    self.stored = lying
    scale(frame, into: lying)
    let picture = pool.picture(orientation.shown(scaled))
    orientation.turn(lying, into: picture)
    return picture
  }

  /// The size with square pixels: the height is kept, as players do. Ratios beyond 1:16 are taken for damage.
  static func square(_ size: PictureSize, _ aspect: AVRational) -> PictureSize {
    guard aspect.num > 0, aspect.den > 0, aspect.num != aspect.den else { return size }
    let ratio = Double(aspect.num) / Double(aspect.den)
    guard ratio <= 16, ratio >= 1.0 / 16 else { return size }
    return PictureSize(width: max(1, Int((Double(size.width) * ratio).rounded())), height: size.height)
  }

  private func scale(_ frame: UnsafeMutablePointer<AVFrame>, into picture: Picture) {
    let data = frame.pointee.data, lines = frame.pointee.linesize
    withUnsafeTemporaryAllocation(of: UnsafePointer<UInt8>?.self, capacity: 4) { planes in
      withUnsafeTemporaryAllocation(of: Int32.self, capacity: 4) { strides in
        planes[0] = UnsafePointer(data.0); planes[1] = UnsafePointer(data.1); planes[2] = UnsafePointer(data.2); planes[3] = UnsafePointer(data.3)
        strides[0] = lines.0; strides[1] = lines.1; strides[2] = lines.2; strides[3] = lines.3
        var target: UnsafeMutablePointer<UInt8>? = picture.pixels.assumingMemoryBound(to: UInt8.self)
        var row = Int32(picture.rowBytes)
        sws_scale(scaler, planes.baseAddress, strides.baseAddress, 0, frame.pointee.height, &target, &row)
      }
    }
  }

  private func prepare(_ frame: UnsafeMutablePointer<AVFrame>, _ scaled: PictureSize) throws(VideoInputError) {
    let wanted = Shape(width: frame.pointee.width, height: frame.pointee.height, format: frame.pointee.format,
                       space: frame.pointee.colorspace.rawValue, range: frame.pointee.color_range.rawValue, scaled: scaled)
    if wanted == shape { return }
    sws_freeContext(scaler)
    shape = nil
    let (format, isFullRange) = ColourSpace.plain(AVPixelFormat(rawValue: frame.pointee.format), range: frame.pointee.color_range)
    scaler = sws_getContext(wanted.width, wanted.height, format, Int32(scaled.width), Int32(scaled.height), AV_PIX_FMT_RGB24,
                            flags, nil, nil, nil)
    guard let scaler else {
      let name = av_get_pix_fmt_name(format).map { String(cString: $0) } ?? "number \(frame.pointee.format)"
      throw VideoInputError(.unsupported, attempted: "convert", source: source, libraryWords: "pixel format \(name)",
                            remedy: "re-encode it with `ffmpeg -i IN -pix_fmt yuv420p OUT`")
    }
    // Without this BT.601 is assumed, and HD colours are off by 9 levels on average.
    let table = sws_getCoefficients(ColourSpace.coefficients(frame.pointee))
    sws_setColorspaceDetails(scaler, table, isFullRange ? 1 : 0, sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, 1 << 16, 1 << 16)
    shape = wanted
  }
}
