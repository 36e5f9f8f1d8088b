internal import Tensors

/// Texts as the network sees them: what a detector compares every token of a picture with.
public struct QueryEmbeddings: Sendable {
  public let texts: [String]
  /// Ids and mask of each text, as `transformers`' processor gives them: (texts, positions).
  let ids: [[Int32]]
  let masks: [[Int32]]
  /// (texts, dimension), each of length 1.
  let values: FloatBuffer
  let dimension: Int

  public var count: Int { texts.count }
  /// Whether a text is padding to the network: `transformers` takes a text whose first id is 0 for that, and gives it no score.
  func isPadding(_ query: Int) -> Bool { ids[query].first == 0 }

  /// How alike two texts are to the network: the cosine of their embeddings, -1…1. Both from the same detector.
  public func likeness(of text: Int, to other: QueryEmbeddings, at index: Int) -> Double {
    let (a, b) = (values.start + text * dimension, other.values.start + index * dimension)
    return (0..<dimension).reduce(0) { $0 + Double(a[$1]) * Double(b[$1]) }
  }
}

/// Embeddings of the texts that were asked for last: encoding one costs as much as a small picture.
struct TextCache {
  struct Entry {
    var ids: [Int32]
    var mask: [Int32]
    var embedding: [Float]
    var lastUse: Int
  }

  /// Texts kept; the one that was not asked for longest is forgotten first.
  let capacity: Int
  /// By UTF-8: to Swift, composed and decomposed letters are equal; to a tokenizer whose tables are older they may not be.
  private var entries: [[UInt8]: Entry] = [:]
  private var clock = 0

  init(capacity: Int = 1024) { self.capacity = capacity }

  var count: Int { entries.count }

  mutating func entry(for text: String) -> Entry? {
    clock += 1
    let key = Array(text.utf8)
    entries[key]?.lastUse = clock
    return entries[key]
  }

  mutating func insert(_ text: String, ids: [Int32], mask: [Int32], embedding: [Float]) {
    clock += 1
    entries[Array(text.utf8)] = Entry(ids: ids, mask: mask, embedding: embedding, lastUse: clock)
    guard entries.count > capacity else { return }
    // Uses are numbered, so exactly one entry is the oldest and the dictionary's order decides nothing.
    let oldest = entries.min { $0.value.lastUse < $1.value.lastUse }!.key
    entries[oldest] = nil
  }
}
