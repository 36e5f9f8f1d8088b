import Configuration
import Testing

@Suite struct NearestTests {
  @Test(arguments: [
    ("gte", ["gate", "yard"], "gate"), ("yrad", ["gate", "yard"], "yard"), ("zone.enterd", ["zone.entered", "zone.exited"], "zone.entered"),
    ("GATE", ["gate"], "gate"), ("bananas", ["gate", "yard"], nil), ("", ["a"], nil), ("x", ["y"], nil), ("ab", ["ba"], "ba"),
  ] as [(String, [String], String?)])
  func near(_ word: String, _ candidates: [String], _ answer: String?) {
    #expect(nearest(word, in: candidates) == answer)
  }

  @Test("A megabyte is nobody's typing mistake, and costs nothing")
  func huge() {
    #expect(nearest(String(repeating: "a", count: 1 << 20), in: ["gate"]) == nil)
  }

  @Test("Where nothing is near and there is little, all of it is told")
  func listing() {
    #expect(suggestion(for: "bananas", among: ["gate", "yard"]) == "there is gate, yard")
    #expect(suggestion(for: "bananas", among: []) == nil)
  }
}
