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
  /// Called on the seeing thread after each keyframe: whether its state should travel on for a checkpoint.
  var checkpointDue: @Sendable () -> Bool = { false }
  /// Called on the judging thread after a keyframe that carries state.
  var checkpoint: (SeenKeyframe, SeeingState) throws -> Void = { _, _ in }

  /// Returns when the input ends or `stop` is set; throws what decoding or judging threw.
  func run(stop: StopFlag) throws {
    let live = reader.info.isLive
    let pictures = BoundedSlot<InputElement>(capacity: 2, policy: live ? .keepNewest : .wait, droppable: { if case .keyframe = $0 { true } else { false } })
    let seen = BoundedSlot<Observation>(capacity: 4, policy: .wait)
    let decoder = Decoding(reader: reader, statistics: statistics)
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

/// The decoding thread: input → pictures.
private struct Decoding: Sendable {
  let reader: VideoReader
  let statistics: RunStatistics

  func run(into pictures: BoundedSlot<InputElement>) {
    do {
      while true {
        var times = StageTimes()
        let element = try times.measure(\.decode) { try reader.next() }
        let read = reader.statistics
        let dropped = pictures.dropped
        statistics.update { $0.frames = read.framesDecoded; $0.dropped = dropped; $0.times.add(times) }
        guard let element, pictures.put(element) else { break }
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
