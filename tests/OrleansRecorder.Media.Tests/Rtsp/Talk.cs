using System.Text;
using OrleansRecorder.Captures;
using OrleansRecorder.Media.Rtsp;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Tests.Rtsp;

/// <summary>Our side of a conversation with a <see cref="ScriptedCamera"/>, over as many connections as it takes, with time that a test moves.</summary>
internal sealed class Talk : IRtspEvents
{
    private readonly ScriptedCamera _camera;
    private readonly Random? _pieces;
    private readonly int _largestPiece;
    private readonly Queue<SentRequest> _unanswered = new();
    private readonly List<byte> _rest = [];
    private Wire? _wire;
    private int _nonces;

    /// <param name="camera">The other side.</param>
    /// <param name="url">What to record.</param>
    /// <param name="seed">Bytes arrive in random pieces; 0: each in one piece.</param>
    /// <param name="largestPiece">Bytes.</param>
    /// <param name="connectionTimeout">Seconds from the look-up to the answer to PLAY.</param>
    public Talk(ScriptedCamera camera, string url = "rtsp://10.0.0.1/live", int seed = 0, int largestPiece = 40, int connectionTimeout = 45)
    {
        _camera = camera;
        _pieces = seed == 0 ? null : new Random(seed);
        _largestPiece = largestPiece;
        Assert.True(StreamUrl.TryParse(url, out var parsed));
        var request = new SourceRequest(parsed, TimeSpan.FromSeconds(connectionTimeout), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60));
        Journey = new RtspJourney(request, this, () => $"cnonce{++_nonces}");
        Journey.Begin(Now);
    }

    public RtspJourney Journey { get; }

    public RtspDialogue Dialogue { get; private set; } = null!;

    public TimeSpan Now { get; private set; } = TimeSpan.FromHours(1);

    public MediaProgress Media { get; set; }

    public List<SentRequest> Requests { get; } = [];

    public List<RtspTarget> Targets { get; } = [];

    public List<string> Packets { get; } = [];

    public List<RtspTrack> Tracks { get; private set; } = [];

    public LeftOutSound? SoundLeftOut { get; private set; }

    public int TimesPrepared { get; private set; }

    public bool WantsMore { get; set; } = true;

    public bool HasUdpPorts { get; set; } = true;

    public CaptureCause? Cause => Dialogue.Outcome?.End.Cause;

    public string Methods => string.Join(' ', Requests.Select(request => request.Method));

    public SentRequest Sent(string method) => Requests.Last(request => request.Method == method);

    /// <summary>Connects, and again as long as the dialogue wants to; ends when it plays, is over for good, or waits for something.</summary>
    public Talk Run()
    {
        do
        {
            Connect();
        }
        while (Dialogue is { IsOver: true, Outcome.ConnectAgain: true });

        return this;
    }

    /// <summary>Makes one connection.</summary>
    public void Connect()
    {
        Assert.True(Targets.Count < 50);
        Targets.Add(Journey.Target);
        _rest.Clear();
        _unanswered.Clear();
        _wire = new Wire(this, Targets.Count);
        Dialogue = Journey.Converse(_wire);
        Dialogue.Start(Now);
        Converse();
    }

    /// <summary>The server says something.</summary>
    public void Hear(string text)
    {
        Deliver(Encoding.Latin1.GetBytes(text));
        Converse();
    }

    /// <summary>The server sends an interleaved packet.</summary>
    public void HearPacket(byte channel, string payload) => Hear(Interleaved.Frame(channel, payload));

    /// <summary>The server closes the connection.</summary>
    public void HearClose() => Dialogue.OnClosed(Now);

    /// <summary>Time passes, with a look at the deadlines ten times a second; a new connection is made where one is wanted.</summary>
    public void Pass(double seconds, bool withMedia = false)
    {
        for (var end = Now + TimeSpan.FromSeconds(seconds); Now < end;)
        {
            Now += TimeSpan.FromSeconds(0.1);
            if (withMedia) Media = new MediaProgress(Now, true);
            Dialogue.Tick(Now, Media);
            Converse();
            if (Dialogue is { IsOver: true, Outcome.ConnectAgain: true }) Run();
        }
    }

    public bool Supports(MediaDescription media) => media.Encoding is "H264" or "H265" or "JPEG" or "PCMA" or "PCMU" or "MPEG4-GENERIC";

    public void OnPrepared(IReadOnlyList<RtspTrack> tracks) => TimesPrepared++;

    public void OnPlaying(IReadOnlyList<RtspTrack> tracks) => Tracks = [.. tracks];

    public void OnSoundLeftOut(LeftOutSound sound) => SoundLeftOut = sound;

    public bool OnPacket(int track, bool isControl, ReadOnlySpan<byte> packet, TimeSpan now)
    {
        Packets.Add($"{track}{(isControl ? " rtcp" : "")} {Encoding.Latin1.GetString(packet)}");
        return WantsMore;
    }

    private void Converse()
    {
        while (_unanswered.TryDequeue(out var request))
        {
            if (Dialogue.IsOver) return;
            var answer = _camera.Answer(request);
            if (answer == ScriptedCamera.Silence) continue;
            if (answer == ScriptedCamera.HangUp)
            {
                Dialogue.OnClosed(Now);
                return;
            }

            var hangsUp = answer.StartsWith(ScriptedCamera.ThenHangUp, StringComparison.Ordinal);
            Deliver(Encoding.Latin1.GetBytes(hangsUp ? answer[ScriptedCamera.ThenHangUp.Length..] : answer));
            if (!hangsUp) continue;
            Dialogue.OnClosed(Now);
            return;
        }
    }

    private void Deliver(byte[] data)
    {
        for (var at = 0; at < data.Length && !Dialogue.IsOver;)
        {
            var length = _pieces is null ? data.Length : Math.Min(_pieces.Next(1, _largestPiece + 1), data.Length - at);
            _rest.AddRange(data.AsSpan(at, length));
            at += length;
            var consumed = Dialogue.Receive(_rest.ToArray(), Now);
            _rest.RemoveRange(0, consumed);
            Assert.True(_rest.Count <= RtspDialogue.MaxRest);
        }
    }

    private sealed class Wire(Talk talk, int connection) : IRtspWire
    {
        private readonly StringBuilder _sent = new();

        public void Send(ReadOnlySpan<byte> data)
        {
            if (connection != talk.Targets.Count) return;
            _sent.Append(Encoding.Latin1.GetString(data));
            foreach (var request in SentRequest.Split(connection, _sent).ToList())
            {
                talk.Requests.Add(request);
                if (!request.Line.StartsWith("RTSP/", StringComparison.Ordinal)) talk._unanswered.Enqueue(request);
            }
        }

        public (int Rtp, int Rtcp)? OpenUdp(int track) => talk.HasUdpPorts ? (50000 + (track * 2), 50001 + (track * 2)) : null;
    }
}
