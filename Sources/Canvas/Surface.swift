internal import CCairo
import Scene

/// A Cairo picture in memory, and the pen that draws on it. Owns both.
struct Surface: ~Copyable {
  let size: PictureSize
  private let surface: OpaquePointer
  let pen: OpaquePointer

  /// A blank picture. Cairo hands out objects in any case; what went wrong is in their status.
  private init(size: PictureSize) {
    self.size = size
    surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(clamping: size.width), Int32(clamping: size.height))
    pen = cairo_create(surface)
  }

  /// A copy of the picture: Cairo has pixels of four bytes.
  static func copy(of picture: Picture) throws(CanvasError) -> Surface {
    let copy = Surface(size: picture.size)
    try check(cairo_surface_status(copy.surface), "cairo_image_surface_create \(picture.width) × \(picture.height)")
    try check(cairo_status(copy.pen), "cairo_create")
    copy.fill(from: picture)
    return copy
  }

  deinit {
    cairo_destroy(pen)
    cairo_surface_destroy(surface)
  }

  private func fill(from picture: Picture) {
    cairo_surface_flush(surface)
    guard let data = cairo_image_surface_get_data(surface) else { return }
    let stride = Int(cairo_image_surface_get_stride(surface))
    for y in 0..<size.height {
      let from = picture.pixels.advanced(by: y * picture.rowBytes).assumingMemoryBound(to: UInt8.self)
      let to = UnsafeMutableRawPointer(data).advanced(by: y * stride).assumingMemoryBound(to: UInt32.self)
      for x in 0..<size.width {
        to[x] = UInt32(from[x * 3]) << 16 | UInt32(from[x * 3 + 1]) << 8 | UInt32(from[x * 3 + 2])
      }
    }
    cairo_surface_mark_dirty(surface)
  }

  /// Errors of all strokes before: Cairo keeps the first and draws no more.
  func checkDrawing() throws(CanvasError) { try check(cairo_status(pen), "drawing") }

  /// Writes the PNG's bytes piece by piece. False where the file did not take them all.
  func encodePNG(to file: AtomicFile) throws(CanvasError) -> Bool {
    let status = cairo_surface_write_to_png_stream(surface, { file, bytes, count in
      let file = Unmanaged<AtomicFile>.fromOpaque(file!).takeUnretainedValue()
      return file.take(UnsafeRawBufferPointer(start: bytes, count: Int(count))) ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR
    }, Unmanaged.passUnretained(file).toOpaque())
    if status == CAIRO_STATUS_WRITE_ERROR { return false }
    try check(status, "cairo_surface_write_to_png_stream")
    return true
  }
}
