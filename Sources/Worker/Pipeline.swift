import RuleEngine
import Scene
import VideoInput

/// One open input through its three threads: decode | see | judge (the caller's), joined by bounded slots.
/// Files never drop a keyframe; live streams keep only the newest waiting one.
struct Pipeline {
  let reader: VideoReader
  let seer: Seer
  let judge: Judge
  let keepsPictures: Bool
  let statistics: RunStatistics
  /// What a checkpoint has seen already: left out.
  var known: KnownFrames?
  /// Called on the seeing thread after each keyframe: whether its state should travel on for a checkpoint.
  var checkpointDue: @Sendable () -> Bool = { false }
  /// Called on the judging thread after a keyframe that carries state.
  var checkpoint: (SeenKeyframe, SeeingState) throws -> Void = { _, _ in }

  /// Returns when the input ends or `stop` is set; throws what decoding or judging threw.
  func run(stop: StopFlag) throws {
    let live = reader.info.isLive
    let pictures = BoundedSlot<InputElement>(capacity: 2, policy: live ? .keepNewest : .wait, droppable: { if case .keyframe = $0 { true } else { false } })
    let seen = BoundedSlot<Observation>(capacity: 4, policy: .wait)
    let decoder = Decoding(reader: reader, known: known, statistics: statistics)
    let eyes = Seeing(seer: seer, keepsPictures: keepsPictures, checkpointDue: checkpointDue)
    try stop.whileListening({ [reader] in reader.cancel(); if live { pictures.abandon() } }) {
      let decoding = WorkerThread("decode") { decoder.run(into: pictures) }
      let seeing = WorkerThread("see") { eyes.run(from: pictures, into: seen) }
      defer {
        seen.abandon(); pictures.abandon(); reader.cancel()
        decoding.join(); seeing.join()
      }
      while let observation = try seen.take() {
        if let epoch = reader.senderEpoch { judge.learnSenderEpoch(epoch) }
        try judge.observe(observation)
        if case .keyframe(let keyframe) = observation, let state = keyframe.state { try checkpoint(keyframe, state) }
      }
    }
  }
}

/// What of a session was judged before a checkpoint: keyframes up to a media time, the last of which was frame number `count`.
struct KnownFrames: Sendable {
  var until: MediaTime
  var count: Int

  /// An element as it came when the session was read from its first frame; nil: it is known. The input begins at `until`.
  func rest(of element: InputElement) -> InputElement? {
    switch element {
    case .keyframe(var keyframe):
      keyframe.index += count
      return keyframe.time > until ? .keyframe(keyframe) : nil
    case .gap(let gap): return gap.to > until ? element : nil
    case .clockStep: return element
    }
  }
}

/// The decoding thread: input → pictures.
private struct Decoding: Sendable {
  let reader: VideoReader
  let known: KnownFrames?
  let statistics: RunStatistics

  func run(into pictures: BoundedSlot<InputElement>) {
    var known = known
    do {
      while true {
        var times = StageTimes()
        let element = try times.measure(\.decode) { try reader.next() }
        let read = reader.statistics
        let dropped = pictures.dropped
        statistics.update { $0.frames = read.framesDecoded; $0.dropped = dropped; $0.times.add(times) }
        guard let element else { break }
        let rest: InputElement? = if let known { known.rest(of: element) } else { element }
        guard let new = rest else { continue }
        if case .clockStep = new { known = nil }
        guard pictures.put(new) else { break }
      }
      pictures.finish()
    } catch {
      pictures.fail(error)
    }
  }
}

/// The seeing thread: pictures → detections and tracks.
private struct Seeing: Sendable {
  let seer: Seer
  let keepsPictures: Bool
  let checkpointDue: @Sendable () -> Bool

  func run(from pictures: BoundedSlot<InputElement>, into seen: BoundedSlot<Observation>) {
    do {
      while let element = try pictures.take() {
        guard seen.put(observe(element)) else { break }
      }
      seen.finish()
    } catch {
      seen.fail(error)
    }
    pictures.abandon()
  }

  private func observe(_ element: InputElement) -> Observation {
    switch element {
    case .keyframe(let keyframe):
      var observation = seer.see(keyframe, keepsPicture: keepsPictures)
      if checkpointDue() { observation.state = seer.state }
      return .keyframe(observation)
    case .gap(let gap):
      seer.gap(gap)
      return .gap(gap)
    case .clockStep(let step):
      seer.beginSession()
      return .clockStep(step)
    }
  }
}
