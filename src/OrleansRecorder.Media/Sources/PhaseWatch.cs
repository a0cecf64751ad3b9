using OrleansRecorder.Captures;

namespace OrleansRecorder.Media.Sources;

/// <summary>
/// The deadlines of one connection, by wall clock: FFmpeg's own are per read, so that a camera which dribbles, or sends only RTCP, never meets one.
/// </summary>
internal sealed class PhaseWatch(SourceRequest request, TimeProvider time, CancellationToken stop)
{
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(1);
    private readonly long _start = time.GetTimestamp();
    private Phase _phase = Phase.Connecting;
    private TimeSpan _deadline = request.ConnectionTimeout;
    private TimeSpan _keyFrameDeadline = TimeSpan.MaxValue;

    private enum Phase
    {
        Connecting,
        AwaitingMedia,
        Streaming,
        Closing,
    }

    /// <summary>Which deadline ran out, or null. Stays when it is set.</summary>
    public CaptureCause? Expired { get; private set; }

    /// <summary>Whether any picture has come.</summary>
    public bool HasMedia => _phase == Phase.Streaming;

    /// <summary>Whether to give up now: asked from inside FFmpeg's calls.</summary>
    public bool MustEnd()
    {
        if (_phase == Phase.Closing) return time.GetElapsedTime(_start) > _deadline;
        if (stop.IsCancellationRequested) return true;
        Expired ??= Check();
        return Expired is not null;
    }

    /// <summary>PLAY was accepted.</summary>
    public void OnConnected()
    {
        var now = time.GetElapsedTime(_start);
        _phase = Phase.AwaitingMedia;
        _deadline = now + request.ReadTimeout;
        _keyFrameDeadline = now + request.KeyFrameTimeout;
    }

    /// <summary>A packet of the recorded picture came.</summary>
    public void OnPicture(bool isKey)
    {
        _phase = Phase.Streaming;
        _deadline = time.GetElapsedTime(_start) + request.ReadTimeout;
        if (isKey) _keyFrameDeadline = TimeSpan.MaxValue;
    }

    /// <summary>The connection is being taken down: a little time for that, whatever happened before.</summary>
    public void OnClosing()
    {
        _phase = Phase.Closing;
        _deadline = time.GetElapsedTime(_start) + CloseLimit;
    }

    private CaptureCause? Check()
    {
        var now = time.GetElapsedTime(_start);
        if (now > _deadline)
        {
            return _phase switch
            {
                Phase.Connecting => CaptureCause.ConnectTimeout,
                Phase.AwaitingMedia => CaptureCause.NoMedia,
                _ => CaptureCause.Stalled,
            };
        }

        return now > _keyFrameDeadline ? CaptureCause.NoKeyFrame : null;
    }
}
