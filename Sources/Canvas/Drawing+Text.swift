internal import CCairo
import Scene

extension Drawing {
  /// Longest label, in characters: a query may be a paragraph.
  static let longestLabel = 80

  /// Above the box, or inside it where there is no room above.
  func drawLabel(of labelled: Annotation.LabelledBox) {
    guard let corner = place(Point(x: labelled.box.left, y: labelled.box.top)) else { return }
    let height = rowHeight
    let y = corner.y >= height ? corner.y - height : corner.y
    drawText(labelled.label, x: corner.x.rounded(), y: y.rounded(), background: Colors.of(labelled.color))
  }

  /// In the lower left corner.
  func drawCaption(_ caption: String) {
    drawText(caption, x: 0, y: Double(size.height) - rowHeight, background: Colors.RGB(red: 0, green: 0, blue: 0))
  }

  /// Height of a row of text with its background, pixels.
  var rowHeight: Double { (letters * 1.4).rounded(.up) }

  /// Text on a ground of its own, black or white by what is read better; moved so that its beginning lies in the picture.
  func drawText(_ text: String, x: Double, y: Double, background: Colors.RGB) {
    let text = Self.printable(text)
    guard !text.isEmpty else { return }
    var extents = cairo_text_extents_t()
    cairo_text_extents(pen, text, &extents)
    let width = (extents.x_advance + letters * 0.6).rounded(.up)
    let left = max(0, min(x, Double(size.width) - width)), top = max(0, min(y, Double(size.height) - rowHeight))
    use(background)
    cairo_rectangle(pen, left, top, width, rowHeight)
    cairo_fill(pen)
    use(background.brightness > 0.4 ? Colors.RGB(red: 0, green: 0, blue: 0) : Colors.RGB(red: 1, green: 1, blue: 1))
    cairo_move_to(pen, left + letters * 0.3, top + letters * 1.05)
    cairo_show_text(pen, text)
    // Showing text leaves a point behind, from which the next path would begin.
    cairo_new_path(pen)
  }

  /// Swift's strings are sound UTF-8, but Cairo refuses Unicode's noncharacters; line ends and other controls have no shape,
  /// and a zero byte would end the text. Characters that the font lacks are drawn as its empty box.
  private static func printable(_ text: String) -> String {
    let short = text.count > longestLabel ? text.prefix(longestLabel) + "…" : text[...]
    // One character may be any number of scalars.
    let scalars = short.unicodeScalars.prefix(4 * longestLabel).map { scalar -> Unicode.Scalar in
      if scalar.properties.generalCategory == .control { return " " }
      return scalar.properties.isNoncharacterCodePoint ? "\u{FFFD}" : scalar
    }
    return String(String.UnicodeScalarView(scalars))
  }
}
