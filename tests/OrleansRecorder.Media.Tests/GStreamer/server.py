"""Serves test pictures and sounds by GStreamer's RTSP server, on a free port that it prints, until its standard input ends."""
import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import Gio, GLib, Gst, GstRtspServer

Gst.init(None)

PICTURE = "videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=25/1"
SOUND = "audiotestsrc is-live=true freq=1000 ! audio/x-raw,rate={rate},channels=1"
H264 = PICTURE + " ! x264enc speed-preset=ultrafast tune=zerolatency bitrate={bitrate} key-int-max={gop} ! rtph264pay name=pay0 pt=96 config-interval=-1"
AAC = SOUND.format(rate=16000) + " ! avenc_aac ! rtpmp4gpay name=pay1 pt=97"
PCMA = SOUND.format(rate=8000) + " ! alawenc ! rtppcmapay name=pay1 pt=8"

STREAMS = {
    "/aac": H264.format(bitrate=2000, gop=25) + " " + AAC,
    "/pcma": H264.format(bitrate=500, gop=25) + " " + PCMA,
    "/video": H264.format(bitrate=500, gop=25),
    "/low": H264.format(bitrate=64, gop=50),
    "/long-gop": H264.format(bitrate=500, gop=100000),
    "/slow": PICTURE.replace("25/1", "2/1") + " ! x264enc speed-preset=ultrafast tune=zerolatency bitrate=100 key-int-max=4 ! rtph264pay name=pay0 pt=96",
    "/b-frames": PICTURE + " ! x264enc speed-preset=veryfast bframes=2 b-adapt=false bitrate=500 key-int-max=25 ! video/x-h264,profile=main"
                 " ! rtph264pay name=pay0 pt=96 config-interval=-1",
    "/h265": PICTURE + " ! x265enc speed-preset=ultrafast tune=zerolatency bitrate=500 key-int-max=25 ! rtph265pay name=pay0 pt=96 config-interval=-1",
    "/sound-only": SOUND.format(rate=8000) + " ! alawenc ! rtppcmapay name=pay0 pt=8",
}


def digest():
    auth = GstRtspServer.RTSPAuth.new()
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "user")
    auth.add_digest("admin", "p@ss/word#1", token)
    return auth


def tls(path):
    auth = GstRtspServer.RTSPAuth.new()
    auth.set_tls_certificate(Gio.TlsCertificate.new_from_file(path))
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "user")
    auth.set_default_token(token)
    return auth


gi.require_version("GstRtsp", "1.0")
from gi.repository import GstRtsp

server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service("0")
if "--digest" in sys.argv:
    server.set_auth(digest())
if "--tls" in sys.argv:
    server.set_auth(tls(sys.argv[sys.argv.index("--tls") + 1]))
for path, description in STREAMS.items():
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch("( " + description + " )")
    factory.set_shared(False)
    if "--digest" in sys.argv or "--tls" in sys.argv:
        permissions = GstRtspServer.RTSPPermissions()
        permissions.add_permission_for_role("user", "media.factory.access", True)
        permissions.add_permission_for_role("user", "media.factory.construct", True)
        factory.set_permissions(permissions)
    if "--udp" in sys.argv:
        factory.set_protocols(GstRtsp.RTSPLowerTrans.UDP)
    server.get_mount_points().add_factory(path, factory)
server.attach(None)
print(server.get_bound_port(), flush=True)

loop = GLib.MainLoop()
threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
loop.run()
