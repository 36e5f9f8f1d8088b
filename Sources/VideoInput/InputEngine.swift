import CFFmpeg
import Scene

/// Container, decoder and converter of one stream, and what is remembered from frame to frame. Used from one thread at a time.
final class InputEngine {
  let options: InputOptions
  let isLive: Bool
  let interruption: Interruption
  private(set) var demuxer: Demuxer
  private(set) var decoder: Decoder
  private let maker: PictureMaker
  private let packet = AVPacketBox()
  let frame = AVFrameBox()

  private(set) var statistics = InputStatistics()
  private(set) var position = MediaTime.zero
  /// The sender's clock: nanoseconds since 1970 at a PTS.
  private(set) var senderClock: (epoch: Int64, pts: Int64)?

  var clock: FrameClock
  var sampler: FrameSampler
  var holes = HoleKeeper()
  var damage = DamageKeeper()
  private var waiting: [InputElement] = []
  private var isOver = false
  private var hasStarted = false
  /// Frames of this session within the wanted range.
  private var index = 0
  /// Media time of the sessions before this one: `from` and `to` go on counting over a clock step.
  private var elapsedBefore = MediaInterval.zero
  private var failedReads = 0
  private var failedReadsInAll = 0
  /// H.264 and HEVC hold back at most 16 frames; twice that, for fields.
  private static let mostHeldBack = 32
  /// Frames to come that may show what the container's reader complained of; as many as a decoder may hold back.
  private var suspectFrames = 0

  init(_ options: InputOptions, interruption: Interruption) throws(VideoInputError) {
    self.options = options
    self.interruption = interruption
    let source = try Source(options.source)
    isLive = options.isLive ?? source.isLive
    demuxer = try Demuxer(options, source: source, isLive: isLive, interruption: interruption)
    decoder = try Decoder(demuxer.stream, options: options, isLive: isLive)
    maker = PictureMaker(source: options.source)
    clock = Self.newClock(demuxer, isLive: isLive)
    sampler = FrameSampler(options.sampling)
  }

  private static func newClock(_ demuxer: Demuxer, isLive: Bool) -> FrameClock {
    let base = demuxer.timeBase
    return FrameClock(timeBase: (Int(base.num), Int(base.den)), frameRate: demuxer.frameRate, isLive: isLive)
  }

  /// Begins again at the stream's first frame: for containers that can't be sought exactly.
  func reopen() throws(VideoInputError) {
    demuxer = try Demuxer(options, source: demuxer.source, isLive: isLive, interruption: interruption)
    decoder = try Decoder(demuxer.stream, options: options, isLive: isLive)
    clock = Self.newClock(demuxer, isLive: isLive)
    restartKeepers()
  }

  func restartKeepers() {
    sampler.restart()
    holes.restart()
    damage.restart()
  }

  /// The next element, nil at the end.
  func next() throws(VideoInputError) -> InputElement? {
    if !hasStarted {
      hasStarted = true
      if let from = options.from, from > .zero { try advance(to: from) }
    }
    while waiting.isEmpty && !isOver && !interruption.isCancelled {
      if try decodeFrame() { try take() } else { try end() }
    }
    return waiting.isEmpty || interruption.isCancelled ? nil : waiting.removeFirst()
  }

  /// Decodes one frame into `frame`.
  /// - Returns: false at the end of the stream.
  func decodeFrame() throws(VideoInputError) -> Bool {
    while !interruption.isCancelled {
      switch decoder.receive(into: frame.pointer) {
      case .frame:
        statistics.framesDecoded += 1
        return true
      case .end:
        return false
      case .damaged:
        lose()
      case .needsPacket:
        try feed()
      }
    }
    return false
  }

  private func feed() throws(VideoInputError) {
    let read = demuxer.read(into: packet.pointer)
    if demuxer.hasComplained {
      demuxer.hasComplained = false
      suspectFrames = Self.mostHeldBack
    }
    switch read {
    case .packet:
      failedReads = 0
      send()
    case .damaged:
      lose()
      failedReads += 1
      failedReadsInAll += 1
      // A truncated MP4 fails once for each frame its index still lists. What fails for ever must end.
      if failedReads > 100_000 + (demuxer.frameCount ?? 0) { _ = decoder.send(nil) }
    case .end:
      _ = decoder.send(nil)
    case .lost(let error):
      throw error
    }
  }

  private func send() {
    defer { av_packet_unref(packet.pointer) }
    let pointee = packet.pointer.pointee
    let isIntra = pointee.flags & AV_PKT_FLAG_KEY != 0
    statistics.packets += 1
    statistics.bytes += Int64(pointee.size)
    let sent = ow_sender_microseconds(packet.pointer)
    if sent > 0, sent < Int64.max / 1000, pointee.pts != ow_no_pts { senderClock = (sent * 1000, pointee.pts) }
    if options.sampling == .intra && !isIntra { return }
    damage.packetSent(pts: pointee.pts == ow_no_pts ? nil : pointee.pts, isIntra: isIntra)
    // The container's reader marks what it knows to be incomplete (MPEG-TS). Part of it may decode.
    let isSound = pointee.flags & AV_PKT_FLAG_CORRUPT == 0
    if !decoder.send(packet.pointer) || !isSound { lose() }
  }

  private func lose() {
    statistics.corruptPackets += 1
    damage.packetLost()
  }

  /// Places the decoded frame, and queues what it means.
  private func take() throws(VideoInputError) {
    switch place() {
    case .outOfOrder:
      statistics.framesOutOfOrder += 1
    case .stepped(let step, let pts):
      if let gap = damage.end(at: step.from) { report(gap) }
      elapsedBefore += step.from - .zero
      if isWanted(.zero) {
        statistics.clockSteps += 1
        waiting.append(.clockStep(step))
      }
      restartKeepers()
      index = 0
      senderClock = nil
      try take(at: .zero, pts: pts)
    case .at(let time, let pts):
      try take(at: time, pts: pts)
    }
  }

  func place() -> FrameClock.Placement {
    let pointee = frame.pointer.pointee
    return clock.place(pts: pointee.pts == ow_no_pts ? nil : pointee.pts,
                       decoding: pointee.pkt_dts == ow_no_pts ? nil : pointee.pkt_dts,
                       duration: ow_frame_duration(frame.pointer), arrival: isLive ? monotonicNow() : 0)
  }

  func take(at time: MediaTime, pts: Int64) throws(VideoInputError) {
    position = time
    if let to = options.to, .zero + elapsedBefore + (time - .zero) >= to { return finish(isCutShort: true) }
    let isIntra = ow_frame_is_intra(frame.pointer) != 0
    let stated = MediaInterval(nanoseconds: clock.nanoseconds(ow_frame_duration(frame.pointer), minus: 0))
    let hole = holes.frame(at: time, duration: stated, isSuspect: suspectFrames > 0)
    suspectFrames = max(0, suspectFrames - 1)
    if hole?.reason == .damaged { damage.suspectLoss() }
    let verdict = damage.frame(at: time, pts: pts, isIntra: isIntra, isDamaged: ow_frame_is_damaged(frame.pointer) != 0)
    let number = index
    if isWanted(time) { index += 1 }
    guard verdict.isTrusted else {
      statistics.corruptFrames += 1
      return
    }
    // A hole inside a damaged stretch is part of it.
    if let gap = verdict.gap ?? (hole?.reason == .missing ? hole : nil) { report(gap) }
    guard sampler.looks(at: time, isIntra: isIntra), isWanted(time) else { return }
    let picture = try maker.picture(of: frame.pointer, sampleAspect: demuxer.sampleAspect(of: frame.pointer),
                                    orientation: Orientation(matrix: ow_display_matrix(frame.pointer, demuxer.stream)))
    statistics.keyframes += 1
    waiting.append(.keyframe(Keyframe(picture: picture, time: time, pts: pts, index: number)))
  }

  private func isWanted(_ time: MediaTime) -> Bool {
    guard let from = options.from else { return true }
    return .zero + elapsedBefore + (time - .zero) >= from
  }

  private func report(_ gap: Gap) {
    guard isWanted(gap.to) else { return }
    var gap = gap
    if !isWanted(gap.from), let from = options.from { gap.from = from - elapsedBefore }
    statistics.gaps += 1
    waiting.append(.gap(gap))
  }

  private func end() throws(VideoInputError) {
    finish()
    if statistics.framesDecoded > 0 || interruption.isCancelled { return }
    throw VideoInputError(isLive ? .unavailable : .notAVideo, attempted: "decode", source: options.source,
                          libraryWords: "no frame could be decoded from \(statistics.packets) packets", remedy: demuxer.remedyForNoFrames)
  }

  /// The stream ends, or what is wanted of it.
  private func finish(isCutShort: Bool = false) {
    isOver = true
    if interruption.isCancelled { return }
    let isWhole = !isCutShort && options.from == nil && !isLive
    // Truncated: the reader complained last, and frames are missing that the container promised.
    if isWhole, suspectFrames > 0, endOfStream - position >= HoleKeeper.minimum { damage.suspectLoss() }
    guard var gap = damage.end(at: endOfStream) else { return }
    if isWhole {
      let missing = max(0, demuxer.framesMissing(after: position, read: statistics.packets + failedReadsInAll))
      gap.lostPackets += missing
      statistics.corruptPackets += missing
    }
    report(gap)
  }

  /// Where the stream would have ended, as far as it is asked for.
  private var endOfStream: MediaTime {
    let stated = isLive ? position : max(position, demuxer.duration.map { .zero + $0 } ?? position)
    guard let to = options.to else { return stated }
    return min(stated, max(position, to - elapsedBefore))
  }

  /// Nanoseconds since 1970 at media time zero by the sender's clock; nil until known.
  var senderEpoch: Int64? {
    guard let senderClock, let zero = clock.zero else { return nil }
    return senderClock.epoch &- clock.nanoseconds(senderClock.pts, minus: zero)
  }
}

/// Sole owner of a packet that is filled again and again.
final class AVPacketBox {
  private(set) var pointer: UnsafeMutablePointer<AVPacket>
  init() { pointer = av_packet_alloc() }
  deinit {
    var pointer: UnsafeMutablePointer<AVPacket>? = pointer
    av_packet_free(&pointer)
  }
}

/// Sole owner of a frame that is filled again and again.
final class AVFrameBox {
  private(set) var pointer: UnsafeMutablePointer<AVFrame>
  init() { pointer = av_frame_alloc() }
  deinit {
    var pointer: UnsafeMutablePointer<AVFrame>? = pointer
    av_frame_free(&pointer)
  }
}
