package import Scene

/// Turns what the decoder complains of into one gap for each damaged stretch.
///
/// A stretch begins with the last good frame before the first loss. Frames after it are built upon what was lost and are not
/// looked at, until the next clean intra frame that was sent after the loss, or, in streams that have few of them, until a
/// second went by without further damage.
package struct DamageKeeper {
  package static let patience = MediaInterval.seconds(1)

  private enum State {
    case sound
    /// `lastDamage` nil: the loss is newer than any frame.
    case damaged(from: MediaTime, lastDamage: MediaTime?, packets: Int, frames: Int)
  }

  private var state = State.sound
  /// The last good frame; nil before the first: a stream that is joined in the middle begins with what can't be decoded.
  private var lastGood: MediaTime?
  private var packetsSent = 0
  private var packetsSentAtLoss = 0
  /// The last intra packets, by PTS, with their place in the order of sending.
  private var intraPackets: [(pts: Int64, number: Int)] = []

  package init() {}

  package mutating func packetSent(pts: Int64?, isIntra: Bool) {
    packetsSent += 1
    guard isIntra, let pts else { return }
    if intraPackets.count == 32 { intraPackets.removeFirst() }
    intraPackets.append((pts, packetsSent))
  }

  package mutating func packetLost() {
    packetsSentAtLoss = packetsSent
    switch state {
    case .sound:
      if let lastGood { state = .damaged(from: lastGood, lastDamage: nil, packets: 1, frames: 0) }
    case .damaged(let from, _, let packets, let frames):
      state = .damaged(from: from, lastDamage: nil, packets: packets + 1, frames: frames)
    }
  }

  /// Takes the next frame.
  /// - Returns: whether it can be trusted, and the gap that it ends.
  package mutating func frame(at time: MediaTime, pts: Int64, isIntra: Bool, isDamaged: Bool) -> (isTrusted: Bool, gap: Gap?) {
    if isDamaged {
      guard let good = lastGood else { return (false, nil) }
      if case .damaged(let from, _, let packets, let frames) = state {
        state = .damaged(from: from, lastDamage: time, packets: packets, frames: frames + 1)
      } else {
        state = .damaged(from: good, lastDamage: time, packets: 0, frames: 1)
      }
      packetsSentAtLoss = 0
      return (false, nil)
    }
    guard case .damaged(let from, let lastDamage, let packets, let frames) = state else {
      lastGood = time
      return (true, nil)
    }
    let recovered = isIntra && wasSentAfterLoss(pts)
    let since = lastDamage ?? time
    guard recovered || time - since >= Self.patience else {
      state = .damaged(from: from, lastDamage: since, packets: packets, frames: frames + 1)
      return (false, nil)
    }
    state = .sound
    lastGood = time
    return (true, Gap(from: from, to: time, reason: .damaged, lostPackets: packets, lostFrames: frames))
  }

  /// Something is missing between the last frame and the next, or the end of the stream; nobody knows how much.
  package mutating func suspectLoss() {
    if case .sound = state, let lastGood { state = .damaged(from: lastGood, lastDamage: nil, packets: 0, frames: 0) }
  }

  /// At the end of the stream, which should have been at `time`.
  package mutating func end(at time: MediaTime) -> Gap? {
    guard case .damaged(let from, _, let packets, let frames) = state else { return nil }
    state = .sound
    return Gap(from: from, to: max(from, time), reason: .damaged, lostPackets: packets, lostFrames: frames)
  }

  package mutating func restart() { self = DamageKeeper() }

  private func wasSentAfterLoss(_ pts: Int64) -> Bool {
    guard let packet = intraPackets.last(where: { $0.pts == pts }) else { return true }
    return packet.number > packetsSentAtLoss
  }
}
