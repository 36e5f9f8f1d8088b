public import Scene

/// One row of MOT text: `frame,id,left,top,width,height,score,…`.
public struct MOTRow: Sendable, Equatable {
  /// From 1.
  public var frame: Int
  /// −1 where the row is a detection that belongs to no track yet.
  public var id: Int
  /// Pixels.
  public var left: Double, top: Double, width: Double, height: Double
  /// Score of a detection, 0…1; in ground truth 1 or 0: whether the row counts.
  public var score: Double
  /// What follows, as written: class and visibility in ground truth, a place in the world elsewhere.
  public var rest: [Double]

  public init(frame: Int, id: Int, left: Double, top: Double, width: Double, height: Double, score: Double, rest: [Double] = []) {
    self.frame = frame; self.id = id; self.left = left; self.top = top; self.width = width; self.height = height
    self.score = score; self.rest = rest
  }

  /// The box, normalised to a picture of this size.
  public func box(in size: PictureSize) -> Box {
    let w = Double(size.width), h = Double(size.height)
    return Box(left: left / w, top: top / h, right: (left + width) / w, bottom: (top + height) / h)
  }
}

/// The rows of one frame.
public struct MOTFrame: Sendable, Equatable {
  /// From 1.
  public var number: Int
  /// In the order of the file.
  public var rows: [MOTRow]

  public init(number: Int, rows: [MOTRow]) { self.number = number; self.rows = rows }

  /// Its media time: the first frame is at 0.
  /// - Precondition: `fps` > 0.
  public func time(fps: Double) -> MediaTime {
    precondition(fps > 0, "frames follow each other at a positive rate")
    return MediaTime(seconds: Double(number - 1) / fps)
  }

  /// Its rows as detections of one query.
  public func detections(query: Int = 0, in size: PictureSize) -> [Detection] {
    rows.map { Detection(box: $0.box(in: size), query: query, score: $0.score) }
  }
}

/// What is wrong with a row of MOT text.
public struct MOTError: Error, Sendable, Equatable, CustomStringConvertible {
  public var file: String
  /// From 1.
  public var line: Int
  /// From 1; nil where the row as a whole is wrong.
  public var column: Int?
  /// The value as written, cut after 40 characters.
  public var value: String
  public var problem: String
  public var remedy: String

  public var description: String {
    "\(file):\(line)\(column.map { ", column \($0)" } ?? ""): '\(value)' \(problem); \(remedy)"
  }
}
