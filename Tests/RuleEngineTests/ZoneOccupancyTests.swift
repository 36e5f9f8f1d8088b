import EventLog
import RuleEngine
import Scene
import Testing

/// The right half of the picture is the zone, as for zone.entered; two people are too many. One letter is 200 ms, and o → x
/// crosses the border half way. In the diagrams a letter of either track stands for both rows of a test.
@Suite struct ZoneOccupancyTests {
  static let letters: [EventType: Character] = [.zoneOccupancy: "O"]

  struct Row: CustomTestStringConvertible {
    var sentence: String
    var tracks: [String]
    var told: String
    var at: [Int]
    var reasons: [EndReason] = []
    var more = ", max: 2"
    var testDescription: String { sentence }
  }

  @Test(arguments: [
    Row(sentence: "Full is told once two have been inside for 2 s, and happened when the second came in.",
        tracks: ["xxxxxxxxxxxxxx", "ooxxxxxxxxxxxx"], told: "............O.O", at: [300, 2600], reasons: [.endOfStream]),
    Row(sentence: "Shorter than the hold is nothing.", tracks: ["xxxxxxxxxxxxxx", "ooxxxxxxxxxooo"], told: "...............", at: []),
    Row(sentence: "It is over once one has been outside for 2 s, and was when that one crossed the border.",
        tracks: ["xxxxxxxxxxxxxxxxxxxxxxxxxx", "xxxxxxxxxxxxooooooooooooooo"], told: "..........O...........O.....", at: [0, 2300], reasons: [.over]),
    Row(sentence: "Back within the hold, it was never over.",
        tracks: ["xxxxxxxxxxxxxxxxxxxx", "xxxxxxxxxxxxooooxxxx"], told: "..........O.........O", at: [0, 3800], reasons: [.endOfStream]),
    Row(sentence: "Who is carried is waited for: seen inside again, it never left.",
        tracks: ["xxxxxxxxxxxxxx", "xxxxx'x'x'x'x'x'x'xxx"], told: "............O.O", at: [0, 2600], reasons: [.endOfStream]),
    Row(sentence: "Lost, it was gone when last seen, and the two had been there for 1 s only.",
        tracks: ["xxxxxxxxxxxxxxxxxx", "xxxxxx'x'x'x'x'x'x'x!   "], told: "...................", at: []),
    Row(sentence: "A gap suspends the count: 1 s before it and 1 s after it make two.",
        tracks: ["xxxxxx_____xxxxxxx", "xxxxxx_____xxxxxxx"], told: "................O.O", at: [0, 3400], reasons: [.endOfStream]),
    Row(sentence: "Outside after a gap: it left when it was last seen inside, and was not yet full.",
        tracks: ["xxxxxx_____xxxxxxxxxxx", "xxxxxx_____ooooooooooo"], told: ".......................", at: []),
    Row(sentence: "At most one: it is empty from the first keyframe on, and over when the second came in.",
        tracks: ["xxxxxxxxxxxxxxxxxxxxxxxxxx", "ooooooooooooxxxxxxxxxxxxxx"], told: "..........O...........O....", at: [0, 2300], reasons: [.over], more: ", min: 1"),
    Row(sentence: "Another hold.", tracks: ["xxxxxx", "ooxxxx"], told: "...O..O", at: [300, 1000], reasons: [.endOfStream], more: ", max: 2, hold: 200ms"),
  ])
  func occupancy(_ row: Row) throws {
    let answer = try ZoneEnteredTests.timeline(row.more, kind: "zone.occupancy").run(row.tracks.map { ($0, query: 0) })
    answer.expect(row.told, at: row.at, reasons: row.reasons, in: Self.letters)
  }
}
