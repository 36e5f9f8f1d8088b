public import Scene

extension ConfigurationNode {
  /// Shortens and quotes a value for a message.
  static func quoted(_ text: String) -> String {
    text.count <= 60 ? "'\(text)'" : "'\(text.prefix(57))…'"
  }

  /// Any text, not empty.
  public func text() throws(ConfigurationError) -> String {
    guard case .scalar(let text) = content else { throw mistake("text is needed here, not \(shape)") }
    guard !text.isEmpty else { throw mistake("text is needed here, and it is empty") }
    return text
  }

  /// A name: letters, digits, `-`, `_` and `.`, at most 64 of them.
  public func identifier() throws(ConfigurationError) -> String {
    guard case .scalar(let text) = content else { throw mistake("a name is needed here, not \(shape)") }
    try checkIdentifier(text, at: self)
    return text
  }

  /// A number, as people write it: `0.25`, `-3`, `1e-3`; `nan` and `inf` are none.
  public func number(in range: ClosedRange<Double> = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude)
    throws(ConfigurationError) -> Double {
    guard case .scalar(let text) = content else { throw mistake("a number is needed here, not \(shape)") }
    guard let value = Self.plainNumber(text) else { throw mistake("\(Self.quoted(text)) is not a number") }
    try check(value, in: range, text)
    return value
  }

  public func integer(in range: ClosedRange<Int> = Int.min...Int.max) throws(ConfigurationError) -> Int {
    guard case .scalar(let text) = content else { throw mistake("a whole number is needed here, not \(shape)") }
    guard let value = Int(text) else { throw mistake("\(Self.quoted(text)) is not a whole number") }
    guard range.contains(value) else {
      throw mistake("\(text) is outside \(range.lowerBound) … \(range.upperBound == .max ? "" : String(range.upperBound))")
    }
    return value
  }

  /// `400ms`, `15s`, `2m`.
  public func duration(atLeast least: MediaInterval = .zero) throws(ConfigurationError) -> MediaInterval {
    guard case .scalar(let text) = content else { throw mistake("a duration is needed here, not \(shape)", suggestion: "write 400ms, 15s or 2m") }
    guard let value = MediaInterval(text: text) else {
      let remedy = Double(text) != nil ? "write the unit: \(text)s or \(text)ms" : "write 400ms, 15s or 2m"
      throw mistake("\(Self.quoted(text)) is not a duration", suggestion: remedy)
    }
    guard value >= least else { throw mistake("\(text) is too short", suggestion: "at least \(least.text)") }
    return value
  }

  /// `true` or `false`, and nothing else.
  public func flag() throws(ConfigurationError) -> Bool {
    switch try text() {
    case "true": return true
    case "false": return false
    case let other:
      let near = ["yes", "on", "y", "True", "TRUE", "1"].contains(other) ? "write true"
        : ["no", "off", "n", "False", "FALSE", "0"].contains(other) ? "write false" : "write true or false"
      throw mistake("\(Self.quoted(other)) is neither true nor false", suggestion: near)
    }
  }

  /// One of some words.
  public func choice(_ words: [String], what: String = "one of these words") throws(ConfigurationError) -> String {
    let word = try text()
    guard words.contains(word) else {
      throw mistake("no \(what) \(Self.quoted(word))", suggestion: Configuration.suggestion(for: word, among: words))
    }
    return word
  }

  /// A list's elements.
  public func list(atLeast least: Int = 0, of what: String = "values") throws(ConfigurationError) -> [ConfigurationNode] {
    guard case .sequence(let elements) = content else { throw mistake("a list of \(what) is needed here, not \(shape)") }
    guard elements.count >= least else { throw mistake("\(elements.count) \(what) are too few", suggestion: "at least \(least)") }
    return elements
  }

  /// A list's elements, or the one value that stands for a list of one.
  public func oneOrMore(of what: String = "values") throws(ConfigurationError) -> [ConfigurationNode] {
    if case .scalar = content { return [self] }
    return try list(atLeast: 1, of: what)
  }

  /// Two numbers, `[x, y]`, as written: neither normalised nor limited.
  public func point() throws(ConfigurationError) -> Point {
    guard case .sequence(let pair) = content, pair.count == 2 else {
      throw mistake("a point is two numbers, [x, y]")
    }
    return Point(x: try pair[0].number(), y: try pair[1].number())
  }

  /// `768x576`: width and height of a picture in pixels, each 1 … 65536.
  public func pictureSize() throws(ConfigurationError) -> PictureSize {
    let text = try text()
    let sides = text.split(separator: "x", omittingEmptySubsequences: false)
    guard sides.count == 2, let width = Int(sides[0]), let height = Int(sides[1]) else {
      throw mistake("\(Self.quoted(text)) is no picture size", suggestion: "write WIDTHxHEIGHT, 768x576")
    }
    guard (1...65536).contains(width), (1...65536).contains(height) else {
      throw mistake("\(Self.quoted(text)) is no picture size", suggestion: "each side is 1 … 65536 pixels")
    }
    return PictureSize(width: width, height: height)
  }

  func check(_ value: Double, in range: ClosedRange<Double>, _ text: String) throws(ConfigurationError) {
    guard range.contains(value) else {
      let upper = range.upperBound == .greatestFiniteMagnitude ? "" : tidy(range.upperBound)
      throw mistake("\(text) is outside \(tidy(range.lowerBound)) … \(upper)")
    }
  }

  /// Digits with an optional sign, point and exponent; `nan`, `inf`, hexadecimal and underscores are no numbers here.
  static func plainNumber(_ text: String) -> Double? {
    guard !text.isEmpty, text.utf8.allSatisfy({ ($0 >= 48 && $0 <= 57) || [43, 45, 46, 69, 101].contains($0) }),
          let value = Double(text), value.isFinite else { return nil }
    return value
  }
}

/// A number without a tail of `.0`.
func tidy(_ value: Double) -> String {
  value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
}

func checkIdentifier(_ text: String, at node: ConfigurationNode) throws(ConfigurationError) {
  let fits = !text.isEmpty && text.count <= 64 && text.utf8.count <= 256
    && text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == "." }
  guard fits else {
    throw node.mistake("\(ConfigurationNode.quoted(text)) is no name",
                       suggestion: "a name is 1 to 64 letters, digits, '-', '_' or '.'")
  }
}
