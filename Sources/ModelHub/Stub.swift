public struct ModelHubError: Error { public var exitCode: Int32 { 69 } }
public enum ModelHub { public static func resolve(_ n: String, searchDirectories: [String]) throws -> String { n } }
