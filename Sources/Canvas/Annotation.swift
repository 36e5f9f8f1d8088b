public import Scene

/// What is drawn over a picture.
public struct Annotation: Sendable {
  /// A box with its label. Labels may be empty.
  public struct LabelledBox: Sendable {
    /// Normalised to the picture.
    public var box: Box
    public var label: String
    /// Boxes of one query share an index, and so a colour.
    public var color: Int
    /// Where the object's anchor has been, oldest first, normalised; empty: no trail.
    public var trail: [Point]

    public init(box: Box, label: String, color: Int, trail: [Point] = []) {
      self.box = box; self.label = label; self.color = color; self.trail = trail
    }
  }

  public var boxes: [LabelledBox]
  public var zones: [Zone]
  public var lines: [Line]
  /// Written into the picture's lower left corner; nil or empty: nothing.
  public var caption: String?

  public init(boxes: [LabelledBox] = [], zones: [Zone] = [], lines: [Line] = [], caption: String? = nil) {
    self.boxes = boxes; self.zones = zones; self.lines = lines; self.caption = caption
  }
}
