internal import CKernels

/// Threads that work on one thing together. The caller is one of them. Sleeps between runs.
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

  /// Runs `body` once on every thread, and returns when all have ended. One run at a time.
  public func run(_ body: (Member) -> Void) {
    withoutActuallyEscaping(body) { body in
      var job = Job(handle: handle, size: size, body: body)
      withUnsafeMutablePointer(to: &job) { job in
        ow_team_run(handle, { context, worker in
          let job = context!.assumingMemoryBound(to: Job.self)
          job.pointee.body(Member(worker: Int(worker), size: job.pointee.size, handle: job.pointee.handle))
        }, job)
      }
    }
  }

  private struct Job {
    var handle: OpaquePointer
    var size: Int
    var body: (Member) -> Void
  }

  /// One thread of a run.
  public struct Member {
    /// 0 ..< size
    public let worker: Int
    public let size: Int
    fileprivate let handle: OpaquePointer

    /// Everybody's share of tasks 0 ..< count, taken one by one by whoever is free; returns when all are done.
    /// Every member of the team must come here.
    @inline(__always)
    public func share(_ count: Int, _ task: (Int) -> Void) {
      while true {
        let ticket = ow_team_ticket(handle)
        if ticket >= count { break }
        task(ticket)
      }
      ow_team_barrier(handle)
    }
  }
}

/// How the tasks of one picture are done: by one thread alone, or shared by its team. The tasks are the same.
public enum Crew {
  case alone(worker: Int)
  case together(Team.Member)

  public var worker: Int {
    switch self {
    case .alone(let worker): worker
    case .together(let member): member.worker
    }
  }

  @inline(__always)
  public func share(_ count: Int, _ task: (Int) -> Void) {
    switch self {
    case .alone: for index in 0..<count { task(index) }
    case .together(let member): member.share(count, task)
    }
  }
}
