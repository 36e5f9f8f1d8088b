#!/usr/bin/python3
"""Serves one clip over RTSP on loopback, again and again from its start, as a camera would: at its own pace, with RTCP
sender reports, for as long as it runs.

    Tests/rtsp-server.py FILE PORT [--path /gate] [--user NAME --password WORD] [--once]

It prints `ready rtsp://127.0.0.1:PORT/gate` once it listens. H.264 is sent as it is, anything else is encoded first.
PORT 0 takes a free one. --once ends the stream with the clip. Each connection begins at the clip's start.

Debian: python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-good gstreamer1.0-plugins-bad ffmpeg
"""
import argparse
import subprocess
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402


def codec(path):
    words = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=codec_name", "-of", "csv=p=0", path]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


def transport_stream(path, once):
    """A process that writes the clip as MPEG-TS, time stamps running on from round to round."""
    video = ["-c:v", "copy"] if codec(path) == "h264" else ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "25"]
    loop = [] if once else ["-stream_loop", "-1"]
    return subprocess.Popen(["ffmpeg", "-v", "error", *loop, "-i", path, "-map", "0:v:0", *video, "-f", "mpegts", "pipe:1"],
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)


def refuse_to_seek(_, info):
    return Gst.PadProbeReturn.DROP if info.get_query().type == Gst.QueryType.SEEKING else Gst.PadProbeReturn.OK


class Clip(GstRtspServer.RTSPMediaFactory):
    def __init__(self, path, once):
        super().__init__()
        self.path, self.once = path, once

    def do_create_element(self, url):
        process = transport_stream(self.path, self.once)
        element = Gst.parse_launch(f"fdsrc fd={process.stdout.fileno()} ! tsdemux ! h264parse config-interval=-1 ! "
                                   "queue max-size-time=1000000000 ! rtph264pay name=pay0 pt=96")
        # The demuxer says it can seek, and can't on a pipe: the question is not let through.
        element.get_by_name("pay0").get_static_pad("src").add_probe(Gst.PadProbeType.QUERY_UPSTREAM, refuse_to_seek)
        self.last = (element, process)
        return element

    def do_configure(self, media):
        GstRtspServer.RTSPMediaFactory.do_configure(self, media)
        process = self.last[1]
        media.connect("unprepared", lambda _: process.kill())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file")
    parser.add_argument("port", type=int)
    parser.add_argument("--path", default="/gate")
    parser.add_argument("--user")
    parser.add_argument("--password")
    parser.add_argument("--once", action="store_true")
    wanted = parser.parse_args()

    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(str(wanted.port))
    clip = Clip(wanted.file, wanted.once)
    if wanted.user:
        auth = GstRtspServer.RTSPAuth()
        token = GstRtspServer.RTSPToken()
        token.set_string("media.factory.role", "viewer")
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(wanted.user, wanted.password or ""), token)
        server.set_auth(auth)
        rights = "viewer, media.factory.access=(boolean)true, media.factory.construct=(boolean)true"
        clip.add_role_from_structure(Gst.Structure.from_string(rights)[0])
    server.get_mount_points().add_factory(wanted.path, clip)
    if server.attach(None) == 0:
        sys.exit(f"rtsp-server: port {wanted.port} can't be listened on; it is taken")
    print(f"ready rtsp://127.0.0.1:{server.get_bound_port()}{wanted.path}", flush=True)
    GLib.MainLoop().run()


if __name__ == "__main__":
    main()
