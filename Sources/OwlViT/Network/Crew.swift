internal import Tensors

/// Who works on one picture: one thread alone, or a team that shares out each stage. The tasks are the same.
enum Crew {
  case alone(Workspace)
  /// Workspaces by worker.
  case together(Team, [Workspace])

  /// Workers are numbered below this.
  var size: Int {
    switch self {
    case .alone(let space): space.worker + 1
    case .together(let team, _): team.size
    }
  }

  /// Does tasks 0 ..< count; returns when all are done. Each is given the workspace of the thread that does it.
  @inline(__always)
  func share(_ count: Int, _ task: (_ index: Int, _ space: Workspace) -> Void) {
    switch self {
    case .alone(let space): for index in 0..<count { task(index, space) }
    case .together(let team, let spaces): team.share(count) { index, worker in task(index, spaces[worker]) }
    }
  }
}
