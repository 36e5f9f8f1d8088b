public import Scene

/// `768x576`, as flags write a picture's size.
public enum SizeText {
  public static func parse(_ text: String, _ key: String) throws(WorkerError) -> PictureSize {
    let sides = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard sides.count == 2, let width = sides[0], let height = sides[1], (1...65536).contains(width), (1...65536).contains(height) else {
      throw WorkerError(.usage, "\(key): '\(text)' is not a picture size: write it like 768x576")
    }
    return PictureSize(width: width, height: height)
  }
}

public enum FrameRateText {
  public static func check(_ rate: Double) throws(WorkerError) -> Double {
    guard rate.isFinite, rate > 0, rate <= 100_000 else { throw WorkerError(.usage, "--fps \(rate): give frames a second, above 0") }
    return rate
  }
}
