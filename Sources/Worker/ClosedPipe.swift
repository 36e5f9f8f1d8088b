/// The reader of standard output has gone.
public struct ClosedPipe: Error, CustomStringConvertible {
  public init() {}
  public var description: String { "standard output: its reader has gone; to keep the output, write to a file" }
}
