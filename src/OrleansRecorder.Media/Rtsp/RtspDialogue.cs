using OrleansRecorder.Captures;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Rtsp;

/// <summary>
/// One RTSP connection (RFC 2326) without its socket: bytes and time go in, bytes and packets come out. From OPTIONS to TEARDOWN it keeps its own deadlines,
/// by the time that is handed in. Nothing that a server sends makes it throw. One thread at a time.
/// </summary>
internal sealed class RtspDialogue
{
    internal RtspDialogue(SourceRequest request, IRtspEvents events, IRtspWire wire, Func<string>? clientNonce)
    {
    }

    /// <summary>How it ended; null while it goes on. The connection stays open for TEARDOWN until <see cref="IsOver"/>.</summary>
    public RtspOutcome? Outcome => throw new NotImplementedException();

    /// <summary>Everything is said: the connection is to be closed now, and <see cref="Outcome"/> is there.</summary>
    public bool IsOver => throw new NotImplementedException();

    /// <summary>PLAY was accepted, and the dialogue is not ending.</summary>
    public bool IsPlaying => throw new NotImplementedException();

    /// <summary>The connection is made: sends the first request.</summary>
    public void Start(TimeSpan now) => throw new NotImplementedException();

    /// <summary>
    /// Takes bytes of the connection; says how many are done with. The rest, less than <see cref="MaxRest"/>, is to be handed in again in front of the next
    /// ones. Allocates nothing for interleaved packets.
    /// </summary>
    public int Receive(ReadOnlySpan<byte> data, TimeSpan now) => throw new NotImplementedException();

    /// <summary>The most bytes that <see cref="Receive"/> leaves.</summary>
    public const int MaxRest = (64 << 10) + 16;

    /// <summary>Takes a UDP packet of a track, RTP and RTCP alike, while <see cref="IsPlaying"/>.</summary>
    public void OnDatagram(int track, ReadOnlySpan<byte> packet, TimeSpan now) => throw new NotImplementedException();

    /// <summary>The sender of a track said goodbye (RTCP BYE): when all have, the stream is over.</summary>
    public void OnBye(int track, TimeSpan now) => throw new NotImplementedException();

    /// <summary>Looks at the deadlines, and keeps the session alive. To be called every sweep.</summary>
    public void Tick(TimeSpan now, MediaProgress media) => throw new NotImplementedException();

    /// <summary>The other side closed or reset the connection.</summary>
    public void OnClosed(TimeSpan now) => throw new NotImplementedException();

    /// <summary>Ends it from our side with this end, unless it is ending already: TEARDOWN, and 1.5 s for its reply.</summary>
    public void Close(SourceEnd end, TimeSpan now) => throw new NotImplementedException();
}
