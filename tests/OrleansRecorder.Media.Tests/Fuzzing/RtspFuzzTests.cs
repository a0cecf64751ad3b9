using System.Text;
using OrleansRecorder.Media.Rtsp;
using OrleansRecorder.Media.Rtsp.Authentication;
using OrleansRecorder.Media.Rtsp.Descriptions;
using OrleansRecorder.Media.Rtsp.Messages;
using OrleansRecorder.Media.Sources;
using OrleansRecorder.Media.Tests.Rtsp;

namespace OrleansRecorder.Media.Tests.Fuzzing;

/// <summary>What a server may send, damaged: nothing throws, hangs, or takes more memory than its limits.</summary>
[Trait("Category", "Fuzzing")]
public sealed class RtspFuzzTests
{
    private static readonly byte[][] Conversations =
    [
        Bytes(Ok(1, "Public: OPTIONS, DESCRIBE, GET_PARAMETER") + Described() + Ok(3, SetUp(0)) + Ok(4, SetUp(2)) + Ok(5, "Session: 12;timeout=4\r\nRTP-Info: url=x;seq=1") + Packets()),
        Bytes(Ok(1, "") + Refused(2) + Described(3) + Interleaved.Frame(0, Interleaved.Rtp("early")) + Ok(4, SetUp(0)) + Ok(5, SetUp(2)) + Ok(6, "Range: npt=0-30") + Packets() + "TEARDOWN * RTSP/1.0\r\nCSeq: 4\r\n\r\n"),
        Bytes("RTSP/1.0 404 Not Found\nCSeq: 1\n\n" + Described() + "RTSP/1.0 461 Unsupported\nCSeq: 3\n\n"),
        Bytes(Ok(1, "") + "RTSP/1.0 302 Moved\r\nCSeq: 2\r\nLocation: rtsp://u:p@10.0.0.2/x\r\n\r\n"),
        Bytes("OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\nREDIRECT * RTSP/1.0\r\nLocation: /x\r\n\r\n"),
    ];

    private static readonly byte[][] Descriptions =
    [
        Bytes(ScriptedCamera.PlainSdp),
        Bytes("v=0\r\no=- 1001 1 IN \r\nc=IN\r\na=range:npt=0-12.5\r\na=range:clock=20260101T000000Z-20260101T000010Z\r\nm=video -1 RTP/AVP 35 96\r\na=framesize:96 1920-1080\r\na=x-dimensions:1,2\r\na=rtpmap:35 H264/90000 \r\na=fmtp:97 a=b;c\r\nm=audio 0 RTP/AVP (null)\r\na=sendonly\r\nm=audio 0 RTP/AVP 0 8 97\r\na=rtpmap:97 MPEG4-GENERIC/48000/2\r\n"),
    ];

    [Fact]
    public void Replies_and_packets() => Fuzzer.Run("rtsp", Conversations, data =>
    {
        var session = new Session();
        for (int at = 0, piece = 1 + (data.Length % 97); at < data.Length; at += piece) session.Receive(data.AsSpan(at, Math.Min(piece, data.Length - at)));
        session.Finish();
    });

    [Fact]
    public void Session_descriptions() => Fuzzer.Run("sdp", Descriptions, data =>
    {
        var description = SessionDescriptionReader.Read(data);
        Assert.True(description.Media.Count <= SessionDescription.MaxMedia);
        foreach (var media in description.Media.SelectMany(offer => offer.Formats))
        {
            Assert.True(media.ClockRate > 0 && media.Channels is >= 0 and <= 8 && media.PayloadType is >= 0 and <= 127);
            Assert.DoesNotContain(RtspUrls.Track("rtsp://h/p?q", media.Control), url => url.AsSpan().IndexOfAny(" \r\n") >= 0);
        }

        var (chosen, _) = TrackChoice.Choose(description, media => media.Encoding.Length > 2, all: true);
        _ = TrackChoice.SoundLeftOut(description, chosen);
    });

    [Fact]
    public void Interleaved_framing()
    {
        var frames = Bytes("RTSP/1.0 200 OK\r\n\r\n" + Packets() + Packets() + Interleaved.Frame(7, "x") + Packets());
        Fuzzer.Run("interleaved", [frames], data =>
        {
            var reader = new RtspReader { TakesFrames = true };
            reader.Expect(0);
            ReadOnlySpan<byte> rest = data;
            RtspItem item;
            do item = reader.Next(ref rest, out _);
            while (item is RtspItem.Frame or RtspItem.Message);
            Assert.True(item == RtspItem.Broken || rest.Length <= RtspDialogue.MaxRest);
        });
    }

    [Fact]
    public void Challenges_and_other_headers() => Fuzzer.Run("headers",
        [Bytes("Digest realm=\"a, b\", nonce=\"n\\\"\", algorithm=SHA-256, qop=\"auth,auth-int\", opaque=\"\", Basic realm=x"), Bytes("RTP/AVP/TCP;unicast;interleaved=0-1;ssrc=1;server_port=1-2"), Bytes("12;timeout=60"), Bytes("rtsp://u:p@h:1/p?q=1")],
        data =>
        {
            var text = WireText.FromWire(data);
            var reply = new RtspMessage { Status = 401 };
            reply.AddLine("WWW-Authenticate: " + text);
            var authenticator = new RtspAuthenticator("u", "p", () => "c");
            _ = authenticator.OnRefused(reply, null);
            _ = authenticator.Sign("PLAY", text);
            authenticator.OnAccepted(reply);
            _ = TransportHeader.Read(text, true, 0);
            _ = SessionHeader.Read(text);
            _ = PlayRange.Length(text);
            Assert.DoesNotContain('\n', RtspUrls.Resolve(text, "rtsp://h/p"));
        });

    private static string Ok(int number, string headers) => $"RTSP/1.0 200 OK\r\nCSeq: {number}\r\n{headers}{(headers.Length > 0 ? "\r\n" : "")}\r\n";

    private static string Described(int number = 2) => Ok(number, $"Content-Base: rtsp://10.0.0.1/live/\r\nContent-Length: {ScriptedCamera.PlainSdp.Length}") + ScriptedCamera.PlainSdp;

    private static string SetUp(int channel) => $"Session: 12;timeout=4\r\nTransport: RTP/AVP/TCP;unicast;interleaved={channel}-{channel + 1}";

    private static string Refused(int number) => $"RTSP/1.0 401 Unauthorized\r\nCSeq: {number}\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n\r\n";

    private static string Packets() => string.Concat(Enumerable.Range(0, 8).Select(i => Interleaved.Frame((byte)(i % 4), i % 2 == 0 ? Interleaved.Rtp(new string('p', i * 30)) : Interleaved.Rtcp(200))));

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>Our side, which hears bytes of nobody in particular.</summary>
    private sealed class Session : IRtspEvents, IRtspWire
    {
        private readonly RtspDialogue _dialogue;
        private readonly List<byte> _rest = [];
        private TimeSpan _now;
        private int _sent;

        public Session()
        {
            Assert.True(StreamUrl.TryParse("rtsp://u:p@10.0.0.1/live", out var url));
            var journey = new RtspJourney(new SourceRequest(url, TimeSpan.FromSeconds(45), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60)), this);
            journey.Begin(_now);
            _dialogue = journey.Converse(this);
            _dialogue.Start(_now);
        }

        public void Receive(ReadOnlySpan<byte> data)
        {
            _now += TimeSpan.FromMilliseconds(1);
            _rest.AddRange(data);
            var consumed = _dialogue.Receive(_rest.ToArray(), _now);
            _rest.RemoveRange(0, consumed);
            Assert.True(_rest.Count <= RtspDialogue.MaxRest && _sent < 1 << 20);
            _dialogue.Tick(_now, new MediaProgress(_now, true));
        }

        public void Finish()
        {
            _dialogue.Close(Ends.Stopped, _now);
            _dialogue.Tick(_now + TimeSpan.FromSeconds(2), default);
            Assert.True(_dialogue is { IsOver: true, Outcome: not null });
        }

        public void Send(ReadOnlySpan<byte> data) => _sent += data.Length;

        public (int Rtp, int Rtcp)? OpenUdp(int track) => (5000, 5001);

        public bool Supports(MediaDescription media) => media.Encoding.Length > 2;

        public void OnPrepared(IReadOnlyList<RtspTrack> tracks)
        {
        }

        public void OnPlaying(IReadOnlyList<RtspTrack> tracks)
        {
        }

        public void OnSoundLeftOut(LeftOutSound sound)
        {
        }

        public bool OnPacket(int track, bool isControl, ReadOnlySpan<byte> packet, TimeSpan now) => packet.Length != 77;
    }
}
