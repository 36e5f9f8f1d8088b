public import Scene

/// Draws the annotation over the picture and writes it as PNG at `path`, all or nothing: an older file stays until the new
/// one is complete.
public func drawAnnotated(_ picture: Picture, _ annotation: Annotation, to path: String) throws(CanvasError) {
}
