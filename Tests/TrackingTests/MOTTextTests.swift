import Scene
import Testing
import Tracking

@Suite struct MOTTextTests {
  private func frames(_ text: String) throws -> [MOTFrame] { try MOTReader(file: "det.txt").frames(of: text.utf8) }

  @Test("commas or blanks, any line end, byte order mark, comments, blank lines, a closing comma, whole numbers with fractions", arguments: [
    "1,-1,10,20,30,40,0.5", "1 -1 10 20 30 40 0.5", "  1\t-1  10 20 30 40 .5 ", "1, -1, 10, 20, 30, 40, 5e-1\r\n", "\u{FEFF}1,-1,10,20,30,40,0.5\n",
    "# a comment\n\n1,-1,10,20,30,40,0.5\n\n", "1,-1,10,20,30,40,0.5,", "1.0,-1.0,10,20,30.00,40,0.5", "1.000000e+00,-1.000000e+00,1e1,2e1,3e1,4e1,5.0e-01",
  ])
  func forms(text: String) throws {
    let row = MOTRow(frame: 1, id: -1, left: 10, top: 20, width: 30, height: 40, score: 0.5)
    let read = try frames(text)
    #expect(read == [MOTFrame(number: 1, rows: [row])])
  }

  @Test("frames come sorted, the rows of a frame in the order of the file; six columns mean score 1")
  func unsorted() throws {
    let read = try frames("3,1,1,1,5,5\n1,2,2,2,5,5,0.25,-1,-1,-1\n3,3,3,3,5,5\n1,4,4,4,5,5\n")
    #expect(read.map(\.number) == [1, 3])
    #expect(read.map { $0.rows.map(\.id) } == [[2, 4], [1, 3]])
    #expect(read[1].rows[0].score == 1)
    #expect(read[0].rows[0].rest == [-1, -1, -1])
    #expect(read[1].time(fps: 10) == MediaTime(nanoseconds: 200_000_000))
    let none = try frames("")
    #expect(none.isEmpty)
  }

  @Test("each mistake is told with line, column, value and remedy", arguments: [
    ("1,-1,nan,2,3,4,1", "det.txt:1, column 3: 'nan' is no number; left is a decimal number"),
    ("1,-1,1,inf,3,4,1", "det.txt:1, column 4: 'inf' is no number; top is a decimal number"),
    ("1,-1,1,1e999,3,4,1", "det.txt:1, column 4: '1e999' is beyond all pictures; top lies between -10000000.0 and 10000000.0"),
    ("1,-1,0x10,2,3,4,1", "det.txt:1, column 3: '0x10' is no number; left is a decimal number"),
    ("1,-1,1,2,-3,4,1", "det.txt:1, column 5: '-3' is no size; the width is greater than 0 pixels"),
    ("1,-1,1,2,3,0,1", "det.txt:1, column 6: '0' is no size; the height is greater than 0 pixels"),
    ("1,-1,1,2,3,4,1\n0,-1,1,2,3,4,1", "det.txt:2, column 1: '0' is out of range; the frame is a whole number from 1 to 100000000"),
    ("99999999999999999999,-1,1,2,3,4,1", "det.txt:1, column 1: '99999999999999999999' is out of range; the frame is a whole number from 1 to 100000000"),
    ("1.5,-1,1,2,3,4,1", "det.txt:1, column 1: '1.5' is out of range; the frame is a whole number from 1 to 100000000"),
    ("1,-2,1,2,3,4,1", "det.txt:1, column 2: '-2' is out of range; the id is a whole number from -1 to 2147483647"),
    ("1,2,3", "det.txt:1: '1,2,3' has 3 columns; write frame,id,left,top,width,height,score"),
    ("1,,3,4,5,6,7", "det.txt:1, column 2: '' is no number; the id is a decimal number"),
    ("1,-1,1,2,3,4,x\u{1b}[31m", "det.txt:1, column 7: 'x\u{FFFD}[31m' is no number; the score is a decimal number"),
    ("1,-1,1,2,3,4,1,2,oops", "det.txt:1, column 9: 'oops' is no number; the value is a decimal number"),
    (",,,,,,,", "det.txt:1, column 1: '' is no number; the frame is a decimal number"),
    ("{\"frame\":1}", "det.txt:1: '{\"frame\":1}' has 1 columns; write frame,id,left,top,width,height,score"),
  ])
  func mistakes(text: String, message: String) throws {
    let error = #expect(throws: MOTError.self) { _ = try frames(text) }
    #expect(error?.description == message)
  }

  @Test("a seeded mutator over 20,000 texts: rows that are read have sane values, the rest throws, nothing crashes")
  func mutated() {
    var random = Random(seed: 17)
    let seed = Array("1,-1,889.7,422.6,137.7,520.4,0.94,-1,-1,-1\n12 3 1e3 -2.5 7 8 1\r\n".utf8)
    let spice = Array("0123456789,.-+eE nafixp\n\r\t#\u{FEFF}".utf8) + [0, 0xFF]
    var read = 0, thrown = 0
    for _ in 0..<20_000 {
      var text = seed
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let place = Int.random(in: 0..<text.count, using: &random), byte = spice.randomElement(using: &random)!
        if Bool.random(using: &random) { text[place] = byte } else { text.insert(byte, at: place) }
      }
      do {
        for row in try MOTReader(file: "x").rows(of: text) {
          read += 1
          #expect((1...MOTReader.lastFrame).contains(row.frame) && row.width > 0 && row.height > 0 && row.score.isFinite)
        }
      } catch { thrown += 1 }
    }
    #expect(read > 1000 && thrown > 1000)
  }

  @Test("a line reads back as its row, short and in fixed columns")
  func lines() throws {
    let row = MOTRow(frame: 7, id: 12, left: -0.251, top: 1911.996, width: 80.5, height: 203, score: 0.93756, rest: [-1, -1, -1])
    #expect(row.line == "7,12,-0.25,1912,80.5,203,0.9376,-1,-1,-1\n")
    let reread = try frames(row.line)
    let again = try #require(reread.first?.rows.first)
    #expect(again.line == row.line)
    #expect(MOTRow(frame: 1, id: 1, left: -0.001, top: 0, width: 1, height: 1, score: 0).line == "1,1,0,0,1,1,0\n")
  }

  @Test("what a track showed before it was believed is written once it is, what never was believed is not")
  func heldBack() {
    var tracks = MOTTracks(size: PictureSize(width: 100, height: 100))
    tracks.add([track(1, .tentative), track(2, .tentative)], frame: 1)
    tracks.add([track(1, .confirmed), track(2, .tentative)], frame: 2)
    tracks.add([track(1, .coasting), track(2, .ended)], frame: 3)
    tracks.add([track(1, .confirmed)], frame: 4)
    #expect(tracks.finish().map { [$0.frame, $0.id] } == [[1, 1], [2, 1], [4, 1]])
    tracks.bridgedFrames = 1
    #expect(tracks.finish().map { [$0.frame, $0.id] } == [[1, 1], [2, 1], [3, 1], [4, 1]])
    #expect(tracks.finish()[2].left == 10)
    var live = MOTTracks(size: PictureSize(width: 100, height: 100), looksBack: false)
    live.add([track(1, .tentative)], frame: 1)
    live.add([track(1, .confirmed)], frame: 2)
    #expect(live.finish().map(\.frame) == [2])
  }

  private func track(_ number: Int, _ state: Track.State) -> Track {
    Track(id: TrackID(session: 0, number: number), query: 0, state: state, box: Box(left: 0.1, top: 0.1, right: 0.2, bottom: 0.4),
          score: 0.5, medianScore: 0.5, detected: state != .coasting && state != .ended,
          wasConfirmed: state == .confirmed || state == .coasting, firstDetected: .zero, lastDetected: .zero)
  }
}
