package import Scene

/// Decides which frames are keyframes: see `Sampling`.
package struct FrameSampler {
  private let sampling: Sampling
  private var last: Int64?

  package init(_ sampling: Sampling) { self.sampling = sampling }

  /// Takes the frames one by one in order of time, those before the wanted range too, and says whether to look at this one.
  package mutating func looks(at time: MediaTime, isIntra: Bool) -> Bool {
    switch sampling {
    case .all: return true
    case .intra: return isIntra
    case .every(let interval):
      guard interval > .zero else { return true }
      let cell = time.nanoseconds / interval.nanoseconds
      defer { last = cell }
      return cell != last
    }
  }

  /// A new session begins: its first frame is looked at.
  package mutating func restart() { last = nil }
}
