import Foundation
import Worker

/// Asks a person at the terminal which events are right.
struct MarkingDialogue {
  func run(_ calibration: inout Calibration) {
    let count = calibration.events.count
    Terminal.say("\(count) events. y: right, n: wrong, s: skip, b: back, q: enough")
    var index = calibration.events.firstIndex { $0.mark == nil } ?? count
    while index < count {
      Terminal.ask("\(index + 1)/\(count)  \(calibration.line(index))  ?")
      guard let answer = readLine() else { return }
      switch answer.trimmingCharacters(in: .whitespaces).lowercased().first {
      case "y": calibration.mark(index, .right); index += 1
      case "n": calibration.mark(index, .wrong); index += 1
      case "s": index += 1
      case "b": index = max(0, index - 1)
      case "q": return
      default: Terminal.say("y, n, s, b or q")
      }
    }
  }
}
