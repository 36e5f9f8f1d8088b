internal import CCairo
public import Scene

/// Draws the annotation over the picture and writes it as PNG at `path`, all or nothing: an older file stays as it is until
/// the new one is complete. Boxes and points that are not finite, or that lie outside, are drawn as far as they can be.
public func drawAnnotated(_ picture: Picture, _ annotation: Annotation, to path: String) throws(CanvasError) {
  let surface = try Surface.copy(of: picture)
  let drawing = Drawing(pen: surface.pen, size: picture.size)
  for zone in annotation.zones { drawing.draw(zone) }
  for line in annotation.lines { drawing.draw(line) }
  for box in annotation.boxes { drawing.drawFrame(of: box) }
  // Labels last: no frame crosses one.
  for box in annotation.boxes { drawing.drawLabel(of: box) }
  if let caption = annotation.caption { drawing.drawCaption(caption) }
  try surface.checkDrawing()

  let file = try AtomicFile(path: path)
  guard try surface.encodePNG(to: file) else { throw file.error }
  try file.keep()
}

/// Strokes and letters in sizes that fit the picture.
struct Drawing {
  let pen: OpaquePointer
  let size: PictureSize
  /// Width of a stroke, pixels: 2 on a small picture, 3 on 1080p, more beyond.
  let stroke: Double
  /// Height of letters, pixels.
  let letters: Double

  init(pen: OpaquePointer, size: PictureSize) {
    self.pen = pen
    self.size = size
    stroke = max(2, (Double(min(size.width, size.height)) / 360).rounded())
    letters = max(10, (Double(min(size.width, size.height)) / 40).rounded())
    cairo_select_font_face(pen, "sans", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD)
    cairo_set_font_size(pen, letters)
    cairo_set_line_join(pen, CAIRO_LINE_JOIN_MITER)
    cairo_set_line_width(pen, stroke)
  }

  func use(_ color: Colors.RGB, opacity: Double = 1) {
    cairo_set_source_rgba(pen, color.red, color.green, color.blue, opacity)
  }

  /// In pixels, and not farther out than Cairo's fixed point reaches; nil where it is not a number.
  func place(_ point: Point) -> (x: Double, y: Double)? {
    guard point.x.isFinite, point.y.isFinite else { return nil }
    func near(_ value: Double, _ length: Int) -> Double { max(-1, min(2, value)) * Double(length) }
    return (near(point.x, size.width), near(point.y, size.height))
  }

  /// The path through all points that are numbers. False where they are fewer than two.
  func trace(_ points: [Point]) -> Bool {
    let places = points.compactMap { place($0) }
    guard places.count >= 2 else { return false }
    cairo_new_path(pen)
    for (x, y) in places { cairo_line_to(pen, x, y) }
    return true
  }

  func drawFrame(of labelled: Annotation.LabelledBox) {
    let color = Colors.of(labelled.color)
    if trace(labelled.trail) {
      use(color, opacity: 0.8)
      cairo_stroke(pen)
    }
    guard let corner = place(Point(x: labelled.box.left, y: labelled.box.top)),
          let far = place(Point(x: labelled.box.right, y: labelled.box.bottom)) else { return }
    use(color)
    // The stroke lies inside the box, on whole pixels, so that its edges are sharp.
    let left = corner.x.rounded(), top = corner.y.rounded()
    cairo_rectangle(pen, left + stroke / 2, top + stroke / 2, max(0, far.x.rounded() - left - stroke), max(0, far.y.rounded() - top - stroke))
    cairo_stroke(pen)
  }
}
