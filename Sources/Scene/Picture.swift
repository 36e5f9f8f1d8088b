/// A decoded picture: RGB, 8 bits a channel, interleaved, rows top to bottom, each row padded to a multiple of 64 bytes.
///
/// Whoever makes a picture writes it once and then hands it on; from then on nobody writes. That is why it may cross
/// threads unchecked. A maker reuses one only while it is its sole owner (`isKnownUniquelyReferenced`).
public final class Picture: @unchecked Sendable {
  public let size: PictureSize
  /// Bytes from one row to the next: width × 3, rounded up to 64, since swscale writes past a row for some widths.
  public let rowBytes: Int
  /// `rowBytes` × height bytes, aligned to 64.
  public let pixels: UnsafeMutableRawPointer

  /// - Precondition: both sides are positive.
  public init(size: PictureSize) {
    precondition(size.width > 0 && size.height > 0, "a picture has at least one pixel")
    self.size = size
    rowBytes = (size.width * 3 + 63) / 64 * 64
    // One row more: a vector kernel may read, and swscale may write, a little beyond the last pixel.
    pixels = .allocate(byteCount: rowBytes * (size.height + 1), alignment: 64)
  }

  deinit { pixels.deallocate() }

  public var width: Int { size.width }
  public var height: Int { size.height }
}

/// A picture the detector looks at, with its place in the stream.
public struct Keyframe: Sendable {
  public var picture: Picture
  public var time: MediaTime
  /// Presentation time stamp in the stream's own time base.
  public var pts: Int64
  /// Number of the frame in decoding output order, from 0, since the session began.
  public var index: Int

  public init(picture: Picture, time: MediaTime, pts: Int64, index: Int) {
    self.picture = picture; self.time = time; self.pts = pts; self.index = index
  }
}
