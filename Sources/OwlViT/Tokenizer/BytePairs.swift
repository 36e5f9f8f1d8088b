// The merging order is that of Hugging Face's tokenizers 0.23, models/bpe/word.rs: always the pair of lowest rank, of equals the leftmost.

/// Byte-pair encoding over ids: which two neighbours become one, and in which order.
struct BytePairs: Sendable {
  struct Merge: Sendable {
    var rank: Int32
    var id: Int32
  }

  /// Ids of the 256 bytes inside a word, and of the same bytes at a word's end; nil where the vocabulary lacks one.
  private let inner: [Int32?]
  private let final: [Int32?]
  /// Stands for a byte the vocabulary lacks.
  private let unknown: Int32
  private let merges: [UInt64: Merge]

  init(inner: [Int32?], final: [Int32?], unknown: Int32, merges: [UInt64: Merge]) {
    precondition(inner.count == 256 && final.count == 256, "one id for each byte")
    self.inner = inner
    self.final = final
    self.unknown = unknown
    self.merges = merges
  }

  static func key(_ left: Int32, _ right: Int32) -> UInt64 { UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right)) }

  /// Ids of one word of at least one byte. O(n log n): a text without spaces may be a megabyte long.
  func encode(_ word: some Collection<UInt8>, into ids: inout [Int32]) {
    var symbols: [Symbol] = []
    symbols.reserveCapacity(word.count)
    for (index, byte) in word.enumerated() {
      let isLast = index == word.count - 1
      symbols.append(Symbol(id: (isLast ? final : inner)[Int(byte)] ?? unknown, previous: index - 1, next: isLast ? -1 : index + 1))
    }
    var queue = PairQueue()
    for left in symbols.indices { propose(left, symbols, &queue) }
    while let pair = queue.popLowest() {
      let left = pair.left, right = symbols[left].next
      // A pair that waits may have been eaten by another since.
      guard !symbols[left].isGone, right >= 0, let merge = merges[Self.key(symbols[left].id, symbols[right].id)], merge.id == pair.id else { continue }
      symbols[left].id = merge.id
      symbols[left].next = symbols[right].next
      symbols[right].isGone = true
      if symbols[left].next >= 0 { symbols[symbols[left].next].previous = left }
      if symbols[left].previous >= 0 { propose(symbols[left].previous, symbols, &queue) }
      propose(left, symbols, &queue)
    }
    for symbol in symbols where !symbol.isGone { ids.append(symbol.id) }
  }

  private func propose(_ left: Int, _ symbols: [Symbol], _ queue: inout PairQueue) {
    let right = symbols[left].next
    guard right >= 0, let merge = merges[Self.key(symbols[left].id, symbols[right].id)] else { return }
    queue.push(PairQueue.Pair(rank: merge.rank, left: left, id: merge.id))
  }

  private struct Symbol {
    var id: Int32
    /// Neighbours by index, -1 where there is none.
    var previous: Int
    var next: Int
    var isGone = false
  }
}

/// A binary heap of pairs that may be merged: lowest rank first, of equals the leftmost.
struct PairQueue {
  struct Pair {
    var rank: Int32
    var left: Int
    var id: Int32

    func isBefore(_ other: Pair) -> Bool { (rank, left) < (other.rank, other.left) }
  }

  private var heap: [Pair] = []

  mutating func push(_ pair: Pair) {
    heap.append(pair)
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child].isBefore(heap[parent]) else { return }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  mutating func popLowest() -> Pair? {
    guard let lowest = heap.first else { return nil }
    let last = heap.removeLast()
    guard !heap.isEmpty else { return lowest }
    heap[0] = last
    var parent = 0
    while true {
      var child = 2 * parent + 1
      guard child < heap.count else { return lowest }
      if child + 1 < heap.count, heap[child + 1].isBefore(heap[child]) { child += 1 }
      guard heap[child].isBefore(heap[parent]) else { return lowest }
      heap.swapAt(child, parent)
      parent = child
    }
  }
}
