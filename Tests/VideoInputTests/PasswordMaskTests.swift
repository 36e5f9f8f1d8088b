import Testing
import VideoInput

@Suite struct PasswordMaskTests {
  @Test(arguments: [
    ("clip.mp4", "clip.mp4"),
    ("a:b@c.mp4", "a:b@c.mp4"),
    ("rtsp://10.0.0.12/1", "rtsp://10.0.0.12/1"),
    ("rtsp://viewer@10.0.0.12/1", "rtsp://viewer@10.0.0.12/1"),
    ("rtsp://viewer:s3cret@10.0.0.12:554/1", "rtsp://viewer:***@10.0.0.12:554/1"),
    ("rtsp://viewer:p@ss@host/1", "rtsp://viewer:***@host/1"),
    ("rtsp://viewer:p/ss@host/1", "rtsp://viewer:***@host/1"),
    ("rtsp://viewer:p?s#s@host/1", "rtsp://viewer:***@host/1"),
    ("rtsp://host:554/cam@2", "rtsp://host:554/cam@2"),
    ("rtsp://:pw@host/", "rtsp://:***@host/"),
    ("http://cam/s?user=x&pwd=y&ch=1", "http://cam/s?user=x&pwd=***&ch=1"),
    ("http://cam/s?Token=abc", "http://cam/s?Token=***"),
    ("rtsp://[::1]:554/a@b", "rtsp://[::1]:554/a@b"),
  ])
  func masks(source: String, masked: String) {
    #expect(maskingPassword(in: source) == masked)
  }

  @Test func errorsNeverTellAPassword() {
    let url = "rtsp://viewer:s3cret@host/1?key=s3cret"
    let error = VideoInputError(.unavailable, attempted: "open", source: url,
                                libraryWords: "method DESCRIBE failed for \(url) : 404", remedy: "start it")
    #expect(!error.description.contains("s3cret"))
    #expect(error.description.contains("rtsp://viewer:***@host/1?key=***"))
  }
}
