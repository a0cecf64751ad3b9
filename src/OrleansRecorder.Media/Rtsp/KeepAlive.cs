using OrleansRecorder.Media.Rtsp.Messages;

namespace OrleansRecorder.Media.Rtsp;

/// <summary>When and how a session is kept alive. Never waits for a reply, and nothing that a reply says ends the session.</summary>
internal sealed class KeepAlive
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(2);
    private TimeSpan _due = TimeSpan.MaxValue;
    private bool _hasGetParameter;
    private bool _refusesGetParameter;

    /// <summary>Half of the server's patience, from 2 to 30 s; that of 60 s, which RFC 2326 (12.37) supposes, until it says one.</summary>
    public TimeSpan Interval { get; private set; } = Longest;

    /// <summary>GET_PARAMETER where the server knows it, else OPTIONS.</summary>
    public string Method => _hasGetParameter && !_refusesGetParameter ? "GET_PARAMETER" : "OPTIONS";

    /// <summary>Takes in what a reply says of methods and of the session's timeout.</summary>
    public void Learn(RtspMessage reply)
    {
        if (reply.Header("Public") is { } methods)
        {
            _hasGetParameter = methods.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).Contains("GET_PARAMETER", StringComparer.OrdinalIgnoreCase);
        }

        // Many say it in the reply to SETUP only: what comes without it later takes nothing back.
        if (SessionHeader.Read(reply.Header("Session")) is not { Timeout: { } timeout }) return;
        var half = timeout / 2;
        Interval = half > Longest ? Longest : half < Shortest ? Shortest : half;
    }

    /// <summary>The server does not know GET_PARAMETER after all, whatever its list of methods goes on to say.</summary>
    public void OnNotImplemented() => _refusesGetParameter = true;

    /// <summary>The session plays from now on.</summary>
    public void Start(TimeSpan now) => _due = now + Interval;

    /// <summary>Whether to send one now; then the next is due an interval later.</summary>
    public bool IsDue(TimeSpan now)
    {
        if (now < _due) return false;
        _due = now + Interval;
        return true;
    }
}
