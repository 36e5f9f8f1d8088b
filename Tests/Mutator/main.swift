// Feeds changed files to a reader until the time is over, in a process of its own: a trap, a crash or a hang ends it, and the number
// of the case that did it stands in the progress file.
//
//   mutator READER SECONDS FIRST PROGRESS     cases FIRST, FIRST + 1, …
//   mutator READER show NUMBER FILE           writes one case to a file, to look at

import Foundation

func seeds(of reader: Reader) throws -> [[UInt8]] {
  var files: [String] = []
  for place in reader.seeds.map({ Checkout.path + "/" + $0 }) {
    let inside = try? FileManager.default.contentsOfDirectory(atPath: place).sorted()
    files += inside.map { $0.map { place + "/" + $0 } } ?? [place]
  }
  return try files.filter { (try? FileManager.default.contentsOfDirectory(atPath: $0)) == nil }.map { [UInt8](try Data(contentsOf: URL(filePath: $0))) }
}

func feed(_ reader: Reader, seconds: Double, from first: UInt64, progress: String) throws {
  // What asks for more memory than any small file deserves is an error, too.
  var limit = rlimit(rlim_cur: 6 << 30, rlim_max: 6 << 30)
  setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
  signal(SIGPIPE, SIG_IGN)
  let shared = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
  let folder = shared + "/owlwatch-mutator-\(getpid())"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  let place = open(progress, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
  let seeds = try seeds(of: reader), end = ContinuousClock.now + .seconds(seconds)
  var number = first, accepted = 0
  while ContinuousClock.now < end {
    var word = number
    pwrite(place, &word, 8, 0)
    let mutation = Mutation.of(seeds, number: number)
    if (try? reader.read(mutation.bytes, seed: mutation.seed, in: folder)) != nil { accepted += 1 }
    number += 1
  }
  try FileManager.default.removeItem(atPath: folder)
  print("\(reader.rawValue): \(number - first) cases, \(accepted) accepted")
}

let words = CommandLine.arguments
guard words.count == 5, let reader = Reader(rawValue: words[1]), let number = UInt64(words[3]) else {
  print("mutator \(Reader.allCases.map(\.rawValue).joined(separator: "|")) SECONDS FIRST PROGRESS\nmutator READER show NUMBER FILE")
  exit(64)
}
if words[2] == "show" {
  try Reader.write(Mutation.of(seeds(of: reader), number: number).bytes, words[4])
} else {
  try feed(reader, seconds: Double(words[2]) ?? 1, from: number, progress: words[4])
}
