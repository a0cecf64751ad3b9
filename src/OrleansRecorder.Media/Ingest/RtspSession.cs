using System.Net;
using OrleansRecorder.Captures;
using OrleansRecorder.Media.Ingest.Connections;
using OrleansRecorder.Media.Rtsp;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Ingest;

/// <summary>
/// One source on its ingest thread, over as many connections as its <see cref="RtspJourney"/> takes: looks the name up, connects, and carries bytes and time to the
/// dialogue. What comes out of it goes to <see cref="RtspTracks"/>.
/// </summary>
internal sealed class RtspSession : IIngestSession, IRtspWire
{
    private static readonly TimeSpan LookUpPatience = TimeSpan.FromSeconds(5);

    // A camera that has not answered by now is not waiting for our next request.
    private static readonly TimeSpan Hurry = TimeSpan.FromSeconds(3);

    private readonly SourceRequest _request;
    private readonly IngestServices _services;
    private readonly CancellationToken _stop;
    private readonly TaskCompletionSource<SourceEnd> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RtspJourney _journey;
    private readonly SessionTracks _tracks;
    private readonly long _start;
    private readonly List<UdpPair?> _udp = [];
    private Task<IPAddress[]>? _lookUp;
    private IByteConnection? _connection;
    private RtspDialogue? _dialogue;
    private TimeSpan _began;
    private TimeSpan? _playingSince;
    private TimeSpan _now;
    private byte[] _rest = [];
    private int _restLength;
    private SweepPace _pace = new();
    private bool _toldClosed;
    private bool _isOver;

    public RtspSession(SourceRequest request, IngestServices services, IMediaSink sink, CancellationToken stop)
    {
        _request = request;
        _services = services;
        _stop = stop;
        _start = services.Time.GetTimestamp();
        _tracks = new SessionTracks(sink, services.Pool);
        _journey = new RtspJourney(request, _tracks);
        _journey.Begin(TimeSpan.Zero);
    }

    /// <summary>How it ended.</summary>
    public Task<SourceEnd> Completion => _completion.Task;

    /// <inheritdoc/>
    public bool IsStarting => _dialogue is not { IsPlaying: true } && _now - _began < Hurry;

    /// <inheritdoc/>
    public int Ticks => _pace.Ticks;

    /// <inheritdoc/>
    public bool Sweep(Span<byte> buffer)
    {
        _now = _services.Time.GetElapsedTime(_start);
        if (_dialogue is not null) Converse(_dialogue, buffer);
        else if (_stop.IsCancellationRequested) End(new SourceEnd(CaptureCause.Stopped, LocalizedText.Empty));
        else if (_connection is not null) Connect(_connection);
        else LookUp();
        return !_isOver;
    }

    /// <inheritdoc/>
    public void Abort(AbortReason end)
    {
        if (_isOver) return;
        var why = end == AbortReason.Defect ? IngestMessages.Defect : IngestMessages.ThreadLost;
        try
        {
            // TEARDOWN, as far as the socket takes it now: nobody waits for its reply.
            _dialogue?.Close(why, _now);
            _tracks.Disconnect();
        }
        catch (Exception)
        {
            // It was in the middle of something: what it held goes with it.
        }

        End(why);
    }

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> data) => _connection!.Send(data);

    /// <inheritdoc/>
    public (int Rtp, int Rtcp)? OpenUdp(int track)
    {
        if (UdpPair.Open(_connection!.Local.Address, _connection.Remote.Address) is not { } pair) return null;
        while (_udp.Count <= track) _udp.Add(null);
        _udp[track]?.Dispose();
        _udp[track] = pair;
        return (pair.Rtp.Port, pair.Rtcp.Port);
    }

    /// <summary>For logs: without credentials.</summary>
    public override string ToString() => _request.Url.WithoutCredentials;

    private void LookUp()
    {
        if (_lookUp is null)
        {
            _lookUp = _services.Hosts.Find(_journey.Target.Host);
            _began = _now;
        }

        if (_lookUp.IsCompleted)
        {
            var addresses = _lookUp.Result;
            _lookUp = null;
            if (addresses.Length == 0) GiveUp(CaptureCause.NameNotFound);
            else Begin(addresses);
        }
        else if (_now >= _journey.Deadline || _now - _began >= LookUpPatience)
        {
            GiveUp(CaptureCause.ConnectTimeout);
        }
    }

    private void Begin(IPAddress[] addresses)
    {
        var target = _journey.Target;
        var tcp = new TcpConnection(addresses, target.Port, _journey.Deadline - _now);
        _connection = target.IsTls ? new TlsConnection(tcp, target.Host, _request.AcceptsAnyCertificate) : tcp;
        Connect(_connection);
    }

    private void Connect(IByteConnection connection)
    {
        if (connection.Connect(_now))
        {
            _toldClosed = false;
            _restLength = 0;
            _dialogue = _journey.Converse(this);
            _tracks.Connect(_dialogue, this, connection.Remote.Address, _udp);
            _dialogue.Start(_now);
        }
        else if (connection.Failure is { } cause)
        {
            GiveUp(cause);
        }
        else if (_now >= _journey.Deadline)
        {
            GiveUp(CaptureCause.ConnectTimeout);
        }
    }

    private void GiveUp(CaptureCause cause) => Disconnect(_journey.OnUnreachable(cause, _now));

    private void Converse(RtspDialogue dialogue, Span<byte> buffer)
    {
        // Asked before the read and obeyed after it: what was sent by the stop waits in the kernel for up to four ticks, and belongs to the recording.
        var isStopped = _stop.IsCancellationRequested;
        Read(dialogue, buffer);
        if (dialogue.IsPlaying)
        {
            _playingSince ??= _now;
            ReadDatagrams(dialogue, buffer);
        }

        if (isStopped) dialogue.Close(new SourceEnd(CaptureCause.Stopped, LocalizedText.Empty), _now);
        _tracks.Tick(_now);
        dialogue.Tick(_now, _tracks.Progress);
        _connection!.Flush();
        if (dialogue.IsOver) Disconnect(dialogue.Outcome!);
    }

    // One read: what does not fit into the thread's buffer waits, so that no stream can keep the others waiting.
    private void Read(RtspDialogue dialogue, Span<byte> buffer)
    {
        _rest.AsSpan(0, _restLength).CopyTo(buffer);
        var count = _connection!.Receive(buffer[_restLength..]);
        _pace.Count(count, _now - _playingSince, mayWait: _udp.Count == 0);
        if (count > 0)
        {
            var have = _restLength + count;
            var done = dialogue.Receive(buffer[..have], _now);
            Keep(buffer[done..have]);
        }

        if (!_connection.IsClosed || _toldClosed) return;
        _toldClosed = true;
        dialogue.OnClosed(_now);
    }

    private void Keep(ReadOnlySpan<byte> rest)
    {
        if (rest.Length > _rest.Length) _rest = new byte[Math.Max(2048, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)rest.Length))];
        rest.CopyTo(_rest);
        _restLength = rest.Length;
    }

    private void ReadDatagrams(RtspDialogue dialogue, Span<byte> buffer)
    {
        for (var track = 0; track < _udp.Count; track++)
        {
            if (_udp[track] is not { } pair) continue;
            ReadDatagrams(dialogue, track, pair.Rtp, buffer);
            ReadDatagrams(dialogue, track, pair.Rtcp, buffer);
        }
    }

    private void ReadDatagrams(RtspDialogue dialogue, int track, UdpPort port, Span<byte> buffer)
    {
        Span<Datagram> datagrams = stackalloc Datagram[UdpPort.Batch];
        for (var left = MostBatches; left > 0; left--)
        {
            var count = port.Receive(buffer, datagrams);
            foreach (var datagram in datagrams[..count])
            {
                if (datagram.Length > 0) dialogue.OnDatagram(track, buffer.Slice(datagram.Offset, datagram.Length), _now);
            }

            if (count < UdpPort.Batch) return;
        }
    }

    // As much as over TCP, in datagrams that fit an Ethernet frame.
    private const int MostBatches = 48;

    private void Disconnect(RtspOutcome outcome)
    {
        _tracks.Disconnect();
        Release();
        if (!outcome.ConnectAgain) End(outcome.End);
        else if (_stop.IsCancellationRequested) End(new SourceEnd(CaptureCause.Stopped, LocalizedText.Empty));
        else LookUp();
    }

    private void Release()
    {
        _connection?.Dispose();
        _connection = null;
        _dialogue = null;
        _playingSince = null;
        _pace = new SweepPace();
        _lookUp = null;
        foreach (var pair in _udp) pair?.Dispose();
        _udp.Clear();
    }

    private void End(SourceEnd end)
    {
        _isOver = true;
        try
        {
            Release();
        }
        finally
        {
            _completion.TrySetResult(end);
        }
    }
}
