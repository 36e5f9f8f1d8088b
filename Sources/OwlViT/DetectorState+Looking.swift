internal import Scene
internal import Tensors
#if canImport(Glibc)
internal import Glibc
#endif

extension DetectorState {
  func detect(_ picture: Picture, _ regions: [PixelRect], _ queries: QueryEmbeddings, _ minimumScores: [Double],
              _ detections: inout [[Detection]]) {
    precondition(minimumScores.count == queries.count, "one minimum score a query")
    for index in detections.indices { detections[index].removeAll(keepingCapacity: true) }
    if detections.count > regions.count { detections.removeLast(detections.count - regions.count) }
    while detections.count < regions.count { detections.append([]) }
    var next = 0
    while next < regions.count {
      next = gatherJobs(picture, regions, from: next)
      look(picture, queries)
      for (slot, job) in jobs.enumerated() {
        collect(slot, job.region, picture.size, queries, minimumScores, &detections[job.index])
      }
    }
  }

  /// Fills `jobs` with the regions from `first` on, as many as are looked at in one go; returns where to go on.
  private func gatherJobs(_ picture: Picture, _ regions: [PixelRect], from first: Int) -> Int {
    jobs.removeAll(keepingCapacity: true)
    var index = first
    while index < regions.count, jobs.count < DetectorState.batch {
      if let region = regions[index].inside(picture.size) {
        jobs.append(Job(index: index, region: region, plan: sampler.plan(width: region.width, height: region.height)))
      }
      index += 1
    }
    return index
  }

  /// Runs the network over `jobs`; the answers stand in `logits`, `boxes` and `objectness`, one slot a job.
  private func look(_ picture: Picture, _ queries: QueryEmbeddings) {
    guard !jobs.isEmpty else { return }
    makeRoom(jobs.count, queries.count)
    // As many rounds as every thread can have a region of its own; what is left over they do together.
    let own = alone ? jobs.count / team.size * team.size : 0
    team.share(own) { slot, worker in
      let seat = seats[worker]
      look(jobs[slot], picture, queries, answers(slot, queries.count), .alone(seat.workspace), seat.activations!, seat.pixels!)
    }
    for slot in own..<jobs.count {
      look(jobs[slot], picture, queries, answers(slot, queries.count), .together(team, spaces), seats[0].activations!, seats[0].pixels!)
    }
  }

  /// One region, from pixels to answers.
  func look(_ job: Job, _ picture: Picture, _ queries: QueryEmbeddings, _ answers: Answers, _ crew: Crew,
            _ activations: Activations, _ pixels: FloatBuffer) {
    crew.share(sampler.bands) { band, space in
      sampler.sample(picture, job.region, job.plan, band: band, into: pixels.start, scratch: space.sampling.start)
    }
    let width = network.config.vision.hiddenSize
    network.image.look(pixels.start, activations, crew) { rows, space in
      network.heads.answer(activations.gathered.start + rows.lowerBound * width, rows, queries: queries.values.start,
                           count: queries.count, into: answers, space)
    }
  }

  func answers(_ slot: Int, _ queries: Int) -> Answers {
    let tokens = network.image.tokens
    return Answers(logits: logits.start + slot * tokens * queries, boxes: boxes.start + slot * tokens * 4,
                   objectness: objectness.start + slot * tokens)
  }

  /// Grows what holds answers to the most that was ever needed, and each thread's room for resampling.
  func makeRoom(_ slots: Int, _ queries: Int) {
    let tokens = network.image.tokens
    func grow(_ buffer: inout FloatBuffer, _ count: Int) {
      if buffer.count < count { buffer = FloatBuffer.zeros(count) }
    }
    grow(&logits, slots * tokens * queries)
    grow(&boxes, slots * tokens * 4)
    grow(&objectness, slots * tokens)
    var sampling = 0
    for job in jobs { sampling = max(sampling, sampler.scratch(for: job.plan)) }
    for seat in seats { seat.workspace.needSampling(sampling) }
  }

  /// Turns one region's answers into detections.
  private func collect(_ slot: Int, _ region: PixelRect, _ size: PictureSize, _ queries: QueryEmbeddings,
                       _ minimumScores: [Double], _ detections: inout [Detection]) {
    let answers = answers(slot, queries.count), span = sampler.span(of: region), hasObjectness = network.heads.hasObjectness
    for token in 1..<network.image.tokens {
      let logits = answers.logits + token * queries.count, corners = answers.boxes + token * 4
      for query in 0..<queries.count {
        let score = 1 / (1 + exp(-Double(logits[query])))
        guard score >= minimumScores[query], !queries.isPadding(query) else { continue }
        let x = Double(corners[0]) * Double(span.width), y = Double(corners[1]) * Double(span.height)
        guard x <= Double(region.width), y <= Double(region.height) else { continue }
        let box = Box(center: Point(x: (Double(region.x) + x) / Double(size.width), y: (Double(region.y) + y) / Double(size.height)),
                      width: Double(corners[2]) * Double(span.width) / Double(size.width),
                      height: Double(corners[3]) * Double(span.height) / Double(size.height))
        guard box.isFinite else { continue }
        let objectness = hasObjectness ? 1 / (1 + exp(-Double(answers.objectness[token]))) : nil
        detections.append(Detection(box: box, query: query, score: score, objectness: objectness))
      }
    }
  }
}

extension PixelRect {
  /// What of it lies inside a picture; nil where nothing does.
  fileprivate func inside(_ size: PictureSize) -> PixelRect? {
    guard width > 0, height > 0, x < size.width, y < size.height else { return nil }
    let (right, overflowX) = x.addingReportingOverflow(width), (bottom, overflowY) = y.addingReportingOverflow(height)
    let left = max(0, x), top = max(0, y)
    let cut = PixelRect(x: left, y: top, width: (overflowX ? size.width : min(right, size.width)) - left,
                        height: (overflowY ? size.height : min(bottom, size.height)) - top)
    return cut.width > 0 && cut.height > 0 ? cut : nil
  }
}
