import Glibc
import Synchronization
import Tensors
import Testing

@Suite struct TeamTests {
  @Test func blocksCoverEveryRowOnce() {
    for rows in 1...5000 {
      let blocks = Blocks(rows: rows)
      var next = 0
      for index in 0..<blocks.count {
        let block = blocks[index]
        #expect(block.lowerBound == next && blocks.heights.contains(block.count))
        next = block.upperBound
      }
      #expect(next == rows && blocks.highest <= 128)
      #expect(blocks.count == 1 || blocks.count % 2 == 0)
    }
  }

  @Test(arguments: [1, 2, 3, 8]) func everyTaskIsDoneOnceAndBeforeTheNextStage(size: Int) throws {
    let team = try #require(Team(size: size))
    let tasks = 37
    let done = (0..<tasks).map { _ in Atomic2() }
    for run in 1...300 {
      team.share(tasks) { index, _ in done[index].value.add(1, ordering: .relaxed) }
      team.share(2) { _, _ in
        for task in 0..<tasks where done[task].value.load(ordering: .relaxed) != run { done[task].missed.add(1, ordering: .relaxed) }
      }
    }
    for task in 0..<tasks {
      #expect(done[task].value.load(ordering: .relaxed) == 300, "task \(task)")
      #expect(done[task].missed.load(ordering: .relaxed) == 0, "stage began before task \(task) was done")
    }
  }

  @Test func noTwoTasksAtOnceHaveTheSameWorker() throws {
    let team = try #require(Team(size: 4))
    let busy = (0..<4).map { _ in Atomic2() }
    for _ in 0..<200 {
      team.share(16) { _, worker in
        if busy[worker].value.add(1, ordering: .acquiring).newValue != 1 { busy[worker].missed.add(1, ordering: .relaxed) }
        busy[worker].value.subtract(1, ordering: .releasing)
      }
    }
    for worker in busy { #expect(worker.missed.load(ordering: .relaxed) == 0) }
  }

  /// A thread that the system holds back keeps nobody waiting but for the task in its hands: the caller does the other tasks.
  @Test func theCallerWaitsForTasksAndNotForThreads() throws {
    let team = try #require(Team(size: 2))
    let clock = ContinuousClock()
    let helper = Atomic2()
    let taken = clock.measure {
      team.share(20) { _, worker in
        if worker == 1 { helper.value.add(1, ordering: .relaxed) }
        usleep(worker == 1 ? 100_000 : 1000)
      }
    }
    #expect(helper.value.load(ordering: .relaxed) <= 1)
    #expect(taken < .milliseconds(1000))
    // No task is left to the helper: it isn't woken, and isn't waited for.
    #expect(clock.measure { for _ in 0..<1000 { team.share(1) { _, _ in } } } < .milliseconds(500))
  }

  @Test func noTeamOfNobody() {
    #expect(Team(size: 0) == nil)
    #expect(Team(size: 1 << 40) == nil)
  }

  /// Atomics can't stand in an array themselves.
  final class Atomic2: Sendable {
    let value = Atomic<Int>(0)
    let missed = Atomic<Int>(0)
  }
}
