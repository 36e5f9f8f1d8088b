extension MediaInterval {
  private static let units: [(name: String, nanoseconds: Double)] = [
    ("ns", 1), ("us", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9), ("d", 86400e9),
  ]

  /// Reads `400ms`, `15s`, `2m`, `1.5h`, `1d`: a number and its unit. Nil where the text is anything else, negative,
  /// or longer than 10,000 days.
  public init?(text: some StringProtocol) {
    guard let unitStart = text.firstIndex(where: { $0.isLetter }), unitStart != text.startIndex,
          let unit = Self.units.first(where: { $0.name == text[unitStart...] }),
          text[..<unitStart].allSatisfy({ ($0.isASCII && $0.isNumber) || $0 == "." }),
          let count = Double(text[..<unitStart]), count.isFinite, count >= 0 else { return nil }
    let nanoseconds = count * unit.nanoseconds
    guard nanoseconds <= 10_000 * 86400e9 else { return nil }
    self.init(nanoseconds: Int64(nanoseconds.rounded()))
  }

  /// The shortest text that reads back as this interval: `400ms`, `15s`, `2m`.
  public var text: String {
    let whole: [(String, Int64)] = [("d", 86_400_000_000_000), ("h", 3_600_000_000_000), ("m", 60_000_000_000),
                                    ("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1_000)]
    guard nanoseconds != 0 else { return "0s" }
    for (name, size) in whole where nanoseconds % size == 0 { return "\(nanoseconds / size)\(name)" }
    return "\(nanoseconds)ns"
  }
}
