import Configuration
import Foundation
import RuleEngine

/// Thresholds written into a stream's file, everything else as it stands there: comments, order, quotes, blank lines.
public struct StreamFileEdit {
  public let path: String
  public let before: String
  public private(set) var after: String

  /// - Throws: `ConfigurationError`; where the file has no such query, or is written in a way that is not understood well enough to be changed.
  public init(path: String, thresholds: [(query: String, text: String, threshold: Double)]) throws {
    self.path = path
    before = try ConfigurationNode.read(path: path)
    after = before
    for (query, _, threshold) in thresholds { after = try Self.changed(after, path: path, query: query, to: tidied(threshold, 3)) }
  }

  /// As `diff -u` shows it; empty where nothing changes.
  public var diff: String { UnifiedDiff.text(before, after, name: path) }

  /// Puts the new text in the file's place: it holds the old text or the new, never half of one.
  public func apply() throws {
    guard after != before else { return }
    let target = URL(filePath: path).resolvingSymlinksInPath().path
    let temporary = target + ".owlwatch-\(ProcessInfo.processInfo.processIdentifier)"
    func failed(_ what: String) -> WorkerError {
      let reason = String(cString: strerror(errno))
      unlink(temporary)
      return WorkerError(.cannotCreate, "\(path): cannot \(what): \(reason); the file is as it was")
    }
    var status = stat()
    guard stat(target, &status) == 0 else { throw failed("read it") }
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, status.st_mode & 0o7777)
    guard descriptor >= 0 else { throw failed("write beside it") }
    let bytes = Array(after.utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { close(descriptor); throw failed("write it") }
      written += count
    }
    let isSafe = fchmod(descriptor, status.st_mode & 0o7777) == 0 && fsync(descriptor) == 0
    close(descriptor)
    guard isSafe, rename(temporary, target) == 0 else { throw failed("put it in place") }
  }

  // MARK: One query

  private static func changed(_ text: String, path: String, query: String, to threshold: String) throws -> String {
    let root = try ConfigurationNode.parse(text, file: path)
    let queries = try root.fields(known: StreamSettings.keys, of: "a stream")["queries"]
    guard let queries, let field = try queries.mapping(of: "queries").first(where: { $0.key == query }) else {
      throw ConfigurationError(file: path, line: queries?.line, key: "queries", problem: "the file has no query '\(query)'", suggestion: "add it: \(query): {text: …, threshold: \(threshold)}")
    }
    var lines = YAMLLines(text)
    switch field.value.content {
    case .mapping(let members):
      if let old = members.first(where: { $0.key == "threshold" })?.value {
        lines.replaceScalar(at: old, inFlow: true, with: threshold)
      } else if let first = members.first {
        lines.add("threshold: \(threshold)", besides: members.first { $0.key == "text" } ?? first, of: field)
      }
    default: lines.replaceScalar(at: field.value, inFlow: false) { "{text: \(YAMLLines.flowScalar($0)), threshold: \(threshold)}" }
    }
    let changed = lines.text
    guard let new = try? ConfigurationNode.parse(changed, file: path), same(new, root, except: "queries.\(query)"), Self.threshold(of: query, in: new) == threshold,
          Self.words(of: query, in: new) == Self.words(of: query, in: root) else {
      throw ConfigurationError(file: path, line: field.line, key: "queries.\(query)", problem: "this is written in a way that is not changed here",
                               suggestion: "write it by hand: \(query): {text: …, threshold: \(threshold)}")
    }
    return changed
  }

  private static func value(of query: String, in root: ConfigurationNode) -> ConfigurationNode? { root.member("queries")?.member(query) }
  private static func threshold(of query: String, in root: ConfigurationNode) -> String? { value(of: query, in: root)?.member("threshold")?.written }
  private static func words(of query: String, in root: ConfigurationNode) -> String? {
    let value = value(of: query, in: root)
    return value?.written ?? value?.member("text")?.written
  }

  /// Whether two files say the same, but for one place.
  private static func same(_ a: ConfigurationNode, _ b: ConfigurationNode, except place: String) -> Bool {
    if a.path == place { return b.path == place }
    switch (a.content, b.content) {
    case (.nothing, .nothing): return true
    case (.scalar(let a), .scalar(let b)): return a == b
    case (.sequence(let a), .sequence(let b)): return a.count == b.count && zip(a, b).allSatisfy { same($0, $1, except: place) }
    case (.mapping(let a), .mapping(let b)): return a.count == b.count && zip(a, b).allSatisfy { $0.key == $1.key && same($0.value, $1.value, except: place) }
    default: return false
    }
  }
}

extension ConfigurationNode {
  fileprivate func member(_ key: String) -> ConfigurationNode? {
    guard case .mapping(let fields) = content else { return nil }
    return fields.first { $0.key == key }?.value
  }
}
