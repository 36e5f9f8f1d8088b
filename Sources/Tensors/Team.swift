internal import CKernels

/// Threads that share out tasks. The caller is one of them, worker 0, and waits for tasks, never for threads: where the machine is
/// busy elsewhere it does them all itself. The others sleep meanwhile.
public final class Team: @unchecked Sendable {
  public let size: Int
  private let handle: OpaquePointer

  /// - Returns: nil where the system refuses another thread.
  public init?(size: Int) {
    guard size >= 1, size <= 1024, let handle = ow_team_create(Int32(size)) else { return nil }
    self.size = size
    self.handle = handle
  }

  deinit { ow_team_destroy(handle) }

  /// Does tasks 0 ..< count, each once, by whoever is free, and returns when all are done. One call at a time; tasks may not call it.
  /// - Parameter task: is given its index, and who does it, 0 ..< size: no two tasks at once have the same worker.
  public func share(_ count: Int, _ task: (_ index: Int, _ worker: Int) -> Void) {
    precondition(count >= 0 && count <= Int(Int32.max), "a stage's tasks can be counted")
    ow_team_share_closure(handle, Int32(count), task)
  }
}

/// `ow_team_share` for a closure, which C gets as the two words that Swift passes: `withoutActuallyEscaping` would allocate at every
/// stage of every picture. Sources/CKernels/team.c has the other side.
@_silgen_name("ow_team_share_closure")
private func ow_team_share_closure(_ team: OpaquePointer, _ count: Int32, _ task: (Int, Int) -> Void)
