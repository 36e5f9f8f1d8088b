/// The largest picture that is taken; beyond it a header is damaged, or means harm.
enum PictureLimits {
  static let side = 16384
  static let pixels = 1 << 28

  static func allow(width: Int, height: Int) -> Bool {
    width > 0 && height > 0 && width <= side && height <= side && width * height <= pixels
  }
}
