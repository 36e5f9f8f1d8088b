package import Scene

/// The motion of one box: centre, width and height, each an `AxisFilter`, in pixels of the picture's proportions.
package struct BoxFilter: Sendable, Codable, Equatable {
  package var x: AxisFilter
  package var y: AxisFilter
  package var width: AxisFilter
  package var height: AxisFilter
  /// The object's size, its longer side in pixels, when it was last detected: what all noise is measured in. It rests
  /// between detections, so that the belief at a time doesn't depend on how often it was asked for.
  package private(set) var scale: Double

  package init(_ box: PixelBox, motion: MotionOptions) {
    scale = box.scale
    let variance = Self.square(2 * motion.measurement * scale)
    let velocityVariance = Self.square(motion.startVelocity * scale)
    x = AxisFilter(position: box.x, variance: variance, velocityVariance: velocityVariance)
    y = AxisFilter(position: box.y, variance: variance, velocityVariance: velocityVariance)
    width = AxisFilter(position: box.width, variance: variance, velocityVariance: velocityVariance)
    height = AxisFilter(position: box.height, variance: variance, velocityVariance: velocityVariance)
  }

  package var box: PixelBox {
    // A box that shrank for long while unseen keeps a tenth of its size: it never turns inside out.
    PixelBox(x: x.position, y: y.position,
             width: max(width.position, scale / 10), height: max(height.position, scale / 10))
  }

  /// Standard deviation of where the centre is, in pixels, across and down.
  package var spread: (x: Double, y: Double) { (x.pp.squareRoot(), y.pp.squareRoot()) }

  package mutating func predict(seconds: Double, motion: MotionOptions) {
    let diffusion = Self.square(motion.positionDrift * scale)
    let acceleration = Self.square(motion.velocityDrift * scale)
    let memory = motion.sizeMemory.seconds
    let sizeDecay = memory > 0 ? 1 / memory : 1e9
    x.predict(seconds: seconds, diffusion: diffusion, acceleration: acceleration)
    y.predict(seconds: seconds, diffusion: diffusion, acceleration: acceleration)
    width.predict(seconds: seconds, diffusion: diffusion, acceleration: acceleration, decay: sizeDecay)
    height.predict(seconds: seconds, diffusion: diffusion, acceleration: acceleration, decay: sizeDecay)
  }

  /// - Parameter certainty: 0…1, how sure the detection is.
  package mutating func correct(_ box: PixelBox, motion: MotionOptions, certainty: Double = 1) {
    let variance = Self.square(motion.measurement * scale * (1 + motion.doubt * (1 - certainty)))
    x.correct(measured: box.x, variance: variance)
    y.correct(measured: box.y, variance: variance)
    width.correct(measured: box.width, variance: variance)
    height.correct(measured: box.height, variance: variance)
    scale = self.box.scale
  }

  /// Moves the box and leaves its velocity.
  package mutating func shift(x across: Double, y down: Double) {
    x.position += across
    y.position += down
  }

  private static func square(_ value: Double) -> Double { value * value }
}

/// A box in pixels by its centre: what the filter estimates, isotropic where `Box` is not.
package struct PixelBox: Sendable, Codable, Equatable {
  package var x: Double
  package var y: Double
  package var width: Double
  package var height: Double

  package init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x; self.y = y; self.width = width; self.height = height
  }

  package init(_ box: Box, in size: PictureSize) {
    let w = Double(size.width), h = Double(size.height)
    self.init(x: (box.left + box.right) / 2 * w, y: (box.top + box.bottom) / 2 * h, width: box.width * w, height: box.height * h)
  }

  /// Nil where the box is not finite, has no area, or lies further than 1000 pictures away: no camera sees that, and
  /// arithmetic on it would overflow.
  package init?(checking box: Box, in size: PictureSize) {
    let reach = -1000.0...1000.0
    guard box.isFinite, reach.contains(box.left), reach.contains(box.top), reach.contains(box.right), reach.contains(box.bottom),
          box.width > 0, box.height > 0 else { return nil }
    self.init(box, in: size)
  }

  package func box(in size: PictureSize) -> Box {
    let w = Double(size.width), h = Double(size.height)
    return Box(center: Point(x: x / w, y: y / h), width: width / w, height: height / h)
  }

  /// The longer side, at least a pixel: below that a box's size says nothing.
  package var scale: Double { max(width, height, 1) }
  package var area: Double { width * height }

  /// Intersection over union, 0…1.
  package func iou(_ other: PixelBox) -> Double {
    let across = min(x + width / 2, other.x + other.width / 2) - max(x - width / 2, other.x - other.width / 2)
    let down = min(y + height / 2, other.y + other.height / 2) - max(y - height / 2, other.y - other.height / 2)
    guard across > 0, down > 0 else { return 0 }
    let common = across * down
    return common / (area + other.area - common)
  }

  /// The same box with a margin, in pixels, on each side.
  package func grown(x marginX: Double, y marginY: Double) -> PixelBox {
    PixelBox(x: x, y: y, width: width + 2 * marginX, height: height + 2 * marginY)
  }
}
