/// Small, seeded, the same everywhere (Steele, Lea, Flood: "Fast splittable pseudorandom number generators").
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// One changed copy of a seed: a function of seeds and number alone.
struct Mutation {
  private var random: SplitMix
  private var bytes: [UInt8]
  private let seeds: [[UInt8]]

  static func of(_ seeds: [[UInt8]], number: UInt64) -> (seed: Int, bytes: [UInt8]) {
    var random = SplitMix(state: number &* 0x2545_F491_4F6C_DD1D)
    let seed = Int.random(in: 0..<seeds.count, using: &random)
    var mutation = Mutation(random: random, bytes: seeds[seed], seeds: seeds)
    for _ in 0..<[1, 1, 1, 2, 3, 6][mutation.below(6)] { mutation.step() }
    return (seed, mutation.bytes)
  }

  private mutating func below(_ count: Int) -> Int { Int.random(in: 0..<max(1, count), using: &random) }

  /// Headers stand at a file's beginning, a zip's at its end: most changes go there.
  private mutating func place() -> Int {
    switch below(8) {
    case 0...4: below(min(bytes.count, 4096))
    case 5: max(0, bytes.count - 1 - below(2048))
    default: below(bytes.count)
    }
  }

  private mutating func range() -> Range<Int> {
    let start = min(place(), bytes.count)
    return start..<min(bytes.count, start + 1 + below([2, 8, 64, 4096][below(4)]))
  }

  private mutating func step() {
    if bytes.isEmpty { bytes = [UInt8(truncatingIfNeeded: random.next())] }
    switch below(12) {
    case 0: bytes[place()] ^= 1 << below(8)
    case 1: bytes[place()] = [0, 1, 0x7F, 0x80, 0xFF, 0x20, 0x0A, 0x22, 0x2C, 0x2D, 0x5B, 0x7B][below(12)]
    case 2: bytes.removeSubrange(range())
    case 3: bytes.insert(contentsOf: bytes[range()], at: min(place(), bytes.count))
    case 4: bytes.removeLast(min(bytes.count, 1 + below([4, 64, bytes.count][below(3)])))
    case 5: splice()
    case 6: overwriteInteger()
    case 7: repeatBytes()
    case 8, 9: replaceNumber()
    case 10: insertWord()
    default: for index in range() { bytes[index] = UInt8(truncatingIfNeeded: random.next()) }
    }
    if bytes.count > 1 << 20 { bytes.removeLast(bytes.count - 1 << 20) }
  }

  private mutating func splice() {
    let other = seeds[below(seeds.count)]
    guard !other.isEmpty else { return }
    let start = below(other.count)
    bytes.replaceSubrange(range(), with: other[start..<min(other.count, start + 1 + below(512))])
  }

  private mutating func overwriteInteger() {
    let values: [UInt64] = [0, 1, .max, 1 << 63, 1 << 31, 1 << 32, UInt64(Int64.max), UInt64(bytes.count), UInt64(bytes.count) - 1, 0x7FFF_FFFF, 0xFFFF]
    let value = values[below(values.count)], width = [2, 4, 8][below(3)], start = place()
    for index in 0..<width where start + index < bytes.count { bytes[start + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(index))) }
  }

  private mutating func repeatBytes() {
    let part = Array(bytes[range()].prefix(16)), times = [2, 50, 5000][below(3)]
    bytes.insert(contentsOf: (0..<times).flatMap { _ in part }, at: min(place(), bytes.count))
  }

  /// A number as people write it becomes another.
  private mutating func replaceNumber() {
    let isDigit = { (byte: UInt8) in (48...57).contains(byte) }
    let from = place()
    guard let start = bytes[from...].firstIndex(where: isDigit) else { return }
    let end = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.count
    let numbers = ["0", "-1", "1", "2", "9223372036854775807", "9223372036854775808", "18446744073709551615", "-9223372036854775808", "1e308", "1e999",
                   "4294967296", "2147483648", "65536", "NaN", "inf", "0.0000001", "-0", "1000000007", "16777217", "[]", "null", "\"x\""]
    bytes.replaceSubrange(start..<end, with: Array(numbers[below(numbers.count)].utf8))
  }

  private mutating func insertWord() {
    let words = ["[", "{", "[[[[[[[[", "\"", "null", "true", "NaN", ",", ":", "\n", "\r\n", "\0", "- ", "&a ", "*a", "!!python/object ", "<<: *a\n", "}}", "]]", "\u{FEFF}", "\u{1F69A}",
                 "\\u0000", "\\ud800", "c__builtin__\neval\n", "cos\nsystem\n(S'false'\ntR.", "PK\u{5}\u{6}", "|", ">", "? ", "%YAML 1.1\n---\n", "---\n"]
    bytes.insert(contentsOf: Array(words[below(words.count)].utf8), at: min(place(), bytes.count))
  }
}
