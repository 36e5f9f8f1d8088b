import Foundation
import Testing

/// GStreamer's RTSP server on loopback, in a process of its own.
final class RTSPServer {
  let address: String
  let port: Int
  private let running: Running

  init(_ clip: String, port: Int = 0, user: String? = nil, password: String? = nil) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = [Owlwatch.root.appending(path: "Tests/rtsp-server.py").path, clip, "\(port)"]
      + (user.map { ["--user", $0, "--password", password ?? ""] } ?? [])
    running = try Running(process)
    let isReady = running.wait(seconds: 30) { $0.outputSoFar.contains("ready rtsp://") || !$0.process.isRunning }
    let line = running.outputSoFar.split(separator: "\n").first { $0.hasPrefix("ready ") }
    try #require(isReady && line != nil, "\(running.errorsSoFar); is it all installed? scripts/install-packages scripts/packages-test.txt")
    address = String(line!.dropFirst("ready ".count))
    self.port = try #require(URL(string: address)?.port)
  }

  /// As a power cut would.
  func kill() {
    running.signal(SIGKILL)
    running.process.waitUntilExit()
  }

  deinit { if running.process.isRunning { kill() } }
}

/// A port of loopback where connections are accepted by the system, and nobody answers.
final class SilentServer {
  let port: Int
  private let descriptor: Int32

  init() throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    try #require(descriptor >= 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    let bound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) == 0 && listen(descriptor, 16) == 0 && getsockname(descriptor, $0, &length) == 0 }
    }
    try #require(bound)
    port = Int(UInt16(bigEndian: address.sin_port))
  }

  deinit { close(descriptor) }
}
