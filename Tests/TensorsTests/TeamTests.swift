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
      team.run { member in
        member.share(tasks) { done[$0].value.add(1, ordering: .relaxed) }
        member.share(1) { _ in
          for task in 0..<tasks where done[task].value.load(ordering: .relaxed) != run { done[task].missed.add(1, ordering: .relaxed) }
        }
      }
    }
    for task in 0..<tasks {
      #expect(done[task].value.load(ordering: .relaxed) == 300, "task \(task)")
      #expect(done[task].missed.load(ordering: .relaxed) == 0, "stage began before task \(task) was done")
    }
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
